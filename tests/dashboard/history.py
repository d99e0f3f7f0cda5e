"""A past for a student: sessions that were completed on given days, stored as the planner stores them."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from schediora.db.base import bound, new_id
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from tests.client import Student


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
    usual = {"user": student.id, "plan": plan, "title": "Past session", "status": "done", "series_id": series}
    with Session.transaction():
        for entry, alike in groupby(entries):
            noon = _noon(entry["day"])
            _insert(
                len(list(alike)),
                usual
                | {
                    "topic": entry["topic"],
                    "duration_minutes": entry["minutes"],
                    "actual_minutes": entry.get("actual"),
                    "scheduled_at": noon,
                    "scheduled_on": entry["day"],
                    "completed_at": noon,
                    "completed_on": entry["day"],
                    "created_at": noon,
                },
            )
        # What nobody counted down, as an older version's additions or a restored table would not be.
        changed = {"room_for_sessions": None, "planner_revision": User.planner_revision + 1}
        User.update(changed).where(User.id == student.id).execute()


def _insert(count: int, row: dict[str, Any]) -> None:
    """Store so many sessions that are alike but for their ids: as written by Peewee each costs as much as a call."""
    named, stored = new_id(), cast(Callable[[UUID], object], Session.id.db_value)
    statement, values = Session.insert({"id": named, **row}).sql()
    at = values.index(stored(named))
    ids = [stored(new_id()) for _ in range(count)]
    bound().cursor().executemany(statement, [[*values[:at], one, *values[at + 1 :]] for one in ids])


def _plan_of_long_ago(student: Student) -> str:
    monday = date(2010, 1, 4)
    plan = Plan.create(
        user=student.id, title="Past", topic="Past", source="manual", week_start=monday, created_at=_noon(monday)
    )
    return str(plan.id)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
