"""Reading students, and taking the lock under which everything of theirs is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from schediora import localtime
from schediora.db.statement import Statement, as_instant, as_json
from schediora.errors import Unauthenticated
from schediora.http.caller import Caller
from schediora.http.wire import Shown
from schediora.localtime import clock_of, minute_of_day
from schediora.models.users import User
from schediora.users.schemas import AvailabilityEntry, DaysOff, ExamEntry

DEFAULT_DAILY_MINUTES = 120
DEFAULT_SESSION_MINUTES = 45
DEFAULT_WINDOWS = tuple({"weekday": weekday, "start": "08:00", "end": "22:00"} for weekday in range(1, 8))

_REVISION = Statement("SELECT planner_revision FROM users WHERE id = ?")
_STORED = ", ".join(
    f"p.{name}"
    for name in (
        "goal",
        "daily_minutes",
        "focus_topics",
        "availability",
        "session_minutes",
        "exams",
        "rest_days",
        "days_off",
        "language",
    )
)
_PREFERENCES = Statement(f"SELECT {_STORED} FROM onboarding_preferences p WHERE p.user_id = ?")
_ME = Statement(f"""
    SELECT u.email, u.email_confirmed_at IS NOT NULL, u.timezone, u.created_at, u.day_starts_at, {_STORED}
    FROM users u LEFT JOIN onboarding_preferences p ON p.user_id = u.id WHERE u.id = ?""")
_WINDOW, _EXAM, _SPAN = (tuple(view.model_fields) for view in (AvailabilityEntry, ExamEntry, DaysOff))
_FOCUS_TOPICS = Statement("SELECT focus_topics FROM onboarding_preferences WHERE user_id = ?")
_REST = Statement("SELECT rest_days, days_off FROM onboarding_preferences WHERE user_id = ?")
_REVISION_AND_ROOM = Statement("SELECT planner_revision, room_for_sessions FROM users WHERE id = ?")
_REVISION_AND_REST = Statement("""
    SELECT u.planner_revision, p.rest_days, p.days_off
    FROM users u LEFT JOIN onboarding_preferences p ON p.user_id = u.id WHERE u.id = ?""")


def _minutes(windows: Iterable[Mapping[str, Any]]) -> tuple[tuple[int, int, int], ...]:
    """Return windows of the week as minutes since local midnight, in the week's order."""
    found = [(window["weekday"], minute_of_day(window["start"]), minute_of_day(window["end"])) for window in windows]
    return tuple(sorted(found))


