"""Ticking a session off reads the sessions of its unit, however long the student's history is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schediora.db.base import new_id
from schediora.db.database import Database
from schediora.models.planner import Plan, Session, SessionUnit
from tests.client import Student
from tests.planner.book import ok, tick, week
from tests.planner.generated import CELLS, memories, plan_of, replayed
from tests.reads import Ran, noted, rows_touched

UNITS = 100
SESSIONS = 5_000
DETAIL = "Explain each organelle in your own words. " * 20
"""As long as details get: of a small table Postgres would rather read all, which is no cost."""
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def ran(database: Database, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The reads of plans and sessions since the test began, with their values."""
    return noted(database, monkeypatch)


def long_history(student: Student) -> None:
    """Store thousands of done sessions, spread evenly over many units, one of them that of the cells."""
    keys = [CELLS[0], *(f"own.{number:012x}" for number in range(UNITS - 1))]
    last = NOON.date() - timedelta(days=20)
    plan = Plan.create(user=student.id, title="Past", topic="Biology", source="ai", week_start=last, created_at=NOON)
    rows: list[dict[str, Any]] = []
    for number in range(SESSIONS):
        at = NOON - timedelta(hours=5 * number)
        done = {"status": "done", "scheduled_at": at, "scheduled_on": at.date()}
        told = {"title": "Past", "topic": "Biology", "detail": DETAIL, "duration_minutes": 30, "created_at": at}
        about = {"units": [{"key": keys[number % UNITS], "title": "Unit"}], "kind": "learn"}
        ticked = {"completed_at": at, "completed_on": at.date()}
        rows.append({"id": new_id(), "user": student.id, "plan": plan, **told, **done, **about, **ticked})
    for start in range(0, SESSIONS, 500):
        page = rows[start : start + 500]
        Session.insert_many(page).execute()
        SessionUnit.insert_many(
            [{"user": student.id, "session": row["id"], "unit": row["units"][0]["key"]} for row in page]
        ).execute()


def test_a_tick_costs_the_sessions_of_its_unit(student: Student, database: Database, ran: Ran) -> None:
    long_history(student)
    plan_of(UUID(student.id), {"units": (CELLS,), "title": "Today"})
    today = next(session for session in week(student) if session["title"] == "Today")
    database.execute_sql("ANALYZE")
    ran.clear()
    tick(student, today)
    assert len(ran) == 2
    assert rows_touched(database, ran) <= 2 * (SESSIONS // UNITS + 1) + 2
    assert memories(student.id)[CELLS[0]] == replayed(student.id)[CELLS[0]]
    ran.clear()
    ok(student.patch(f"/sessions/{today['id']}", {"title": "Other words"}))
    assert len(ran) == 1
