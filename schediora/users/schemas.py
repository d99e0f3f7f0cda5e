"""What the user calls take and show."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, Field, StringConstraints, model_validator

from schediora import localtime
from schediora.http.wire import Body, Day, Message, Text, View, Whole

SHORTEST_WINDOW_MINUTES = 15
"""A session needs at least this long."""
MAX_TOPICS = 10
MAX_WINDOWS = 50
MAX_EXAMS = 50


def _zone_name(name: str) -> str:
    try:
        localtime.zone(name)
    except ValueError:
        raise ValueError("must be an IANA time zone such as Asia/Jakarta") from None
    return name


def minute_of_day(clock: str) -> int:
    """Return the minutes since local midnight that `HH:MM` says; `24:00` is 1440."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _distinct_topics(topics: list[str]) -> list[str]:
    if len({topic.casefold() for topic in topics}) < len(topics):
        raise ValueError("must not name the same topic twice")
    return topics


ZoneName = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_zone_name)]
"""A name of the bundled time zone database."""
Topic = Annotated[str, Text(1, 120)]
Start = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", examples=["16:00"])]
End = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z", examples=["21:00"])]


class AvailabilityEntry(Body):
    """A time of the week that is free for study, on the local wall clock."""

    weekday: Annotated[int, Whole(1, 7)] = Field(description="ISO weekday: 1 is Monday, 7 is Sunday.")
    start: Start
    end: End = Field(description="`24:00` is the end of the day.")

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if minute_of_day(self.end) - minute_of_day(self.start) < SHORTEST_WINDOW_MINUTES:
            raise ValueError(f"must end at least {SHORTEST_WINDOW_MINUTES} minutes after it starts")
        return self


class ExamEntry(Body):
    """An examination and its local day."""

    topic: Annotated[str, Text(1, 120)]
    date: Day


def _apart(windows: list[AvailabilityEntry]) -> list[AvailabilityEntry]:
    in_order = sorted((window.weekday, minute_of_day(window.start), minute_of_day(window.end)) for window in windows)
    if any(day == next_day and next_start < end for (day, _, end), (next_day, next_start, _) in pairwise(in_order)):
        raise ValueError("must not have windows of one weekday that overlap")
    return windows


def _different_exams(exams: list[ExamEntry]) -> list[ExamEntry]:
    if len({(exam.topic.casefold(), exam.date) for exam in exams}) < len(exams):
        raise ValueError("must not name the same exam twice")
    return exams


class PreferencesUpdate(Body):
    """How a student wants to study. Optional fields that are left out keep their value."""

    goal: Annotated[str, Text(1, 180)]
    daily_hours: Annotated[float, Field(ge=0.5, le=16, multiple_of=0.5)]
    focus_topics: Annotated[
        list[Annotated[str, Text(1, 120)]],
        Field(min_length=1, max_length=MAX_TOPICS),
        AfterValidator(_distinct_topics),
    ]
    timezone: ZoneName | MISSING = Field(default=MISSING, examples=["Asia/Jakarta"])
    availability: (
        Annotated[list[AvailabilityEntry], Field(min_length=1, max_length=MAX_WINDOWS), AfterValidator(_apart)]
        | MISSING
    ) = MISSING
    session_minutes: Annotated[int, Whole(15, 180)] | MISSING = Field(
        default=MISSING, description="The longest single session."
    )
    exams: Annotated[list[ExamEntry], Field(max_length=MAX_EXAMS), AfterValidator(_different_exams)] | MISSING = Field(
        default=MISSING, description="An empty list clears them."
    )

    @property
    def daily_minutes(self) -> int:
        """The hours a day in minutes: whole, as they come in half hours."""
        return round(self.daily_hours * 60)


class PreferencesView(View):
    """A student's preferences in force, in the form that they are set in."""

    goal: str
    daily_hours: float
    focus_topics: Sequence[str]
    timezone: str
    availability: Sequence[AvailabilityEntry]
    session_minutes: int
    exams: Sequence[ExamEntry]


class PreferencesSaved(Message):
    """A confirmation with the preferences that now hold."""

    preferences: PreferencesView


class MeView(View):
    """Who is signed in."""

    id: UUID
    email: str
    timezone: str
    created_at: datetime
    preferences: PreferencesView | None = Field(description="Null until they are set.")
