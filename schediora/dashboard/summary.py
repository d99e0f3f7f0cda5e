"""The summary, computed live from the sessions. Its cost is bounded by the range and the streak."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from uuid import UUID

from schediora.dashboard.charts import Bar, buckets, shares
from schediora.dashboard.exams import exams_ahead
from schediora.dashboard.queries import Days, days_with_a_completion, numbers
from schediora.dashboard.schemas import Range, SubjectShare
from schediora.dashboard.streaks import best_streak_days, streak_days
from schediora.http.caller import Caller
from schediora.http.wire import Shown
from schediora.localtime import DAYS_A_WEEK, week_start
from schediora.models.planner import Session
from schediora.planner.weeks import week_done
from schediora.syllabus.up_next import up_next_at
from schediora.users.queries import focus_topics_of, revision_and_rest

NOTHING_YET = "Nothing yet"
MOST_FOCUS_TOPICS = 5
_STUDENTS = 4096
LOOK_BACK = timedelta(days=30)
"""How far back the first look for a streak goes: as far as the longer range, so that one read serves both."""


def summary(caller: Caller, chosen: Range, *, now: datetime) -> Shown:
    """Return the caller's summary as of their local day at `now`, all of it read at one moment; `SummaryView` says what
    it holds.
    """
    user_id, today = caller.user_id, caller.today(now)
    bars = buckets(today, chosen)
    shown = Days(bars[0].first, bars[-1].last)
    first = today - LOOK_BACK
    with Session.snapshot():
        revision, rest = revision_and_rest(user_id)
        found = numbers(user_id, shown=shown, since=first, today=today)
        done_on = found.earlier.union(row.day for row in found.completed)
        streak = streak_days(today, done_on, first, rest.is_off, partial(days_with_a_completion, user_id))
        best = best_streak_days(user_id, today, done_on, rest, revision)
        subjects = shares(found.completed) or _nothing_yet(user_id)
        done = _week_done(user_id, week_start(today), revision)
        exams = exams_ahead(caller, today, revision)
        next_units = up_next_at(caller, today, revision)
    sessions_on: Counter[date] = Counter()
    minutes_on: Counter[date] = Counter()
    by_weekday = [0] * DAYS_A_WEEK
    for row in found.completed:
        sessions_on[row.day] += row.sessions
        minutes_on[row.day] += row.minutes
        by_weekday[row.day.weekday()] += row.minutes
    return {
        "range": chosen,
        "today": today,
        "today_completed": sessions_on[today] + found.others_done,
        "today_total": sessions_on[today] + found.others,
        "streak_days": streak,
        "best_streak_days": max(best, streak),
        "planned_minutes": found.planned_minutes,
        "done_minutes": minutes_on.total(),
        "weekly_progress": [_in_bar(sessions_on, bar) for bar in bars],
        "focus_minutes_trend": [{"label": bar.label, "minutes": _in_bar(minutes_on, bar)} for bar in bars],
        "by_weekday": by_weekday,
        "subject_distribution": subjects,
        "week_done": done,
        "exams": exams,
        "up_next": next_units,
    }


def _in_bar(on_days: Counter[date], bar: Bar) -> int:
    return sum(number for day, number in on_days.items() if bar.holds(day))


@lru_cache(maxsize=_STUDENTS)
def _week_done(user_id: UUID, monday: date, _revision: int) -> bool:
    """Tell whether the week is done, kept until the revision of the planner changes."""
    return week_done(user_id, monday)


def _nothing_yet(user_id: UUID) -> list[SubjectShare]:
    """Return what the chart names while nothing is completed: it needs an entry."""
    topics = focus_topics_of(user_id)[:MOST_FOCUS_TOPICS] or (NOTHING_YET,)
    return [SubjectShare(subject=topic, minutes=0) for topic in topics]
