"""How many minutes of the planned week a plan takes: most of what is offered, and no more than is really done."""

from collections.abc import Sequence
from datetime import date, timedelta

from schediora.ai.curriculum.draft import LONGEST_LIGHT_REVIEW, SHORTEST_SLOT
from schediora.ai.curriculum.frame import DayTime, PastSession, Student
from schediora.localtime import A_WEEK, week_start

FEWEST_SLOTS = 6
MOST_SLOTS = 10
"""The published app shows so many steps."""
MOST_DAILY_MINUTES = 240
"""More than four hours a day of own study brings little without more to learn."""
EVE_MINUTES = 120
"""The most that is planned when a student asks on the eve of an exam."""

_DEFAULT_DAILY_MINUTES = 120
_SHARE = 0.8
"""Of what is offered: a plan without slack breaks at the first thing that comes between."""
_UNSAID_SHARE = 0.5
_MOST_SHARE = 0.9
_LEAST_SHARE = 0.3
_GROWTH = 1.2
_WEEKS = 2
_PARTIAL_WEEK_DAYS = 4
_RATIO_LIMITS = (0.5, 2.0)
_FEWEST_TIMED = 2


def usable_days(student: Student, exam: date | None, after: date | None = None) -> tuple[DayTime, ...]:
    """Return the days on which studying helps for `exam`: those before it, none before the day `after` it follows.

    The eve keeps at most 30 minutes where another day is left before it.
    """
    days = [
        DayTime(day.day, min(day.minutes, MOST_DAILY_MINUTES))
        for day in student.days
        if day.minutes >= SHORTEST_SLOT and (exam is None or day.day < exam) and (after is None or day.day >= after)
    ]
    if exam and len(days) > 1 and days[-1].day == exam - timedelta(days=1):
        days[-1] = DayTime(days[-1].day, min(days[-1].minutes, LONGEST_LIGHT_REVIEW))
    return tuple(days)


def is_eve_alone(days: Sequence[DayTime], exam: date | None) -> bool:
    """Return whether the only one of `days` is the eve of `exam`."""
    return exam is not None and len(days) == 1 and days[0].day == exam - timedelta(days=1)


def wanted_minutes(student: Student, offered: int, *, pressing: bool) -> tuple[int, bool]:
    """Return how many of the `offered` minutes a plan should take, and whether that follows what was really done.

    `pressing` tells that an exam is only days away. Once two weeks with a plan are over it is what was done in them a
    week, and a fifth more.
    """
    share = _UNSAID_SHARE if student.daily_minutes is None else _SHARE
    if pressing:
        share = _MOST_SHARE
    least = SHORTEST_SLOT * FEWEST_SLOTS
    usual = max(share * offered, min(least, offered))
    done = _done_a_week(student)
    if done is None:
        return int(usual), False
    week, kept_up = done
    full = sum(not student.is_off(day.day) for day in student.days) / student.study_days_a_week
    followed = max(_LEAST_SHARE * offered, least, week * _GROWTH * full)
    wanted = max(followed, usual) if kept_up else followed
    wanted = max(min(wanted, _MOST_SHARE * offered), min(least, offered))
    return int(wanted), wanted < usual


def pace_of_work(student: Student) -> float:
    """Return how many minutes this student takes for each that a step usually takes, 1 where that is not known twice.

    Once plans follow their pace what they take is what is planned, so that is counted out: it would undo itself.
    """
    timed = [session for session in student.past if session.done_on and session.actual_minutes]
    usual = sum(session.planned_minutes / session.pace for session in timed)
    if len(timed) < _FEWEST_TIMED or not usual:
        return 1.0
    low, high = _RATIO_LIMITS
    return min(max(sum(session.actual_minutes or 0 for session in timed) / usual, low), high)


def daily_minutes(student: Student) -> int:
    """Return the minutes that the student offers a day."""
    return student.daily_minutes or _DEFAULT_DAILY_MINUTES


def _done_a_week(student: Student) -> tuple[float, bool] | None:
    """Return the minutes done a week in the last two planned weeks that are over, and whether all of it was done."""
    this_week = week_start(student.today)
    weeks = sorted({week_start(session.day) for session in student.past if session.from_plan})
    weeks = [week for week in weeks if week < min(this_week, student.monday)][-_WEEKS:]
    if len(weeks) < _WEEKS:
        return None
    done, kept_up = 0.0, True
    for week in weeks:
        planned = [session for session in student.past if session.from_plan and week_start(session.day) == week]
        did = sum(
            _minutes(session)
            for session in student.past
            if session.from_plan and session.done_on and week_start(session.done_on) == week
        )
        span = (week + A_WEEK - min(session.day for session in planned)).days
        done += did * (7 / span if span <= _PARTIAL_WEEK_DAYS else 1)
        kept_up = kept_up and all(session.done_on for session in planned)
    return done / _WEEKS, kept_up


def _minutes(session: PastSession) -> int:
    return session.actual_minutes or session.planned_minutes
