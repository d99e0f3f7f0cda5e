"""The sample student: five weeks of plans and sessions that end with the current one, told through the services.

Time is a value to the services, so the weeks are lived through as they would have been: each plan is made on its
Monday, each session is completed when it ends.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schediora import localtime
from schediora.http.caller import Caller
from schediora.models.users import User
from schediora.planner.redating import redate
from schediora.planner.schemas import PlanCreate, SessionCreate, SessionUpdate
from schediora.planner.service import append_session, create_plan, update_session
from schediora.planner.session_lists import views, week_page
from schediora.syllabus.view import unit_title
from schediora.users.locking import lock_student
from schediora.users.schemas import PreferencesUpdate
from schediora.users.service import add_user, set_preferences

EMAIL = "yozi@schediora.dev"
PASSWORD = "12345678"
"""The pair that the app's login screen is filled with. Nobody can choose such a password any more."""

_PLANNING_MINUTE = 7 * 60
_PREFERENCES = {
    "goal": "Semester exam",
    "daily_hours": 2.5,
    "focus_topics": ["Math", "Biology", "Chemistry", "Physics", "English"],
    "availability": [
        *({"weekday": day, "start": "15:30", "end": "21:00"} for day in range(1, 6)),
        *({"weekday": day, "start": "09:00", "end": "18:00"} for day in (6, 7)),
    ],
    "session_minutes": 90,
}
_EXAMS_IN_DAYS = {"Biology": 12, "Math": 19, "Chemistry": 26}


@dataclass(frozen=True, slots=True)
class _Session:
    """A session on an ISO weekday, from `hour`:`minute` on the local wall clock."""

    weekday: int
    hour: int
    minute: int
    minutes: int
    topic: str
    title: str


@dataclass(frozen=True, slots=True)
class _Week:
    """A week's plan, called like its first session; `missed` are the weekdays whose sessions were never done."""

    sessions: tuple[_Session, ...]
    missed: frozenset[int] = field(default=frozenset())


_WEEKS = (
    _Week(
        (
            _Session(1, 16, 0, 45, "Math", "Back into the rhythm: ten linear equations"),
            _Session(2, 16, 30, 45, "Biology", "Cell organelles: draw and label from memory"),
            _Session(3, 16, 0, 30, "English", "Past tenses: correct an old essay"),
            _Session(4, 17, 0, 45, "Physics", "Velocity and acceleration: read a motion graph"),
            _Session(6, 10, 0, 60, "Chemistry", "Atomic structure: electrons shell by shell"),
        ),
        missed=frozenset({3, 4}),
    ),
    _Week(
        (
            _Session(1, 16, 0, 60, "Biology", "Foundations: diffusion and osmosis"),
            _Session(2, 16, 0, 45, "Math", "Quadratic equations: complete the square"),
            _Session(3, 17, 0, 45, "Chemistry", "The periodic table: trends and why they hold"),
            _Session(5, 16, 0, 30, "English", "Reading: one article, five new words"),
            _Session(6, 10, 0, 60, "Physics", "Newton's second law: forces on a slope"),
            _Session(7, 11, 0, 45, "Math", "Quadratic equations: mixed problems without notes"),
        ),
        missed=frozenset({5}),
    ),
    _Week(
        (
            _Session(1, 16, 0, 45, "Chemistry", "Practice week: ionic and covalent bonds"),
            _Session(2, 16, 0, 60, "Math", "Functions: from table to graph and back"),
            _Session(3, 16, 30, 45, "Biology", "Enzymes: what temperature and pH change"),
            _Session(4, 17, 0, 45, "Physics", "Energy: kinetic, potential and where it goes"),
            _Session(6, 9, 30, 60, "Chemistry", "Balancing equations: fifteen by hand"),
            _Session(7, 11, 0, 45, "English", "An opinion essay: outline and first draft"),
        ),
        missed=frozenset({4}),
    ),
    _Week(
        (
            _Session(1, 16, 0, 45, "Math", "Closing the gaps: systems of equations"),
            _Session(2, 16, 0, 45, "Biology", "Photosynthesis: both stages from memory"),
            _Session(3, 16, 30, 45, "Chemistry", "Moles: convert between grams and particles"),
            _Session(4, 17, 0, 45, "English", "Conditionals: twelve sentences, then check"),
            _Session(5, 16, 0, 60, "Physics", "Momentum: collisions in one dimension"),
            _Session(6, 10, 0, 60, "Math", "Old exam paper, part one, against the clock"),
            _Session(7, 11, 0, 45, "Biology", "Respiration beside photosynthesis: compare"),
        ),
    ),
    _Week(
        (
            _Session(1, 16, 0, 45, "Biology", "Getting ready for the Biology exam: genetics"),
            _Session(2, 16, 0, 45, "Math", "Sequences: find the rule, then the sum"),
            _Session(3, 16, 30, 60, "Biology", "DNA to protein: tell the story without notes"),
            _Session(4, 17, 0, 45, "Chemistry", "Acids and bases: what pH says"),
            _Session(5, 16, 0, 45, "Biology", "Mixed recall: cells, enzymes, genetics"),
            _Session(5, 17, 0, 30, "English", "Linking words: improve last week's essay"),
            _Session(6, 10, 0, 60, "Physics", "Work and power: five worked, five alone"),
            _Session(7, 10, 0, 90, "Biology", "Mock exam, marked the same day"),
        ),
    ),
)


