"""What a plan's content is written from: a student's goal, topic, time, exams and what they did lately."""

from dataclasses import dataclass
from datetime import date

from schediora.planner.scheduler.problem import Exam

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Studied:
    """A session of the last weeks: what it was about, its length in minutes, whether it was done, and its local day."""

    topic: str
    title: str
    minutes: int
    done: bool
    day: date


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a provider may know of a student.

    `today` is the student's local day and `week_start` the Monday of the planned week; `week_minutes` is the time
    that this week has for the plan, `daily_minutes` the most that a day may hold and `session_minutes` the longest
    single session. `recent` is oldest first.
    """

    goal: str
    topic: str
    daily_minutes: int
    session_minutes: int
    focus_topics: tuple[str, ...]
    exams: tuple[Exam, ...]
    recent: tuple[Studied, ...]
    today: date
    week_start: date
    week_minutes: int

    @property
    def from_day(self) -> date:
        """Return the first local day of the planned week that is not over."""
        return max(self.today, self.week_start)
