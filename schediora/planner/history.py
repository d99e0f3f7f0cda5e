"""What a new plan looks back at: the sessions of the last weeks, and at which hours the student studies."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.db.statement import Statement, as_day, as_instant
from schediora.http.caller import Caller
from schediora.models.planner import Plan, PlanSource, Session

REMEMBERED = timedelta(days=42)
"""How far back single sessions are looked at; what a unit's memory holds reaches back for ever."""
MOST_SESSIONS = 3000
"""Six weeks of the fullest legal ones; of an older database's more, the latest count."""
MOST_TICKS = 200

_TICKS = Statement("""
    SELECT started_at, completed_at, completed_on, COALESCE(actual_minutes, duration_minutes) FROM study_sessions
    WHERE user_id = ? AND completed_on >= ? AND (started_at IS NOT NULL OR completed_on = scheduled_on)
    ORDER BY completed_on DESC, id DESC LIMIT ?""")


def recent_sessions(user_id: UUID, since_day: date) -> list[Session]:
    """Return, by time, the student's sessions scheduled for the local day `since_day` or later, each with its plan."""
    found = (
        Session.select(Session, Plan)
        .join(Plan)
        .where((Session.user == user_id) & (Session.scheduled_on >= since_day))
        .order_by(Session.scheduled_on.desc(), Session.id.desc())
        .limit(MOST_SESSIONS)
    )
    return sorted(found, key=lambda session: (session.scheduled_at, session.id))


def habit_hours(caller: Caller, today: date) -> tuple[int, ...]:
    """Return the local hours (0 to 23) at which the sessions done in the weeks before `today` started, one for each.

    Where nobody said when, a session that was ticked off on its day started as long before that as it took. What was
    said on a later day than the session was done on tells nothing.
    """
    starts = (_start(caller, *row) for row in _TICKS.rows(caller.user_id, today - REMEMBERED, MOST_TICKS))
    return tuple(start.astimezone(caller.zone).hour for start in starts if start)


def _start(caller: Caller, started: Any, ticked: Any, completed_on: Any, minutes: int) -> datetime | None:
    said = as_instant(started or ticked)
    if caller.day_of(said) > as_day(completed_on):
        return None
    return said if started else said - timedelta(minutes=minutes)


def is_generated(session: Session) -> bool:
    """Tell whether a generated plan made the session, which was read with its plan."""
    return bool(session.plan.source == PlanSource.AI)
