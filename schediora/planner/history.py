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
    SELECT started_at, completed_at, completed_on, scheduled_on, COALESCE(actual_minutes, duration_minutes)
    FROM study_sessions
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
    starts = (start_of(caller, *row) for row in _TICKS.rows(caller.user_id, today - REMEMBERED, MOST_TICKS))
    return tuple(start.astimezone(caller.zone).hour for start in starts if start)


def start_of(
    caller: Caller, started: Any, ticked: Any, completed_on: Any, scheduled_on: Any, minutes: int
) -> datetime | None:
    """Return when a done session of `minutes` will have started, from its columns as a row holds them, or None."""
    said = as_instant(started or ticked)
    if caller.day_of(said) > as_day(completed_on) or not (started or completed_on == scheduled_on):
        return None
    return said if started else said - timedelta(minutes=minutes)


def minutes_taken(said: int | None, started: Any, ticked: Any, planned: int) -> int | None:
    """Return how many minutes a done session took, from its columns as a row holds them; None where nobody knows.

    What the student `said` holds. Else it is the time from its start to its tick, where that is half to twice what was
    planned: a shorter one was ticked off at once, and a longer one is a forgotten tick or a break.
    """
    if said or not started or not ticked:
        return said
    taken = round((as_instant(ticked) - as_instant(started)) / timedelta(minutes=1))
    return taken if planned <= 2 * taken and taken <= 2 * planned else None


def is_generated(session: Session) -> bool:
    """Tell whether a generated plan made the session, which was read with its plan."""
    return bool(session.plan.source == PlanSource.AI)
