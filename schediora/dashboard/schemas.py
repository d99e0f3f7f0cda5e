"""The dashboard on the wire."""

from datetime import date
from typing import Literal

from schediora.http.wire import Query, View

Range = Literal["7d", "30d"]


class SummaryQuery(Query):
    """Which days the charts show: this week's, or the last 30."""

    range: Range = "7d"


class TrendPoint(View):
    """A bar of the chart: a day of this week, or seven days of the last 30."""

    label: str
    minutes: int


class SubjectShare(View):
    """A slice of the chart: what was completed of a subject."""

    subject: str
    minutes: int


class SummaryView(View):
    """How it is going: today, the streak, and the range, oldest first. Minutes are what it really took, where known."""

    range: Range
    today: date
    today_completed: int
    today_total: int
    streak_days: int
    weekly_progress: list[int]
    focus_minutes_trend: list[TrendPoint]
    subject_distribution: list[SubjectShare]