def add_sample_student(password_hash: str, *, email: str = EMAIL, default_timezone: str, now: datetime) -> int:
    """Store the student, whose address is `email`, and five weeks up to the local week of `now`, or nothing.

    Returns how many sessions there are. Raises peewee.IntegrityError when the address is taken.
    """
    zone = localtime.zone(default_timezone)
    monday = localtime.week_start(localtime.local_day(now, zone))
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(len(_WEEKS)))]
    started = min(localtime.at_minute(mondays[0], _PLANNING_MINUTE, zone), now)
    with User.transaction():
        user = add_user(email, password_hash, None, now=started)
        caller = Caller(user.id, zone)
        lock_student(user.id)
        today = caller.today(now)
        exams = [{"topic": topic, "date": f"{today + timedelta(days=days)}"} for topic, days in _EXAMS_IN_DAYS.items()]
        wish = PreferencesUpdate.model_validate({**_PREFERENCES, "exams": exams})
        set_preferences(caller, wish, redate, now=started)
        for first_day, week in zip(mondays, _WEEKS, strict=True):
            _live_through(caller, week, first_day, now=now)
    return sum(len(week.sessions) for week in _WEEKS)


def _live_through(caller: Caller, week: _Week, monday: date, *, now: datetime) -> None:
    """Make the plan of the week of `monday`, and complete what was done of it by `now`."""
    planned_at = min(localtime.at_minute(monday, _PLANNING_MINUTE, caller.zone), now)
    first, *others = (_wish(session, monday, caller.zone) for session in week.sessions)
    create_plan(caller, PlanCreate.model_validate(first), unit_title, now=planned_at)
    for other in others:
        append_session(caller, SessionCreate.model_validate(other), unit_title, now=planned_at)
    for session in views(week_page(caller.user_id, monday, rows=len(week.sessions), after=None), monday):
        ends_at = session.scheduled_at + timedelta(minutes=session.duration_minutes)
        if ends_at <= now and session.scheduled_on.isoweekday() not in week.missed:
            update_session(caller, session.id, SessionUpdate.model_validate_json('{"status": "done"}'), now=ends_at)


def _wish(session: _Session, monday: date, zone: ZoneInfo) -> dict[str, Any]:
    day = monday + timedelta(days=session.weekday - 1)
    starts_at = localtime.at_minute(day, session.hour * 60 + session.minute, zone)
    return {
        "title": session.title,
        "topic": session.topic,
        "duration_minutes": session.minutes,
        "scheduled_at": starts_at.isoformat(),
    }
