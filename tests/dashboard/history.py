"""A past for a student: sessions that were completed on given days, stored as the planner stores them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from schediora.db.base import new_id
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from tests.client import Student

_ROWS_AT_ONCE = 500


def complete(
    student: Student, *days: date, topic: str = "Biology", minutes: int = 30, actual: int | None = None
) -> None:
    """Store a completed session for each of `days` (name a day twice for two)."""
    store(student, ({"day": day, "topic": topic, "minutes": minutes, "actual": actual} for day in days))


def store(
    student: Student, entries: Iterable[dict[str, Any]], *, plan: str | None = None, series: UUID | None = None
) -> None:
    """Store completed sessions, all in one plan (of long ago unless it is given) and one series, or in none."""
    plan = plan or _plan_of_long_ago(student)
    rows = [
        {
            "id": new_id(),
            "user": student.id,
            "plan": plan,
            "title": "Past session",
            "topic": entry["topic"],
            "duration_minutes": entry["minutes"],
            "actual_minutes": entry.get("actual"),
            "status": "done",
            "scheduled_at": _noon(entry["day"]),
            "scheduled_on": entry["day"],
            "completed_at": _noon(entry["day"]),
            "completed_on": entry["day"],
            "series_id": series,
            "created_at": _noon(entry["day"]),
        }
        for entry in entries
    ]
    with Session.transaction():
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            Session.insert_many(rows[first : first + _ROWS_AT_ONCE]).execute()
        # What nobody counted down, as an older version's additions or a restored table would not be.
        changed = {"room_for_sessions": None, "planner_revision": User.planner_revision + 1}
        User.update(changed).where(User.id == student.id).execute()


def _plan_of_long_ago(student: Student) -> str:
    monday = date(2010, 1, 4)
    plan = Plan.create(
        user=student.id, title="Past", topic="Past", source="manual", week_start=monday, created_at=_noon(monday)
    )
    return str(plan.id)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
