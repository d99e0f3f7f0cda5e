"""Writing students and their preferences."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import MISSING

from schediora import localtime
from schediora.errors import Invalid
from schediora.http.caller import Caller
from schediora.http.validation import pointer
from schediora.localtime import minute_of_day
from schediora.models.users import Preferences, User
from schediora.users.locking import count_change, lock_student
from schediora.users.queries import preferences_shown, rest_of, stored_preferences
from schediora.users.schemas import DaysOff, ExamEntry, PreferencesUpdate, PreferencesView

Redate = Callable[[Caller, datetime], None]
"""Gives what a student has ahead of an instant the day that it falls on, as the student given counts days."""


class Follow(Protocol):
    """Works out anew what follows from how a student's days are counted, and may take a while."""

    def __call__(self, student: Caller, *, now: datetime) -> object:
        """Do it, outside any transaction."""


EXAM_YEARS = 5
"""An exam lies within this many years of today; further off it is a slip of the finger."""
_DAYS_A_YEAR = 366
OFF_SINCE = timedelta(days=28)
OFF_UNTIL = timedelta(days=366)
"""Days off begin at most so long ago, so that an illness of these weeks can be told, and end at most so far ahead."""
_TOO_LONG_AGO = f"Days off must begin at most {OFF_SINCE.days} days ago."
_TOO_FAR_AHEAD = f"Days off must end within {OFF_UNTIL.days} days of today."
_OPTIONAL = {"availability", "session_minutes", "exams", "rest_days", "days_off", "language"}


def add_user(email: str, password_hash: str, timezone: str | None, *, now: datetime) -> User:
    """Store a new student inside the caller's transaction.

    `email` is in its stored form. Raises peewee.IntegrityError when the address is taken.
    """
    return User.create(email=email, password_hash=password_hash, timezone=timezone, created_at=now)


def set_preferences(
    caller: Caller, wish: PreferencesUpdate, redate: Redate, follow: Follow | None = None, *, now: datetime
) -> PreferencesView:
    """Store how the caller wants to study and return what now holds; fields that were left out keep their value.

    When their days are counted by something else from now on, `redate` is called in the same transaction, and `follow`
    after it.
    Raises Invalid for an exam that is years away, and for days off that are too long ago or too far ahead.
    """
    if wish.exams is not MISSING:
        _check_dates(caller, wish.exams, now)
    with User.transaction():
        user = lock_student(caller.user_id)
        before = _counting_days(user, caller)
        if wish.timezone is not MISSING:
            user.timezone = wish.timezone
        if wish.day_starts_at is not MISSING:
            user.day_starts_at = minute_of_day(wish.day_starts_at)
        student = _counting_days(user, caller)
        if wish.days_off is not MISSING:
            _check_days_off(student, wish.days_off, now)
        columns = _columns(wish) | {"updated_at": now}
        if not Preferences.update(columns).where(Preferences.user == user).execute():
            Preferences.create(user=user, **({"exams": []} | columns))
        stored = stored_preferences(caller.user_id)
        user.save(only=[User.timezone, User.day_starts_at])
        if student != before:
            redate(student, now)
        # A plan made under the old preferences is not the one that would be made now.
        count_change(user)
    if follow and student != before:
        follow(student, now=now)
    return PreferencesView.model_validate(preferences_shown(stored, student.zone.key, student.day_starts_at))


def _counting_days(user: User, caller: Caller) -> Caller:
    """Return the student as their row has them; the zone of `caller` holds where they never set one."""
    zone = localtime.zone(user.timezone) if user.timezone else caller.zone
    return Caller(caller.user_id, zone, user.day_starts_at or 0)


def _columns(wish: PreferencesUpdate) -> dict[str, Any]:
    """Return the columns that `wish` sets, as they are stored."""
    columns = {
        "goal": wish.goal,
        "daily_minutes": wish.daily_minutes,
        "focus_topics": wish.focus_topics,
    }
    return columns | wish.model_dump(mode="json", include=_OPTIONAL)


def _check_dates(caller: Caller, exams: list[ExamEntry], now: datetime) -> None:
    """Refuse dates that no exam has: arithmetic on them could leave the calendar."""
    today, reach = caller.today(now), timedelta(days=EXAM_YEARS * _DAYS_A_YEAR)
    wrong = [index for index, exam in enumerate(exams) if abs(exam.date - today) > reach]
    if wrong:
        sentence = f"The date of exam {{}} must be within {EXAM_YEARS} years of today."
        raise Invalid(
            [{"pointer": pointer("exams", index, "date"), "detail": sentence.format(index + 1)} for index in wrong]
        )


def _check_days_off(student: Caller, spans: list[DaysOff], now: datetime) -> None:
    """Refuse days off that are too long ago or too far ahead; those that the student has already may stay."""
    today = student.today(now)
    there = {first for first, _ in rest_of(student.user_id).days_off}
    wrong = [
        (index, name, sentence)
        for index, span in enumerate(spans)
        for name, is_wrong, sentence in (
            ("first", span.first < today - OFF_SINCE and span.first not in there, _TOO_LONG_AGO),
            ("last", span.last > today + OFF_UNTIL, _TOO_FAR_AHEAD),
        )
        if is_wrong
    ]
    if wrong:
        raise Invalid(
            [{"pointer": pointer("days_off", index, name), "detail": sentence} for index, name, sentence in wrong]
        )
