"""Sessions that come back every day or every week: when they are, making them, and deleting what is left of them.

The sessions of a series are sessions like any other, made at once; all that they share is a `series_id`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from schediora.db.base import new_id
from schediora.errors import Invalid
from schediora.http.caller import Caller
from schediora.http.validation import pointer
from schediora.http.wire import FURTHEST
from schediora.localtime import DAYS_A_WEEK, days_later
from schediora.models.planner import Session, SessionStatus
from schediora.planner.schemas import Every, Repeat
from schediora.planner.unit_memory import keep_units, keys_of

MOST_SESSIONS = 60
"""How many sessions a series is made of, at most."""

_STEP = {Every.DAY: 1, Every.WEEK: DAYS_A_WEEK}
_SHARED = ("title", "topic", "detail", "kind", "units", "duration_minutes", "due_on", "created_at", "revision")
"""What the sessions of a series have in common when they are made, besides their student, plan and series."""


def starts_of(caller: Caller, first: datetime, repeat: Repeat, *, now: datetime) -> list[datetime]:
    """Return when the sessions of a series start, `first` among them: each at the same time by the student's clock.

    The days are the student's, so that a session in the small hours belongs to the evening before. Raises Invalid when
    the last day is before that of `first`, or too far away for 60 sessions or 366 days.
    """
    day, step = caller.day_of(first), _STEP[repeat.every]
    if repeat.until < day:
        raise _invalid_until("Until is before the first session: name that day or a later one.")
    repetitions = (repeat.until - day).days // step
    if repetitions >= MOST_SESSIONS:
        raise _invalid_until(f"Until is too late: a series has {MOST_SESSIONS} sessions at most. Name an earlier day.")
    starts = [first, *(days_later(first, number * step, caller.zone) for number in range(1, repetitions + 1))]
    if starts[-1] - now > FURTHEST:
        raise _invalid_until(f"Until must be within {FURTHEST.days} days of now.")
    return starts


def repeat_session(caller: Caller, plan_id: UUID, first: Session, starts: Sequence[datetime]) -> None:
    """Store what repeats `first` at each of the other `starts`, in the same plan and inside the caller's transaction.

    One session alone is no series: without others, `first` gets no `series_id`.
    """
    if not starts:
        return
    first.series_id = new_id()
    first.save(only=[Session.series_id])
    shared = {name: getattr(first, name) for name in _SHARED}
    of_series = shared | {"user": caller.user_id, "plan": plan_id, "series_id": first.series_id}
    rest = {new_id(): {"scheduled_at": start, "scheduled_on": caller.day_of(start)} for start in starts}
    Session.insert_many([of_series | when | {"id": key} for key, when in rest.items()]).execute()
    keep_units(caller.user_id, dict.fromkeys(rest, keys_of(first)))


def following(user_id: UUID, session: Session) -> list[UUID]:
    """Return the sessions of the series of `session` that come after it and are not done."""
    if session.series_id is None:
        return []
    at = Session.scheduled_at
    later = (at > session.scheduled_at) | ((at == session.scheduled_at) & (Session.id > session.id))
    of_series = (Session.user == user_id) & (Session.series_id == session.series_id)
    found = Session.select(Session.id).where(of_series & (Session.status != SessionStatus.DONE) & later)
    return [each.id for each in found]


def _invalid_until(sentence: str) -> Invalid:
    return Invalid([{"pointer": pointer("repeat", "until"), "detail": sentence}])
