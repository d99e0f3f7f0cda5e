"""Reading students, and taking the lock under which everything of theirs is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from schediora import localtime
from schediora.db.statement import Statement, as_json
from schediora.errors import Unauthenticated
from schediora.http.caller import Caller
from schediora.localtime import clock_of, minute_of_day
from schediora.models.users import Preferences, User
from schediora.users.schemas import (
    AvailabilityEntry,
    DaysOff,
    ExamEntry,
    MeView,
    PreferencesView,
)

DEFAULT_DAILY_MINUTES = 120
DEFAULT_SESSION_MINUTES = 45
DEFAULT_WINDOWS = tuple(AvailabilityEntry(weekday=weekday, start="08:00", end="22:00") for weekday in range(1, 8))

_REVISION = Statement("SELECT planner_revision FROM users WHERE id = ?")
_FOCUS_TOPICS = Statement("SELECT focus_topics FROM onboarding_preferences WHERE user_id = ?")
_REST = Statement("SELECT rest_days, days_off FROM onboarding_preferences WHERE user_id = ?")


@dataclass(frozen=True, slots=True)
class Rest:
    """The ISO weekdays (1 is Monday) that a student rests on, and the spans of days that they are off, the first and
    the last day of each; both are days of the student's.
    """

    rest_days: frozenset[int] = frozenset()
    days_off: tuple[tuple[date, date], ...] = ()

    def is_off(self, day: date) -> bool:
        """Tell whether nothing is to be placed on the student's day, and a streak passes over it."""
        return day.isoweekday() in self.rest_days or any(first <= day <= last for first, last in self.days_off)


@dataclass(frozen=True, slots=True)
class StudyPreferences(Rest):
    """What planning needs to know of a student; the defaults hold for one who has not said.

    `windows` are (ISO weekday, start, end) in wall-clock minutes since local midnight, in the week's order; `exams` are
    (topic, local day) by day. `language` (BCP 47) is the one that they chose.
    """

    goal: str | None = None
    daily_minutes: int = DEFAULT_DAILY_MINUTES
    said_daily_minutes: int | None = None
    session_minutes: int = DEFAULT_SESSION_MINUTES
    focus_topics: tuple[str, ...] = ()
    windows: tuple[tuple[int, int, int], ...] = tuple(
        (window.weekday, minute_of_day(window.start), minute_of_day(window.end)) for window in DEFAULT_WINDOWS
    )
    exams: tuple[tuple[str, date], ...] = ()
    language: str | None = None


def user_by_email(email: str) -> User | None:
    """Return the student whose address is `email`, in the form in which addresses are stored."""
    return User.get_or_none(User.email == email)


def caller_of(user_id: UUID, default_timezone: str) -> Caller | None:
    """Return the student as a caller, for work that runs after their request; None when the account is gone."""
    found = User.select(User.timezone, User.day_starts_at).where(User.id == user_id).tuples().first()
    return Caller(user_id, localtime.zone(found[0] or default_timezone), found[1] or 0) if found else None


def preferences_of(user_id: UUID) -> StudyPreferences:
    """Return the student's preferences, with the defaults where they have not said."""
    row = Preferences.get_or_none(Preferences.user == user_id)
    if row is None:
        return StudyPreferences()
    rest = _rest(row.rest_days, row.days_off)
    return StudyPreferences(
        goal=row.goal,
        daily_minutes=row.daily_minutes,
        said_daily_minutes=row.daily_minutes,
        session_minutes=row.session_minutes or DEFAULT_SESSION_MINUTES,
        focus_topics=tuple(row.focus_topics),
        windows=tuple(
            sorted((window.weekday, minute_of_day(window.start), minute_of_day(window.end)) for window in _windows(row))
        ),
        exams=tuple(sorted(((exam.topic, exam.date) for exam in _exams(row)), key=lambda exam: (exam[1], exam[0]))),
        language=row.language,
        rest_days=rest.rest_days,
        days_off=rest.days_off,
    )


def rest_of(user_id: UUID) -> Rest:
    """Return on which days the student does not study."""
    for rest_days, days_off in _REST.rows(user_id):
        return _rest(as_json(rest_days), as_json(days_off))
    return Rest()


def focus_topics_of(user_id: UUID) -> tuple[str, ...]:
    """Return the student's focus topics; none when they have not said."""
    for (topics,) in _FOCUS_TOPICS.rows(user_id):
        return tuple(as_json(topics))
    return ()


def revision_of(user_id: UUID) -> int:
    """Return the number that every change to the student's preferences, lists and planner counts up; 0 for nobody's."""
    return next((int(revision) for (revision,) in _REVISION.rows(user_id)), 0)


def me(caller: Caller) -> MeView:
    """Show the student; raise Unauthenticated when the account is gone."""
    user = User.get_or_none(User.id == caller.user_id)
    if user is None:
        raise Unauthenticated("This account no longer exists.")
    timezone = user.timezone or caller.zone.key
    row = Preferences.get_or_none(Preferences.user == user)
    return MeView(
        id=user.id,
        email=user.email,
        timezone=timezone,
        created_at=user.created_at,
        preferences=preferences_view(row, timezone, user.day_starts_at or 0) if row else None,
    )


def preferences_view(row: Preferences, timezone: str, day_starts_at: int) -> PreferencesView:
    """Show `row`, with the defaults that hold for what it leaves open, and what the student's days are counted by."""
    return PreferencesView(
        goal=row.goal,
        daily_hours=row.daily_minutes / 60,
        focus_topics=row.focus_topics,
        timezone=timezone,
        availability=_windows(row),
        session_minutes=row.session_minutes or DEFAULT_SESSION_MINUTES,
        exams=_exams(row),
        day_starts_at=clock_of(day_starts_at),
        rest_days=row.rest_days or (),
        days_off=tuple(DaysOff.model_validate(span) for span in row.days_off or ()),
        language=row.language,
    )


def _windows(row: Preferences) -> tuple[AvailabilityEntry, ...]:
    return tuple(AvailabilityEntry(**window) for window in row.availability) if row.availability else DEFAULT_WINDOWS


def _exams(row: Preferences) -> tuple[ExamEntry, ...]:
    return tuple(ExamEntry.model_validate(exam) for exam in row.exams)


def _rest(rest_days: Iterable[int] | None, days_off: Iterable[Mapping[str, str]] | None) -> Rest:
    spans = [(date.fromisoformat(span["first"]), date.fromisoformat(span["last"])) for span in days_off or ()]
    return Rest(frozenset(rest_days or ()), tuple(spans))
