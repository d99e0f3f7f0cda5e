"""What replanning is about: this week's sessions that are not done, and when asked for those of the weeks before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schediora.http.caller import Caller
from schediora.models.planner import SessionStatus
from schediora.planner.session_lists import open_sessions, overdue_sessions
from schediora.planner.session_view import SessionView


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Sessions that are not done, by time: those that may be placed anew, and those that were missed but are in the
    student's own hands, as they pinned or began them.
    """

    open: list[SessionView]
    in_hand: list[SessionView]


def unfinished_sessions(caller: Caller, *, include_overdue: bool, most: int, now: datetime) -> Unfinished:
    """Return the first `most` of this week's sessions that are not done, and with `include_overdue` as many of the
    earlier weeks' that are overdue. What is pinned or begun and not over is in neither part.
    """
    today = caller.today(now)
    found = {session.id: session for session in open_sessions(caller.user_id, today, most=most)}
    if include_overdue:
        overdue = overdue_sessions(caller.user_id, today, caller.monday(now), most=most)
        found |= {session.id: session for session in overdue}
    by_time = sorted(found.values(), key=lambda session: (session.scheduled_at, session.id))
    return Unfinished(
        open=[session for session in by_time if _may_move(session)],
        in_hand=[session for session in by_time if _is_left(session, caller, now)],
    )


def _may_move(session: SessionView) -> bool:
    return session.status is SessionStatus.PENDING and not session.pinned


def _is_left(session: SessionView, caller: Caller, now: datetime) -> bool:
    """Tell whether the student pinned or began a session that is over. What was begun today is being studied now."""
    if session.status is SessionStatus.IN_PROGRESS:
        begun_on = caller.day_of(session.started_at or session.scheduled_at)
        return max(begun_on, session.scheduled_on) < caller.today(now)
    return session.pinned and session.scheduled_at + timedelta(minutes=session.duration_minutes) <= now
