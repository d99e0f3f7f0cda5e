"""The dashboard on the wire."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from schediora.http.wire import Query, View


class Range(StrEnum):
    """Which days the charts show: Monday to Sunday of this week, or the last 30, today included."""

    WEEK = "7d"
    MONTH = "30d"


class SummaryQuery(Query):
    """Which days the charts show."""

    range: Range = Field(default=Range.WEEK, description="Which days the charts show.")


class TrendPoint(View):
    """A bar of the chart: a day of this week, or seven days of the last 30."""

    label: str = Field(description="`Mon` to `Sun`, or `W1` to `W5`.", examples=["Mon"])
    minutes: int = Field(description="Completed, as long as they really took where the student said so.", examples=[90])


_DAYS = {"Mon": 45, "Tue": 90, "Wed": 45, "Thu": 0, "Fri": 0, "Sat": 0, "Sun": 0}
_WEEK = [{"label": label, "minutes": minutes} for label, minutes in _DAYS.items()]


class SubjectShare(View):
    """A slice of the chart: what was completed of a subject."""

    subject: str = Field(description="A topic, or `Other` for the rest of them.", examples=["Biology"])
    minutes: int = Field(description="Completed, as long as they really took where the student said so.", examples=[90])


class SummaryView(View):
    """How it is going: today, the streak, and the charts of the range, oldest first."""

    range: Range
    today: date = Field(description="The student's local day.")
    today_completed: int = Field(description="Those of `today_total` that are done.", examples=[1])
    today_total: int = Field(description="Sessions scheduled for today or completed today.", examples=[3])
    streak_days: int = Field(
        description="Days in a row with a completion, ending today, or yesterday while nothing is done yet today.",
        examples=[4],
    )
    weekly_progress: list[int] = Field(
        description="Completed sessions: of each of seven days, or of five times seven days that end today.",
        examples=[[1, 2, 1, 0, 0, 0, 0]],
    )
    focus_minutes_trend: list[TrendPoint] = Field(
        description="The minutes of `weekly_progress`, with labels.", examples=[_WEEK]
    )
    subject_distribution: list[SubjectShare] = Field(
        description="Completed minutes in the range by topic, largest first: five entries at most, and never none."
    )