_DEFAULT_MINUTES = _minutes(DEFAULT_WINDOWS)


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
    windows: tuple[tuple[int, int, int], ...] = _DEFAULT_MINUTES
    exams: tuple[tuple[str, date], ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """Preferences as they are stored; None where the student left something open."""

    goal: str
    daily_minutes: int
    focus_topics: list[str]
    availability: list[dict[str, Any]] | None
    session_minutes: int | None
    exams: list[dict[str, Any]]
    rest_days: list[int] | None
    days_off: list[dict[str, str]] | None
    language: str | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """Return what a row of the columns holds."""
        goal, minutes, topics, availability, session_minutes, exams, rest_days, days_off, language = row
        return cls(
            goal,
            minutes,
            as_json(topics),
            as_json(availability),
            session_minutes,
            as_json(exams),
            as_json(rest_days),
            as_json(days_off),
            language,
        )


def stored_preferences(user_id: UUID) -> Stored:
    """Return the student's preferences as they are stored; raise LookupError when they have not said."""
    for row in _PREFERENCES.rows(user_id):
        return Stored.of(row)
    raise LookupError("this student has no preferences")


def user_by_email(email: str) -> User | None:
    """Return the student whose address is `email`, in the form in which addresses are stored."""
    return User.get_or_none(User.email == email)


def email_of(user_id: UUID) -> str | None:
    """Return the student's address; None when they are gone."""
    row = User.select(User.email).where(User.id == user_id).tuples().first()
    return row[0] if row else None


def caller_of(user_id: UUID, default_timezone: str) -> Caller | None:
    """Return the student as a caller, for work that runs after their request; None when the account is gone."""
    found = User.select(User.timezone, User.day_starts_at).where(User.id == user_id).tuples().first()
    return Caller(user_id, localtime.zone(found[0] or default_timezone), found[1] or 0) if found else None


def preferences_of(user_id: UUID) -> StudyPreferences:
    """Return the student's preferences, with the defaults where they have not said."""
    try:
        stored = stored_preferences(user_id)
    except LookupError:
        return StudyPreferences()
    rest = _rest(stored.rest_days, stored.days_off)
    exams = [(date.fromisoformat(exam["date"]), exam["topic"]) for exam in stored.exams]
    return StudyPreferences(
        goal=stored.goal,
        daily_minutes=stored.daily_minutes,
        said_daily_minutes=stored.daily_minutes,
        session_minutes=stored.session_minutes or DEFAULT_SESSION_MINUTES,
        focus_topics=tuple(stored.focus_topics),
        windows=_minutes(stored.availability) if stored.availability else _DEFAULT_MINUTES,
        exams=tuple((topic, day) for day, topic in sorted(exams)),
        rest_days=rest.rest_days,
        days_off=rest.days_off,
        language=stored.language,
    )


def rest_of(user_id: UUID) -> Rest:
    """Return on which days the student does not study."""
    for rest_days, days_off in _REST.rows(user_id):
        return _rest(as_json(rest_days), as_json(days_off))
    return Rest()


def revision_and_room(user_id: UUID) -> tuple[int, int | None]:
    """Return what `revision_of` does, and how many sessions the student can add at least (None: not counted yet)."""
    return next(((int(revision), room) for revision, room in _REVISION_AND_ROOM.rows(user_id)), (0, None))


def revision_and_rest(user_id: UUID) -> tuple[int, Rest]:
    """Return what `revision_of` and `rest_of` do, in one read."""
    for revision, rest_days, days_off in _REVISION_AND_REST.rows(user_id):
        return int(revision), _rest(as_json(rest_days), as_json(days_off))
    return 0, Rest()


def focus_topics_of(user_id: UUID) -> tuple[str, ...]:
    """Return the student's focus topics; none when they have not said."""
    for (topics,) in _FOCUS_TOPICS.rows(user_id):
        return tuple(as_json(topics))
    return ()


def revision_of(user_id: UUID) -> int:
    """Return the number that every change to the student's preferences, lists and planner counts up; 0 for nobody's."""
    return next((int(revision) for (revision,) in _REVISION.rows(user_id)), 0)


def me(caller: Caller, *, confirms: bool) -> Shown:
    """Show the student, as `MeView` says; raise Unauthenticated when the account is gone.

    Where the server `confirms` no addresses, all count as confirmed.
    """
    for email, confirmed, zone_name, created_at, starts, goal, *rest in _ME.rows(caller.user_id):
        timezone = zone_name or caller.zone.key
        return {
            "id": caller.user_id,
            "email": email,
            "email_confirmed": bool(confirmed) or not confirms,
            "timezone": timezone,
            "created_at": as_instant(created_at),
            "preferences": goal and preferences_shown(Stored.of((goal, *rest)), timezone, starts or 0),
        }
    raise Unauthenticated("This account no longer exists.")


def preferences_shown(stored: Stored, timezone: str, day_starts_at: int) -> Shown:
    """Show what is `stored`, as `PreferencesView` says, with the defaults that hold for what it leaves open, and what
    the student's days are counted by.
    """
    return {
        "goal": stored.goal,
        "daily_hours": stored.daily_minutes / 60,
        "focus_topics": stored.focus_topics,
        "timezone": timezone,
        "availability": [_in_order(window, _WINDOW) for window in stored.availability or DEFAULT_WINDOWS],
        "session_minutes": stored.session_minutes or DEFAULT_SESSION_MINUTES,
        "exams": [_in_order(exam, _EXAM) for exam in stored.exams],
        "day_starts_at": clock_of(day_starts_at),
        "rest_days": stored.rest_days or [],
        "days_off": [_in_order(span, _SPAN) for span in stored.days_off or ()],
        "language": stored.language,
    }


def _in_order(stored: Mapping[str, Any], names: tuple[str, ...]) -> Shown:
    """Return the fields in their order, which Postgres does not keep."""
    return {name: stored[name] for name in names}


def _rest(rest_days: Iterable[int] | None, days_off: Iterable[Mapping[str, str]] | None) -> Rest:
    spans = [(date.fromisoformat(span["first"]), date.fromisoformat(span["last"])) for span in days_off or ()]
    return Rest(frozenset(rest_days or ()), tuple(spans))
