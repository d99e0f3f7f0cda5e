"""The summary, computed live from the sessions. Its cost is bounded by the range and the streak."""

from datetime import date, timedelta
from uuid import UUID

from schediora.dashboard.charts import buckets, shares
from schediora.dashboard.queries import numbers, streak_days
from schediora.dashboard.schemas import Range, SubjectShare, SummaryView, TrendPoint
from schediora.models.planner import Session
from schediora.users.queries import preferences_of

NOTHING_YET = "Nothing yet"
MOST_FOCUS_TOPICS = 5
LOOK_BACK = timedelta(days=30)
"""How far back the first look for a streak goes: as far as the longer range, so that one read serves both."""


def summary(user_id: UUID, today: date, chosen: Range) -> SummaryView:
    """Return the student's summary as of their local day `today`, all of it read at one moment."""
    bars = buckets(today, chosen)
    first, last = bars[0].first, bars[-1].last
    with Session.snapshot():
        found = numbers(user_id, first=today - LOOK_BACK, last=max(last, today), today=today)
        streak = streak_days(user_id, today, {row.day for row in found.completed}, today - LOOK_BACK)
        in_range = [row for row in found.completed if first <= row.day <= last]
        subjects = shares(in_range) or _nothing_yet(user_id)
    done_today = sum(row.sessions for row in found.completed if row.day == today)
    return SummaryView(
        range=chosen,
        today=today,
        today_completed=done_today + found.others_done,
        today_total=done_today + found.others,
        streak_days=streak,
        weekly_progress=[sum(row.sessions for row in in_range if bar.holds(row.day)) for bar in bars],
        focus_minutes_trend=[
            TrendPoint(label=bar.label, minutes=sum(row.minutes for row in in_range if bar.holds(row.day)))
            for bar in bars
        ],
        subject_distribution=subjects,
    )


def _nothing_yet(user_id: UUID) -> list[SubjectShare]:
    """Return what the chart names while nothing is completed: it needs an entry."""
    topics = preferences_of(user_id).focus_topics[:MOST_FOCUS_TOPICS] or (NOTHING_YET,)
    return [SubjectShare(subject=topic, minutes=0) for topic in topics]
