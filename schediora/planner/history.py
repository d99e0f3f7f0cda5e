"""What a new plan looks back at: the sessions of the last weeks, and at which hours the student studies."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from schediora.db.statement import Statement, as_instant
from schediora.models.planner import Plan, PlanSource, Session

REMEMBERED = timedelta(days=42)
"""How far back single sessions are looked at; what a unit's memory holds reaches back for ever."""
MOST_SESSIONS = 3000
"""Six weeks of the fullest legal ones; of an older database's more, the latest count."""
MOST_TICKS = 200

_TICKS = Statement("""
    SELECT completed_at, COALESCE(actual_minutes, duration_minutes) FROM study_sessions
    WHERE user_id = ? AND completed_on >= ? AND completed_on = scheduled_on ORDER BY completed_on DESC LIMIT ?""")


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


def habit_hours(user_id: UUID, zone: ZoneInfo, today: date) -> tuple[int, ...]:
    """Return the local hours (0 to 23) at which the sessions of the weeks before `today` that were ticked off on their
    day will have started, one for each.
    """
    ticks = _TICKS.rows(user_id, today - REMEMBERED, MOST_TICKS)
    return tuple(_hour(as_instant(at), minutes, zone) for at, minutes in ticks)


def _hour(ticked_at: datetime, minutes: int, zone: ZoneInfo) -> int:
    return (ticked_at - timedelta(minutes=minutes)).astimezone(zone).hour


def is_generated(session: Session) -> bool:
    """Tell whether a generated plan made the session, which was read with its plan."""
    return bool(session.plan.source == PlanSource.AI)
