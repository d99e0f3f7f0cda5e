"""Reading students, and taking the lock under which everything of theirs is written."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from schediora import localtime
from schediora.db.statement import Statement, as_json
from schediora.errors import Unauthenticated
from schediora.http.caller import Caller
from schediora.models.users import Preferences, User
from schediora.users.schemas import AvailabilityEntry, ExamEntry, MeView, PreferencesView, minute_of_day

DEFAULT_DAILY_MINUTES = 120
DEFAULT_SESSION_MINUTES = 45
DEFAULT_WINDOWS = tuple(AvailabilityEntry(weekday=weekday, start="08:00", end="22:00") for weekday in range(1, 8))

_FOCUS_TOPICS = Statement("SELECT focus_topics FROM onboarding_preferences WHERE user_id = ?")


@dataclass(frozen=True, slots=True)
class StudyPreferences:
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
    )


def focus_topics_of(user_id: UUID) -> tuple[str, ...]:
    """Return the student's focus topics; none when they have not said."""
    for (topics,) in _FOCUS_TOPICS.rows(user_id):
        return tuple(as_json(topics))
    return ()


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
        preferences=preferences_view(row, timezone) if row else None,
    )


def preferences_view(row: Preferences, timezone: str) -> PreferencesView:
    """Show `row`, with the defaults that hold for what it leaves open."""
    return PreferencesView(
        goal=row.goal,
        daily_hours=row.daily_minutes / 60,
        focus_topics=row.focus_topics,
        timezone=timezone,
        availability=_windows(row),
        session_minutes=row.session_minutes or DEFAULT_SESSION_MINUTES,
        exams=_exams(row),
        language=row.language,
    )


def _windows(row: Preferences) -> tuple[AvailabilityEntry, ...]:
    return tuple(AvailabilityEntry(**window) for window in row.availability) if row.availability else DEFAULT_WINDOWS


def _exams(row: Preferences) -> tuple[ExamEntry, ...]:
    return tuple(ExamEntry.model_validate(exam) for exam in row.exams)
