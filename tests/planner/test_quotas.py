"""How much a planner holds: 500 sessions a local week, 20,000 sessions, 2,000 plans. It is Wednesday 2026-03-04."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from falcon.testing import Result

from schediora.db.base import new_id
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from schediora.planner import quotas
from schediora.planner.errors import QuotaExceeded
from tests.by_hand import count_up
from tests.client import FrozenClock, Student
from tests.dashboard.history import store
from tests.planner.book import SESSION, append, change, make_plan, ok, refused, tick, week
from tests.planner.replanning import REPLAN, UNDO, apply, preview

TODAY = date(2026, 3, 4)
APPEND = "/plans/current/sessions"
GENERATE = "/ai/plans/generate"
WISH = {"goal": "Pass the exam", "topic": "Biology"}


def fill(student: Student, count: int, day: date = TODAY, plan: str | None = None) -> None:
    """Store `count` sessions on a local day."""
    store(student, ({"day": day, "topic": "A", "minutes": 15} for _ in range(count)), plan=plan)


def fill_plans(student: Student, count: int) -> None:
    """Store `count` plans of long ago."""
    base = {"user": student.id, "title": "Old", "topic": "Old", "source": "manual", "week_start": date(2010, 1, 4)}
    made_at = Session.created_at.python_value("2010-01-04T12:00:00.000000Z")
    with Plan.transaction():
        for _ in range(0, count, 500):
            Plan.insert_many([{"id": new_id(), "created_at": made_at, **base} for _ in range(500)]).execute()
        count_up()


def told(answer: Result, number: str) -> None:
    """Assert that a call was refused for a quota, in a sentence that names it."""
    assert number in refused(answer, 409, "quota_exceeded")["detail"]


def at(day: date) -> str:
    return f"{day}T20:00:00Z"


def test_the_quotas_are_those_of_the_contract() -> None:
    assert (quotas.SESSIONS_A_WEEK, quotas.SESSIONS, quotas.PLANS) == (500, 20_000, 2_000)


def test_a_week_holds_500_sessions(student: Student) -> None:
    make_plan(student)
    fill(student, 498)
    append(student, scheduled_at=at(date(2026, 3, 8)))
    for path in ("/plans", APPEND):
        told(student.post(path, SESSION | {"scheduled_at": at(date(2026, 3, 8))}), "500")
        told(student.post(path, SESSION), "500")
    append(student, scheduled_at=at(date(2026, 3, 9)))
    append(student, scheduled_at=at(date(2026, 3, 1)))


def test_a_week_is_the_students_own(register: Callable[..., Student]) -> None:
    student = register(timezone="Asia/Jakarta")
    make_plan(student)
    fill(student, 499)
    told(student.post(APPEND, SESSION | {"scheduled_at": "2026-03-01T17:00:00Z"}), "500")
    append(student, scheduled_at="2026-03-01T16:59:00Z")


def test_no_session_moves_into_a_full_week_but_within_it_and_out_of_it(student: Student) -> None:
    make_plan(student)
    fill(student, 499)
    later = append(student, scheduled_at=at(date(2026, 3, 10)))
    told(student.patch(f"/sessions/{later['id']}", {"scheduled_at": at(TODAY), "title": "Changed"}), "500")
    assert change(student, later, scheduled_at=at(date(2026, 3, 11)), duration_minutes=30)["title"] != "Changed"
    own = next(session for session in week(student) if session["title"] != "Past session")
    assert change(student, own, scheduled_at=at(date(2026, 3, 6)))["scheduled_on"] == "2026-03-06"
    tick(student, own)
    change(student, own, scheduled_at=at(date(2026, 3, 12)))
    assert change(student, later, scheduled_at=at(TODAY))["scheduled_on"] == "2026-03-04"


def test_more_than_a_full_week_from_before_there_were_quotas_can_still_be_worked_through(student: Student) -> None:
    make_plan(student)
    fill(student, 600)
    own = ok(student.get("/sessions?limit=1"))[0]
    change(student, own, scheduled_at=at(date(2026, 3, 5)))
    tick(student, own)
    told(student.post(APPEND, SESSION), "500")
    assert student.delete(f"/sessions/{own['id']}").status_code == 204


def test_a_planner_holds_20000_sessions(student: Student) -> None:
    make_plan(student)
    for weeks in range(1, 41):
        fill(student, 500 if weeks > 1 else 498, TODAY - timedelta(weeks=weeks))
    last = append(student)
    told(student.post("/plans", SESSION), "20,000")
    told(student.post(APPEND, SESSION), "20,000")
    assert ok(student.get("/ai/plans/status/weekly"))["reason"] == "weekly_plan_exists"
    student.delete(f"/sessions/{last['id']}")
    append(student)


def test_the_room_that_is_known_is_at_most_the_room_that_there_is(student: Student) -> None:
    def known() -> int | None:
        room: int | None = User.get_by_id(UUID(student.id)).room_for_sessions
        return room

    assert known() is None
    make_plan(student)
    append(student, repeat={"every": "day", "until": "2026-03-13"})
    assert known() == quotas.SESSIONS - Session.select().count()
    last = append(student)
    refused(student.post(APPEND, {**SESSION, "unit": "nothing.of.the.kind"}), 422, "validation_failed")
    assert student.delete(f"/sessions/{last['id']}").status_code == 204
    assert known() == quotas.SESSIONS - Session.select().count() - 1
    User.update(room_for_sessions=0).execute()
    append(student)
    assert known() == quotas.SESSIONS - Session.select().count()


def test_a_planner_holds_2000_plans(student: Student) -> None:
    fill_plans(student, 2_000)
    told(student.post("/plans", SESSION), "2,000")
    status = ok(student.get("/ai/plans/status/weekly"))
    assert (status["can_generate"], status["reason"]) == (False, "quota_exceeded")
    told(student.post(GENERATE, WISH), "2,000")
    assert student.delete(f"/plans/{Plan.select().first().id}").status_code == 204
    assert ok(student.get("/ai/plans/status/weekly"))["can_generate"] is True
    make_plan(student)


def test_replanning_brings_no_more_into_a_week_than_it_holds(student: Student) -> None:
    make_plan(student)
    tick(student, week(student)[0])
    fill(student, 497)
    for hour in (10, 12, 14):
        append(student, title=f"Missed at {hour}", scheduled_at=f"2026-02-25T{hour}:00:00Z")
    shown = preview(student)
    assert sorted(entry["title"] for entry in shown["moved"]) == ["Missed at 10", "Missed at 12"]
    (left,) = shown["impossible"]
    assert (left["title"], left["reason"]["code"]) == ("Missed at 14", "week_full")
    assert left["reason"]["text"].endswith(" Delete some of them, then replan.")
    assert "500" in left["reason"]["text"]
    apply(student, shown["revision"])
    told(student.post(APPEND, SESSION), "500")
    ok(student.post(UNDO))
    append(student)


def test_a_full_week_is_replanned_within_itself(student: Student) -> None:
    plan = make_plan(student, scheduled_at="2026-03-02T10:00:00Z")
    fill(student, 499, date(2026, 3, 2), plan["id"])
    assert [entry["title"] for entry in ok(student.post(REPLAN))["moved"]] == [SESSION["title"]]


@pytest.mark.parametrize("room", [0, 1])
def test_the_last_place_is_taken_once(student: Student, room: int, clock: FrozenClock) -> None:
    make_plan(student)
    fill(student, 499 - room)
    user = User.get_by_id(UUID(student.id))
    with pytest.raises(QuotaExceeded):
        quotas.take_room_for_sessions(user, [TODAY] * (room + 1))
    quotas.take_room_for_sessions(user, [TODAY] * room)
