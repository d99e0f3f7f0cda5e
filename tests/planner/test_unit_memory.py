"""What is remembered of a unit follows from its sessions, whatever happens to them. It is Wednesday 2026-03-04."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schediora.db.base import new_id
from schediora.db.database import Database
from schediora.http.caller import Caller
from schediora.models.planner import Session, SessionUnit
from schediora.models.syllabus import UnitMemoryRow
from schediora.models.users import User
from schediora.planner import service
from schediora.planner.schemas import SessionUpdate
from schediora.planner.unit_memory import remember_everything
from tests.client import FrozenClock, Student
from tests.planner.book import change, move_to, ok, refused, tick, travel, week
from tests.planner.generated import CELLS, DNA, NOW, memories, plan_of, replayed


def test_completing_undoing_rating_and_deleting_keep_the_memory_true(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)}, {"units": (CELLS,), "kind": "recall"}, {"units": (DNA,)})
    lesson, recall, other = week(student)
    assert lesson["units"] == [{"key": CELLS[0], "title": CELLS[1]}]
    assert memories(student.id) == {}
    tick(student, lesson)
    assert memories(student.id)[CELLS[0]].learned_on == date(2026, 3, 4)
    assert list(memories(student.id)) == [CELLS[0]]
    good = memories(student.id)
    assert change(student, lesson, rating="easy")["rating"] == "easy"
    assert memories(student.id)[CELLS[0]].due_on > good[CELLS[0]].due_on
    assert change(student, lesson, status="in_progress")["rating"] is None
    assert memories(student.id) == {}
    assert change(student, recall, status="done", rating="hard")["rating"] == "hard"
    tick(student, other)
    assert memories(student.id) == replayed(student.id)
    assert memories(student.id)[CELLS[0]].learned_on is None
    ok(student.delete(f"/sessions/{recall['id']}"), 204)
    assert list(memories(student.id)) == [DNA[0]]
    ok(student.delete(f"/plans/{other['plan_id']}"), 204)
    assert memories(student.id) == {}
    assert SessionUnit.select().count() == 0


def test_a_rating_is_for_what_is_done(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)})
    (session,) = week(student)
    path = f"/sessions/{session['id']}"
    for fields in ({"rating": "good"}, {"rating": "good", "status": "in_progress"}):
        problem = refused(student.patch(path, fields), 422, "validation_failed")
        assert problem["errors"][0]["pointer"] == "/rating"
        assert "say that it is done" in problem["detail"]
    assert week(student) == [session]
    assert change(student, session, rating=None) == session
    assert change(student, session, status="done", rating="again")["rating"] == "again"
    assert tick(student, session)["rating"] == "again"
    refused(
        student.patch(f"/sessions/{session['id']}", {"rating": "good", "status": "pending"}), 422, "validation_failed"
    )
    assert change(student, session, rating=None)["rating"] is None
    refused(student.patch(path, {"rating": "great"}), 422, "validation_failed")


def test_a_rating_left_by_code_from_before_means_nothing(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)})
    (session,) = week(student)
    Session.update(rating="again").where(Session.id == session["id"]).execute()
    assert week(student)[0]["rating"] is None
    assert tick(student, session)["rating"] is None
    assert memories(student.id)[CELLS[0]].last_rating == "good"


def test_a_mock_and_a_session_of_several_units_count_only_when_rated(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (CELLS, DNA), "kind": "recall"}, {"units": (CELLS,), "kind": "mock"})
    several, mock = week(student)
    tick(student, several)
    tick(student, mock)
    assert memories(student.id) == {}
    change(student, several, rating="good")
    assert {key: memory.learned_on for key, memory in memories(student.id).items()} == {CELLS[0]: None, DNA[0]: None}


def test_the_day_that_counts_is_the_students(student: Student, clock: FrozenClock) -> None:
    move_to(student, "Pacific/Kiritimati")
    travel(student, clock, "2026-03-04T11:00:00+00:00")
    plan_of(UUID(student.id), {"units": (CELLS,)})
    (session,) = week(student)
    tick(student, session)
    assert memories(student.id)[CELLS[0]].last_on == date(2026, 3, 5)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from(["done", "done", "pending", "again", "hard", "easy", None, "delete", "redate", "delete_plan"]),
        st.integers(0, 40),
    ),
    max_size=25,
)
LIVES = st.lists(
    st.tuples(
        st.sampled_from(["learn", "practice", "recall", "mock", None]),
        st.sampled_from([(), (CELLS,), (DNA,), (CELLS, DNA)]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LIVES, STEPS)
def test_the_rows_are_the_replay_whatever_happens(
    database: Database, life: list[tuple[Any, Any]], steps: list[tuple[int, str | None, int]]
) -> None:
    user = User.create(email=f"{new_id()}@example.com", password_hash="none", created_at=NOW)
    caller = Caller(user.id, ZoneInfo("UTC"))
    sessions: list[UUID] = []
    for half in (life[::2], life[1::2]):
        plan = plan_of(caller.user_id, *({"kind": kind, "units": units} for kind, units in half))
        sessions += [row.id for row in Session.select().where(Session.plan == plan)]
    for which, what, days in steps:
        session = Session.get_or_none(Session.id == sessions[which % len(sessions)])
        if session is None:
            continue
        live(caller, session, what, NOW + timedelta(days=days))
        assert memories(caller.user_id) == replayed(caller.user_id)
    kept = memories(caller.user_id)
    UnitMemoryRow.update(stability=1.0).where(UnitMemoryRow.user == caller.user_id).execute()
    of_nothing = {"unit": "gone", "stability": 1.0, "difficulty": 1.0, "last_rating": "good"}
    UnitMemoryRow.create(user=user, last_on=NOW.date(), due_on=NOW.date(), **of_nothing)
    remember_everything()
    assert memories(caller.user_id) == kept


def live(caller: Caller, session: Any, what: str | None, now: datetime) -> None:
    """Let one thing happen to a session."""
    if what == "delete":
        service.delete_session(caller, session.id, now=now)
    elif what == "delete_plan":
        service.delete_plan(caller, session.plan_id, now=now)
    else:
        fields = {"rating": what}
        if what == "redate":
            fields = {"scheduled_at": now.isoformat()}
        elif what in ("done", "pending"):
            fields = {"status": what}
        elif session.status != "done":
            fields = {"rating": what, "status": "done"}
        service.update_session(caller, session.id, SessionUpdate.model_validate_json(json.dumps(fields)), now=now)


def test_a_command_counts_the_rows_that_it_made(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)}, {"units": (DNA,)})
    for session in week(student):
        tick(student, session)
    UnitMemoryRow.delete().execute()
    assert remember_everything() == 2
    assert memories(student.id) == replayed(student.id)
