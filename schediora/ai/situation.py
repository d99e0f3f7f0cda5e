"""All that a plan depends on, read at one moment: the student's words, their time, and what is in the planner
already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schediora.ai.content.brief import Brief, Studied
from schediora.http.caller import Caller
from schediora.models.ai import Job
from schediora.models.users import User
from schediora.planner.queries import busy_sessions, recent_sessions
from schediora.planner.scheduler.free_time import free_minutes
from schediora.planner.scheduler.problem import Week
from schediora.planner.student_week import week_frame
from schediora.users.queries import preferences_of

WEEK = timedelta(days=7)
REMEMBERED = timedelta(days=42)
"""How far back a plan looks: spacing gaps of a semester are weeks, not months (Cepeda et al. 2008)."""
WORTH_STARTING_MINUTES = 150
"""With less of this week left, and less than half of a whole one, a plan is written for a whole week instead."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The brief for the author and the two weeks that a plan can go into; `revision` changes with the planner."""

    revision: int
    brief: Brief
    this_week: Week
    next_week: Week


def situation_of(job: Job, caller: Caller, *, now: datetime) -> Situation:
    """Read the situation of the job's student at `now`."""
    monday, today = caller.monday(now), caller.today(now)
    with User.snapshot():
        user = User.get_by_id(caller.user_id)
        wishes = preferences_of(caller.user_id)
        there = busy_sessions(caller.user_id, monday, monday + 2 * WEEK - timedelta(days=1))
        remembered = recent_sessions(caller.user_id, today - REMEMBERED)
    busy = tuple(there.values())
    this_week = week_frame(caller, monday, wishes, busy, now=now)
    next_week = week_frame(caller, monday + WEEK, wishes, busy, now=now)
    left, whole = free_minutes(this_week), free_minutes(next_week)
    late = is_late(left, whole)
    brief = Brief(
        goal=job.goal,
        topic=job.topic,
        daily_minutes=wishes.daily_minutes,
        session_minutes=wishes.session_minutes,
        focus_topics=wishes.focus_topics,
        exams=this_week.exams,
        recent=tuple(map(_studied, remembered)),
        today=today,
        week_start=next_week.monday if late else monday,
        week_minutes=whole if late else left,
    )
    return Situation(user.planner_revision, brief, this_week, next_week)


def is_late(left_minutes: int, whole_minutes: int) -> bool:
    """Tell whether a week with so much free time left, of so much in a whole one, is too short to start a plan in."""
    return left_minutes < min(WORTH_STARTING_MINUTES, whole_minutes / 2)


def _studied(row: Any) -> Studied:
    minutes = row.actual_minutes or row.duration_minutes
    return Studied(row.topic, row.title, minutes, row.completed_at is not None, row.scheduled_on)
