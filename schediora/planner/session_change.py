"""What a change to a session means: the columns that it sets, and what follows from them."""

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import MISSING

from schediora.http.caller import Caller
from schediora.http.validation import invalid
from schediora.models.planner import SessionStatus
from schediora.planner.schemas import SessionUpdate
from schediora.planner.session_rows import SessionRow

BACK_DATED_DAYS = 7
"""So many days back a session can be said to have been done."""

_RATING_OF_WHAT_IS_NOT_DONE = "Rating is for a session that is done: say that it is done first, or with it."
_DAY_OF_WHAT_IS_NOT_DONE = "Completed on is for a session that is done: say that it is done first, or with it."
_DAY_TOO_FAR = f"Completed on must be today or one of the {BACK_DATED_DAYS} days before."


def wanted_columns(caller: Caller, session: SessionRow, body: SessionUpdate, *, now: datetime) -> dict[str, Any]:
    """Return the columns that `body` sets, with those that follow from them; some may be so already.

    Raises Invalid for a rating or a day of completion of what is not done, for such a day that is not one of the last
    seven or today, and for a deadline that is past; what is stored already is no fault.
    """
    today = caller.today(now)
    wanted = {name: getattr(body, name) for name in body.model_fields_set}
    status = session.status if body.status is MISSING else body.status
    if status != session.status:
        wanted |= _entered(session, SessionStatus(status), today, now) | wanted
    done = status == SessionStatus.DONE
    if wanted.get("rating") and not done:
        raise invalid("rating", _RATING_OF_WHAT_IS_NOT_DONE)
    if body.completed_on is not MISSING:
        _check_completed_on(body.completed_on, session.completed_on, today, done=done)
    if body.due_on is not MISSING and body.due_on != session.due_on:
        check_due_on(body.due_on, today)
    if body.scheduled_at is not MISSING and body.scheduled_at != session.scheduled_at:
        wanted["scheduled_on"] = caller.day_of(body.scheduled_at)
        wanted.setdefault("pinned", True)
    return wanted


def check_due_on(due_on: date | None, today: date) -> None:
    """Raise Invalid for a deadline before the student's day `today`."""
    if due_on is not None and due_on < today:
        raise invalid("due_on", "Due on must be today or a later day.")


def _entered(session: SessionRow, status: SessionStatus, today: date, now: datetime) -> dict[str, Any]:
    """Return what follows from another status: leaving `done` forgets when that was and how it went, `pending` also
    when it was begun.
    """
    if status == SessionStatus.DONE:
        return {"completed_at": now, "completed_on": today, "rating": None}
    left: dict[str, Any] = {"started_at": None if status == SessionStatus.PENDING else session.started_at or now}
    if session.status == SessionStatus.DONE:
        left |= {"completed_at": None, "completed_on": None, "rating": None}
    return left


def _check_completed_on(day: date, stored: date | None, today: date, *, done: bool) -> None:
    if not done:
        raise invalid("completed_on", _DAY_OF_WHAT_IS_NOT_DONE)
    if day != stored and not today - timedelta(days=BACK_DATED_DAYS) <= day <= today:
        raise invalid("completed_on", _DAY_TOO_FAR)
