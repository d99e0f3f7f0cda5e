"""Keeping a student's calendar, and the times that it takes up."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from schediora import log
from schediora.busy.due import EVERY, SOON, make_due, take_up
from schediora.busy.errors import CalendarRefused, ExpandersBusy
from schediora.busy.expander import expand_apart
from schediora.busy.expansion import Expansion
from schediora.busy.queries import Stretch, busy_times
from schediora.busy.schemas import MOST_DAYS, BusyTimeView, BusyUploaded
from schediora.db.base import new_id
from schediora.errors import Invalid
from schediora.http.caller import Caller
from schediora.localtime import at_minute
from schediora.models.calendar import BusyCalendar, BusyTime
from schediora.models.users import User
from schediora.users.locking import count_change, lock_student
from schediora.users.queries import caller_of

_log = log.get_logger(__name__)

DAYS_AHEAD = timedelta(days=120)
_DAY = timedelta(days=1)
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Span:
    """The student's days for which a calendar is expanded: from this week's Monday, so that the week is shown whole."""

    today: date
    first: datetime
    from_today: datetime
    last: datetime

    @classmethod
    def of(cls, student: Caller, now: datetime) -> "_Span":
        today, begins, tz = student.today(now), student.day_starts_at, student.zone
        days = (student.monday(now), today, today + DAYS_AHEAD + _DAY)
        return cls(today, *(at_minute(day, begins, tz) for day in days))


def upload(caller: Caller, text: str, *, now: datetime) -> BusyUploaded:
    """Keep the calendar, in the place of the one before, and return what was found in it for the next 120 days.

    Nothing of the text but the times is ever shown. Raises CalendarRefused and ExpandersBusy as `expand_apart` does,
    and has changed nothing then.
    """
    span = _Span.of(caller, now)
    expansion = expand_apart(text, caller.zone.key, span.first, span.last)
    columns = {"upload": new_id(), "text": zlib.compress(text.encode()), "due_at": now + EVERY}
    with User.transaction():
        user = lock_student(caller.user_id)
        BusyCalendar.delete().where(BusyCalendar.user == user).execute()
        BusyCalendar.create(user=user, **columns)
        _store(user, span, expansion)
    return BusyUploaded(
        events=sum(end > span.from_today for _, end in expansion.events),
        from_=span.today,
        to=span.today + DAYS_AHEAD,
        notes=list(expansion.notes),
    )


def forget(caller: Caller) -> None:
    """Delete the student's calendar and its times; nothing happens when there is none."""
    with User.transaction():
        user = lock_student(caller.user_id)
        BusyTime.delete().where(BusyTime.user == user).execute()
        if BusyCalendar.delete().where(BusyCalendar.user == user).execute():
            count_change(user)


def busy_on(caller: Caller, first: date, last: date, *, now: datetime) -> list[BusyTimeView]:
    """Return what the calendar takes up of the student's days from `first` to `last`; raise Invalid for a range that is
    none or too long.
    """
    if first > last:
        raise Invalid([{"parameter": "from", "detail": "From must not be after to."}])
    if (last - first).days >= MOST_DAYS:
        raise Invalid([{"parameter": "to", "detail": f"From and to must span {MOST_DAYS} days at most."}])
    span = _Span.of(caller, now)
    days = (max(first, span.today - DAYS_AHEAD), min(last, span.today + DAYS_AHEAD) + _DAY)
    begins, ends = (at_minute(day, caller.day_starts_at, caller.zone) for day in days)
    return [BusyTimeView(start=start, end=end) for start, end in busy_times(caller.user_id, begins, ends)]


def expand_anew(student: Caller, *, now: datetime) -> bool:
    """Expand the student's calendar again if that is due, and tell whether it was.

    What cannot be expanded leaves the times as they were, and is tried again after a while.
    """
    calendar = take_up(student.user_id, now)
    if calendar is None:
        return False
    span = _Span.of(student, now)
    try:
        text = zlib.decompress(calendar.text).decode()
        expansion = expand_apart(text, student.zone.key, span.first, span.last)
    except (CalendarRefused, ExpandersBusy) as problem:
        _log.warning("calendar_not_expanded", user_id=str(student.user_id), reason=problem.detail)
        if isinstance(problem, ExpandersBusy):
            make_due(student.user_id, now + SOON)
        return True
    with User.transaction():
        user = lock_student(student.user_id)
        is_this = (BusyCalendar.user == user) & (BusyCalendar.upload == calendar.upload)
        if _counting_alike(user, student) and BusyCalendar.update(due_at=now + EVERY).where(is_this).execute():
            _store(user, span, expansion)
    return True


def expand_anew_of(user_id: UUID, default_timezone: str, *, now: datetime) -> None:
    """Do as `expand_anew` does for the student of an id, whom a worker knows nothing else of."""
    student = caller_of(user_id, default_timezone)
    if student:
        expand_anew(student, now=now)


def _store(user: User, span: _Span, expansion: Expansion) -> None:
    """Put the times of `expansion` in the place of those from the beginning of `span` on, inside the caller's
    transaction; what is past stays. A plan that was worked out around others is told so.
    """
    times = list(_merged(expansion.events))
    before = busy_times(user.id, span.first, span.last)
    if times == before:
        return
    BusyTime.delete().where((BusyTime.user == user) & (BusyTime.ends_at > span.first)).execute()
    rows = [{"user": user.id, "starts_at": start, "ends_at": end} for start, end in times]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        BusyTime.insert_many(rows[start : start + _ROWS_AT_ONCE]).execute()
    count_change(user)


def _merged(stretches: Iterable[Stretch]) -> Iterable[Stretch]:
    """Yield stretches, given by time, with those that touch or overlap made one."""
    open_: Stretch | None = None
    for start, end in stretches:
        if open_ and start <= open_[1]:
            open_ = (open_[0], max(open_[1], end))
            continue
        if open_:
            yield open_
        open_ = (start, end)
    if open_:
        yield open_


def _counting_alike(user: User, student: Caller) -> bool:
    """Tell whether the student's days are still counted as they were when their calendar was taken up."""
    return (user.timezone or student.zone.key) == student.zone.key and (
        user.day_starts_at or 0
    ) == student.day_starts_at
