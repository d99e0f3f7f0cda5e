"""Writing students and their preferences."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import MISSING

from schediora.errors import Invalid
from schediora.http.caller import Caller
from schediora.http.validation import pointer
from schediora.models.users import Preferences, User
from schediora.users.locking import lock_student
from schediora.users.queries import preferences_view
from schediora.users.schemas import ExamEntry, PreferencesUpdate, PreferencesView

EXAM_YEARS = 5
"""An exam lies within this many years of today; further off it is a slip of the finger."""
_DAYS_A_YEAR = 366


def add_user(email: str, password_hash: str, timezone: str | None, *, now: datetime) -> User:
    """Store a new student inside the caller's transaction.

    `email` is in its stored form. Raises peewee.IntegrityError when the address is taken.
    """
    return User.create(email=email, password_hash=password_hash, timezone=timezone, created_at=now)


def set_preferences(caller: Caller, wish: PreferencesUpdate, *, now: datetime) -> PreferencesView:
    """Store how the caller wants to study and return what now holds; fields that were left out keep their value.

    Raises Invalid for an exam that is years away.
    """
    if wish.exams is not MISSING:
        _check_dates(caller, wish.exams, now)
    with User.transaction():
        user = lock_student(caller.user_id)
        columns = _columns(wish) | {"updated_at": now}
        if not Preferences.update(columns).where(Preferences.user == user).execute():
            Preferences.create(user=user, **({"exams": []} | columns))
        row = Preferences.get(Preferences.user == user)
        if wish.timezone is not MISSING:
            user.timezone = wish.timezone
        # A plan made under the old preferences is not the one that would be made now.
        user.planner_revision += 1
        user.save(only=[User.timezone, User.planner_revision])
    return preferences_view(row, user.timezone or caller.zone.key)


def _columns(wish: PreferencesUpdate) -> dict[str, Any]:
    """Return the columns that `wish` sets, as they are stored."""
    columns = {
        "goal": wish.goal,
        "daily_minutes": wish.daily_minutes,
        "focus_topics": wish.focus_topics,
    }
    return columns | wish.model_dump(mode="json", include={"availability", "session_minutes", "exams", "language"})


def _check_dates(caller: Caller, exams: list[ExamEntry], now: datetime) -> None:
    """Refuse dates that no exam has: arithmetic on them could leave the calendar."""
    today, reach = caller.today(now), timedelta(days=EXAM_YEARS * _DAYS_A_YEAR)
    wrong = [index for index, exam in enumerate(exams) if abs(exam.date - today) > reach]
    if wrong:
        sentence = f"The date of exam {{}} must be within {EXAM_YEARS} years of today."
        raise Invalid(
            [{"pointer": pointer("exams", index, "date"), "detail": sentence.format(index + 1)} for index in wrong]
        )
