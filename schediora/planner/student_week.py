"""A student's week as the scheduler takes it: their preferences, and what is there already."""

from collections.abc import Iterable
from datetime import date, datetime

from schediora.http.caller import Caller
from schediora.languages.language import FALLBACK
from schediora.localtime import week_days
from schediora.planner.scheduler.problem import Busy, Exam, Week, Window
from schediora.subjects.exams import exam_days
from schediora.users.queries import StudyPreferences


def week_frame(
    caller: Caller,
    monday: date,
    preferences: StudyPreferences,
    busy: Iterable[Busy],
    *,
    now: datetime,
    busy_times: Iterable[tuple[datetime, datetime]] = (),
    language: str = FALLBACK,
    habit_hours: tuple[int, ...] = (),
) -> Week:
    """Return the week that starts on the local day `monday`, as seen at `now`; sentences about it are in `language`
    (BCP 47), and `habit_hours` are the local hours at which the student studies. `busy_times` are what their own
    calendar takes up. Nothing has a place on the days on
    which they do not study.
    """
    return Week(
        monday=monday,
        now=now,
        tz=caller.zone,
        windows=tuple(Window(*window) for window in preferences.windows),
        daily_minutes=preferences.daily_minutes,
        session_minutes=preferences.session_minutes,
        busy=tuple(busy),
        busy_times=tuple(busy_times),
        habit_hours=habit_hours,
        exams=tuple(Exam(topic, day) for topic, day in preferences.exams),
        days_off=frozenset(filter(preferences.is_off, week_days(monday))),
        day_starts_at=caller.day_starts_at,
        language=language,
    )


def exams_of(topic: str, week: Week) -> tuple[date, ...]:
    """Return the local days of the exams that what is studied in `topic` can still prepare for, the nearest first."""
    return exam_days(topic, ((exam.topic, exam.day) for exam in week.exams), week.today)
