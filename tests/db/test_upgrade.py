"""A database that the version before wrote keeps working: its sessions, an undo, a job in flight. It is Wednesday."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db import migrate
from schediora.db.base import new_id
from schediora.db.database import Database
from schediora.models.ai import Job
from schediora.models.planner import Plan, Session, SessionUnit
from schediora.models.syllabus import UnitMemoryRow
from schediora.models.users import User
from tests.client import FrozenClock, Student
from tests.planner.book import append, make_plan, ok, tick, week
from tests.planner.generated import memories, replayed
from tests.planner.replanning import UNDO, apply, preview

BEFORE = "0004"
SCRIPTS = Path(__file__).parents[2] / "migrations"
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)

MATCHED = {
    ("Biology", "Photosynthesis: learn about the light reactions"): ("biology.photosynthesis", "Photosynthesis"),
    ("Biologi", "FOTOSINTESIS  (bagian 1 dari 2)"): ("biology.photosynthesis", "Fotosintesis"),
    ("UTS Biologi kelas 11", "Pembelahan sel: uji diri"): ("biology.division", "Pembelahan sel"),
    ("Calculus", "Integrals: a timed mock"): ("math.integrals", "Integrals"),
    ("Physics and Chemistry", "Gases"): ("chemistry.gases", "Gases"),
    ("math", "Vectors and coordinate geometry, again"): ("math.vectors", "Vectors and coordinate geometry"),
}
UNMATCHED = [
    ("Biology", "Photosynthesise at home"),
    ("Biology", "Read about Photosynthesis"),
    ("Biology", "Integrals: learn about area"),
    ("Korean drama", "Photosynthesis: learn about light"),
    ("Biologybook", "Photosynthesis"),
    ("😀" * 120, "Cell division"),
    ("Biology", " "),
]


@pytest.fixture
def back_and_forth(database_url: str, database: Database) -> Callable[[Callable[[], object]], None]:
    """Takes the database back to the schema before, lets it be written there, and upgrades it."""

    def _travel(write: Callable[[], object]) -> None:
        database.close()
        _downgrade(database_url)
        write()
        database.close()
        assert migrate.upgrade(database_url).current == BEFORE
        # A server of the new version starts after that, and has kept no answers.
        User.update(planner_revision=User.planner_revision + 1).execute()

    return _travel


def _downgrade(url: str) -> None:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    engine.dispose()


def _old_session(plan: Plan, topic: str, title: str, **fields: Any) -> dict[str, Any]:
    usual = {"detail": "", "duration_minutes": 45, "status": "pending", "kind": None}
    dated = {"scheduled_at": NOW, "scheduled_on": NOW.date(), "completed_at": None, "completed_on": None}
    owned = {"id": new_id(), "user": plan.__data__["user"], "plan": plan, "created_at": NOW}
    return owned | {"title": title, "topic": topic} | usual | dated | fields


def _done(days_ago: int) -> dict[str, Any]:
    at = NOW - timedelta(days=days_ago)
    return {"status": "done", "completed_at": at, "completed_on": at.date()}


def _old_plan(student: Student) -> Plan:
    monday = date(2026, 3, 2)
    return Plan.create(user=student.id, title="Plan", topic="Biology", source="ai", week_start=monday, created_at=NOW)


def test_old_sessions_are_matched_once_by_their_titles(student: Student, back_and_forth: Any) -> None:
    def write() -> None:
        plan = _old_plan(student)
        rows = [_old_session(plan, topic, title) for topic, title in [*MATCHED, *UNMATCHED]]
        Session.insert_many(rows).execute()

    back_and_forth(write)
    found = {(row.topic, row.title): row.units for row in Session.select()}
    wanted: dict[tuple[str, str], Any] = {
        which: [{"key": key, "title": title}] for which, (key, title) in MATCHED.items()
    }
    assert found == wanted | dict.fromkeys(UNMATCHED)
    in_table = {(row.session.title, row.unit) for row in SessionUnit.select(SessionUnit, Session).join(Session)}
    assert in_table == {(title, key) for (_, title), (key, _) in MATCHED.items()}
    assert UnitMemoryRow.select().count() == 0
    assert len(week(student)) == len(MATCHED) + len(UNMATCHED)


def test_what_is_remembered_of_them_is_what_a_replay_says(student: Student, back_and_forth: Any) -> None:
    def write() -> None:
        plan = _old_plan(student)
        history = [
            ("Photosynthesis: learn about it", "learn", 20),
            ("Photosynthesis: quiz yourself", "recall", 12),
            ("Photosynthesis, by hand", None, 12),
            ("Cell division: practise", "practice", 9),
            ("Ecology and ecosystems: a mock", "mock", 3),
        ]
        rows = [_old_session(plan, "Biology", title, kind=kind, **_done(ago)) for title, kind, ago in history]
        rows += [_old_session(plan, "Biology", f"Cell division {number}", kind="learn") for number in range(1500)]
        for start in range(0, len(rows), 500):
            Session.insert_many(rows[start : start + 500]).execute()

    back_and_forth(write)
    assert memories(student.id) == replayed(student.id)
    learned = {key: memory.learned_on for key, memory in memories(student.id).items()}
    assert learned == {"biology.photosynthesis": date(2026, 2, 12), "biology.division": None}
    assert SessionUnit.select().count() == 1505
    (session,) = Session.select().where(Session.title == "Photosynthesis, by hand")
    ok(student.patch(f"/sessions/{session.id}", {"rating": "again"}))
    assert memories(student.id) == replayed(student.id)


def test_an_undo_and_a_job_in_flight_survive(
    student: Student, back_and_forth: Any, database: Database, clock: FrozenClock
) -> None:
    job_id = ok(student.post("/ai/plans/generate", {"goal": "Semester exam", "topic": "Biology"}), 202)["job_id"]
    make_plan(student, title="Photosynthesis: missed", scheduled_at="2026-03-02T10:00:00Z")
    tick(student, append(student, title="Cell division: done", scheduled_at="2026-03-02T12:00:00Z"))
    before = week(student)
    apply(student, preview(student)["revision"])
    moved = week(student)
    assert moved != before

    back_and_forth(lambda: None)
    assert [{**session, "units": []} for session in week(student)] == moved
    assert all(session["units"] for session in week(student))
    ok(student.post(UNDO))
    assert [{**session, "units": []} for session in week(student)] == before
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    Runner(database, author, default_timezone="UTC", clock=clock).run(UUID(job_id))
    assert ok(student.get(f"/ai/jobs/{job_id}"))["status"] == "completed"


def test_a_plan_that_went_to_the_next_week_is_still_one_of_both(
    student: Student, register: Callable[..., Student], back_and_forth: Any, clock: FrozenClock
) -> None:
    """Late on a Sunday in London it is Monday in Jakarta, where the plan is for the week that has begun."""
    evening, monday = datetime(2026, 3, 8, 21, 30, tzinfo=UTC), date(2026, 3, 9)
    far, early, by_hand = register(timezone="Asia/Jakarta"), register(), register()
    clock.set(evening)

    def write() -> None:
        for each, source, week_start in (
            (student, "ai", monday),
            (far, "ai", monday),
            (early, "ai", monday - timedelta(days=7)),
            (by_hand, "manual", monday),
        ):
            owned = {"user": each.id, "topic": "Biology", "week_start": week_start, "created_at": evening}
            plan = Plan.create(title="Plan", source=source, **owned)
            at = {"scheduled_at": evening + timedelta(days=2), "scheduled_on": date(2026, 3, 10)}
            Session.insert(_old_session(plan, "Biology", "Cells", user=each.id, **at)).execute()
            if source == "ai":
                Job.create(goal="Pass", status="completed", plan=plan, updated_at=evening, **owned)

    back_and_forth(write)
    moved = {(row.__data__["user"], row.asked_for) for row in Plan.select().where(Plan.asked_for.is_null(False))}
    assert moved == {(UUID(student.id), monday - timedelta(days=7))}
    jobs = {(row.user_id, row.asked_for) for row in Job.select().where(Job.asked_for.is_null(False))}
    assert jobs == moved
    assert [len(week(each)) for each in (student, far, early, by_hand)] == [1, 1, 1, 0]
    asked = [each.get("/ai/plans/status/weekly").json["reason"] for each in (student, far, early, by_hand)]
    assert asked == ["weekly_plan_exists"] * 3 + [None]


def test_code_from_before_can_work_with_what_ratings_leave(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    ok(student.patch(f"/sessions/{session['id']}", {"status": "done", "rating": "hard"}))
    Session.update(status="pending", completed_at=None, completed_on=None).execute()
    assert week(student)[0]["rating"] is None
