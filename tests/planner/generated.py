"""Generated plans as the tests store them, and what is remembered of their units."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.memory.replay import Review, UnitMemory, replay
from schediora.models.planner import Plan, Session
from schediora.models.syllabus import UnitMemoryRow
from schediora.models.users import User
from schediora.planner.service import NewSession, add_plan
from schediora.users.locking import lock_student

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
CELLS, DNA = ("biology.cells", "Cells and organelles"), ("biology.dna", "DNA and protein synthesis")


def plan_of(user_id: UUID, *sessions: dict[str, Any], now: datetime = NOW, language: str | None = "en") -> Plan:
    """Store a generated plan of this week whose sessions, an hour apart, are told by what differs."""
    usual: dict[str, Any] = {"topic": "Biology", "detail": "", "kind": "learn", "duration_minutes": 30, "reason": None}
    made = [
        NewSession(**usual | {"title": f"Session {place}", "scheduled_at": at, "scheduled_on": at.date()} | session)
        for place, session in enumerate(sessions)
        for at in [now + timedelta(hours=place)]
    ]
    with User.transaction():
        user = lock_student(user_id)
        monday = date(2026, 3, 2)
        return add_plan(
            user, title="Plan", topic="Biology", week_start=monday, sessions=made, now=now, language=language
        )


def memories(user_id: UUID | str) -> dict[str, UnitMemory]:
    """Return the rows that there are, as values."""
    return {
        row.unit: UnitMemory(row.stability, row.difficulty, row.last_on, row.learned_on, row.due_on, row.last_rating)
        for row in UnitMemoryRow.select().where(UnitMemoryRow.user == user_id)
    }


def replayed(user_id: UUID | str) -> dict[str, UnitMemory]:
    """Return what the stored sessions say, told by their own columns alone."""
    reviews: dict[str, list[Review]] = {}
    done: Any = Session.select().where((Session.user == user_id) & (Session.status == "done"))
    for session in done:
        for unit in session.units or ():
            reviews.setdefault(unit["key"], []).append(
                Review(
                    session.completed_on,
                    session.completed_at,
                    session.id,
                    session.kind,
                    session.rating,
                    len(session.units),
                )
            )
    return {key: memory for key, of_unit in reviews.items() if (memory := replay(of_unit))}
