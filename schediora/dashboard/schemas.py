"""The dashboard on the wire."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field

from schediora.http.wire import Query, View
from schediora.syllabus.schemas import CoverageView, UpNextView

LocalDay = date


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


class ExamAhead(View):
    """An exam that is not past, and how far the student is on the way to it."""

    topic: str = Field(description="What it is in.", examples=["Biology"])
    date: LocalDay = Field(description="Its local day.", examples=["2026-12-18"])
    days_left: int = Field(description="From today to its day; 0 is today.", examples=[22])
    coverage: CoverageView | None = Field(
        description="How much of the topic is learned, and will be by that day; null where there are no units."
    )


class SummaryView(View):
    """How it is going: today, the streak, and the charts of the range, oldest first."""

    range: Range
    today: date = Field(description="The student's local day.")
    today_completed: int = Field(description="Those of `today_total` that are done.", examples=[1])
    today_total: int = Field(description="Sessions scheduled for today or completed today.", examples=[3])
    streak_days: int = Field(
        description="Days in a row with a completion, ending today, or yesterday while nothing is done yet today. Rest "
        "days and days off count with a completion; without one they neither add nor break it.",
        examples=[4],
    )
    best_streak_days: int = Field(
        description="The most days in a row with a completion of the last 366 days, the streak among them.",
        examples=[12],
    )
    planned_minutes: int = Field(
        description="The planned lengths of all sessions that are scheduled on the days of the range, done or not.",
        examples=[405],
    )
    done_minutes: int = Field(
        description="What was completed on the days of the range, as in the charts.", examples=[180]
    )
    weekly_progress: list[int] = Field(
        description="Completed sessions: of each of seven days, or of five times seven days that end today.",
        examples=[[1, 2, 1, 0, 0, 0, 0]],
    )
    focus_minutes_trend: list[TrendPoint] = Field(
        description="The minutes of `weekly_progress`, with labels.", examples=[_WEEK]
    )
    by_weekday: list[int] = Field(
        description="The completed minutes of the range by weekday, Monday first.", examples=[[45, 90, 45, 0, 0, 0, 0]]
    )
    subject_distribution: list[SubjectShare] = Field(
        description="Completed minutes in the range by topic, largest first: five entries at most, and never none."
    )
    week_done: bool = Field(description="This week has sessions, and all of them are done.", examples=[False])
    exams: Sequence[ExamAhead] = Field(description="The exams of the preferences from today on, the soonest first.")
    up_next: Sequence[UpNextView] = Field(
        description="What could come next, five units at most: what is due or went wrong, the most overdue first, then "
        "the next new one of each topic. It leaves out what is in an open session, and is empty where nobody knows "
        "what there is to learn."
    )
