"""Generated plans as the tests store them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.models.planner import Plan
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
        lock_student(user_id)
        monday = date(2026, 3, 2)
        return add_plan(
            user_id, title="Plan", topic="Biology", week_start=monday, sessions=made, now=now, language=language
        )
