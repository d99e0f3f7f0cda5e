"""Adding sessions by hand: when they start, what they lie on, and what they are about."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from pydantic import MISSING

from schediora.busy.queries import busy_times
from schediora.http.caller import Caller
from schediora.http.validation import invalid
from schediora.models.planner import Session
from schediora.planner.queries import OpenSession, open_between
from schediora.planner.quick_add import start_without_time
from schediora.planner.schemas import SessionCreate
from schediora.planner.series import repeat_session, starts_of
from schediora.planner.session_change import check_due_on
from schediora.planner.unit_memory import keep_units, keys_of

_LONGEST_DAY = timedelta(hours=26)
"""A local day at the end of a summer time of two hours, which is the most there is."""
_DUE_BEFORE_THE_LAST = (
    "Due on is before the last session of the repetition, and would hold for all of them: name a later day, or leave "
    "it out."
)
_NO_UNIT = "Unit is not one of this topic's: take the key of one that its syllabus lists, or leave it out."


class UnitTitle(Protocol):
    """Finds what a unit of a topic's syllabus is called for a student, None for a key that it does not list."""

    def __call__(self, caller: Caller, topic: str, key: str, *, now: datetime) -> str | None:
        """Return the title."""


@dataclass(frozen=True, slots=True)
class Addition:
    """When the sessions start that one call adds, the first one first, and the ids of open ones that they lie on."""

    starts: Sequence[datetime]
    overlaps: list[UUID]


def addition_of(caller: Caller, body: SessionCreate, *, now: datetime) -> Addition:
    """Return when what `body` asks for is to be, read under the student's lock.

    Raises Invalid for a deadline that is past or would be before a session of the series had come, and for a repetition
    that cannot be.
    """
    if body.due_on is not MISSING:
        check_due_on(body.due_on, caller.today(now))
    length = timedelta(minutes=body.duration_minutes)
    if body.scheduled_at is MISSING:
        until = now + _LONGEST_DAY + length
        taken = [each.stretch for each in open_between(caller.user_id, now, until)]
        taken += busy_times(caller.user_id, now, until)
        first = start_without_time(caller, body.duration_minutes, taken, now=now)
    else:
        first = body.scheduled_at
    starts = [first] if body.repeat is MISSING else starts_of(caller, first, body.repeat, now=now)
    if body.due_on is not MISSING and len(starts) > 1 and body.due_on < caller.day_of(starts[-1]):
        raise invalid("due_on", _DUE_BEFORE_THE_LAST)
    there = open_between(caller.user_id, first, starts[-1] + length)
    return Addition(starts, [each.id for each in there if _lies_on(each, starts, length)])


def add_sessions(
    caller: Caller,
    plan_id: UUID,
    body: SessionCreate,
    addition: Addition,
    unit_title: UnitTitle,
    *,
    revision: int,
    now: datetime,
) -> Session:
    """Store the sessions inside the caller's transaction, which makes the planner's `revision`, and return the first.

    Raises Invalid for a unit that is none of the topic's.
    """
    starts = addition.starts
    session = Session.create(
        user=caller.user_id,
        plan=plan_id,
        title=body.title,
        topic=body.topic,
        units=_units(caller, body, unit_title, now),
        duration_minutes=body.duration_minutes,
        scheduled_at=starts[0],
        scheduled_on=caller.day_of(starts[0]),
        due_on=None if body.due_on is MISSING else body.due_on,
        created_at=now,
        revision=revision,
    )
    keep_units(caller.user_id, {session.id: keys_of(session)})
    repeat_session(caller, plan_id, session, starts[1:])
    return session


def _lies_on(there: OpenSession, starts: Sequence[datetime], length: timedelta) -> bool:
    begins, ends = there.stretch
    return bisect_right(starts, begins - length) < bisect_left(starts, ends)


def _units(caller: Caller, body: SessionCreate, unit_title: UnitTitle, now: datetime) -> list[dict[str, str]] | None:
    if body.unit is MISSING:
        return None
    title = unit_title(caller, body.topic, body.unit, now=now)
    if title is None:
        raise invalid("unit", _NO_UNIT)
    return [{"key": body.unit, "title": title}]
