"""What the user calls take and show."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from schediora import localtime
from schediora.http.wire import Body, Day, Message, Text, View, Whole
from schediora.languages.tag import language_tag
from schediora.localtime import minute_of_day

SHORTEST_WINDOW_MINUTES = 15
"""A session needs at least this long."""
MAX_TOPICS = 10
MAX_WINDOWS = 50
MAX_EXAMS = 50
MAX_REST_DAYS = 6
MAX_DAYS_OFF = 20
LONGEST_DAYS_OFF = 92
"""How many days one span of days off has at most: a summer."""
_EARLY = re.compile(r"^(0[0-5]:[0-5][0-9]|06:00)$", re.ASCII)


def _zone_name(name: str) -> str:
    try:
        localtime.zone(name)
    except ValueError:
        raise ValueError("must be an IANA time zone such as Asia/Jakarta") from None
    return name


def _language(text: str) -> str:
    try:
        return language_tag(text)
    except ValueError:
        raise ValueError("must be a language tag (BCP 47) such as id or zh-Hant") from None


def _early(clock: str) -> str:
    if not _EARLY.fullmatch(clock):
        raise ValueError("must be a time from 00:00 to 06:00, such as 04:00")
    return clock


def _distinct_topics(topics: list[str]) -> list[str]:
    if len({topic.casefold() for topic in topics}) < len(topics):
        raise ValueError("must not name the same topic twice")
    return topics


ZoneName = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_zone_name)]
"""A name of the bundled time zone database."""
LanguageTag = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_language)]
"""A language as BCP 47 has it."""
Topic = Annotated[str, Text(1, 120), Field(examples=["Biology"])]
Start = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["16:00"])]
End = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["21:00"])]
DayStart = Annotated[
    str, AfterValidator(_early), WithJsonSchema({"type": "string", "pattern": _EARLY.pattern, "examples": ["04:00"]})
]
Weekday = Annotated[int, Whole(1, 7)]


_GOAL = "What the student wants to reach, in their own words."
_HOURS = "Hours of study a day, at most; in steps of half an hour."
_TOPICS = "What the student wants to learn, each topic once."
_ZONE = "The student's time zone (IANA); days and weeks are counted in it."
_WINDOWS = "When in the week the student can study."
_LONGEST = "The longest single session."
_EXAMS = "What the student prepares for."
_DAY_START = (
    "When the student's day starts, from `00:00` to `06:00`: what they do before it counts on the day before, also at "
    "the turn of a week. The weekdays of study times and the dates of exams are the calendar's."
)
_REST_DAYS = "The ISO weekdays on which nothing is planned; a streak passes over them."
_DAYS_OFF = "The days on which nothing is planned; a streak passes over them."
_LANGUAGE = "The language of the student's plans (BCP 47), English where Schediora does not write it"


class AvailabilityEntry(Body):
    """A time of the week that is free for study, on the local wall clock."""

    weekday: Weekday = Field(description="ISO weekday: 1 is Monday, 7 is Sunday.", examples=[1])
    start: Start = Field(description="When it begins, in the student's local time.")
    end: End = Field(description="When it ends; `24:00` is the end of the day.")

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if minute_of_day(self.end) - minute_of_day(self.start) < SHORTEST_WINDOW_MINUTES:
            raise ValueError(f"must end at least {SHORTEST_WINDOW_MINUTES} minutes after it starts")
        return self


class ExamEntry(Body):
    """An examination and its local day."""

    topic: Topic = Field(description="What it is in; sessions of this topic lead up to it.")
    date: Day = Field(description="The local day of the exam.", examples=["2026-12-18"])


class DaysOff(Body):
    """A span of days off, such as a holiday."""

    first: Day = Field(description="The first local day.", examples=["2026-12-21"])
    last: Day = Field(description="The last local day; the first again for a single day.", examples=["2027-01-03"])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("must not end before it starts")
        if (self.last - self.first).days >= LONGEST_DAYS_OFF:
            raise ValueError(f"must have at most {LONGEST_DAYS_OFF} days")
        return self


def _apart(windows: list[AvailabilityEntry]) -> list[AvailabilityEntry]:
    in_order = sorted((window.weekday, minute_of_day(window.start), minute_of_day(window.end)) for window in windows)
    if any(day == next_day and next_start < end for (day, _, end), (next_day, next_start, _) in pairwise(in_order)):
        raise ValueError("must not have windows of one weekday that overlap")
    return windows


def _different_weekdays(weekdays: list[int]) -> list[int]:
    if len(set(weekdays)) < len(weekdays):
        raise ValueError("must not name the same weekday twice")
    return sorted(weekdays)


def _spans_apart(spans: list[DaysOff]) -> list[DaysOff]:
    in_order = sorted(spans, key=lambda span: (span.first, span.last))
    if any(later.first <= earlier.last for earlier, later in pairwise(in_order)):
        raise ValueError("must not overlap")
    return in_order


def _different_exams(exams: list[ExamEntry]) -> list[ExamEntry]:
    if len({(exam.topic.casefold(), exam.date) for exam in exams}) < len(exams):
        raise ValueError("must not name the same exam twice")
    return exams


class PreferencesUpdate(Body):
    """How a student wants to study. Optional fields that are left out keep their value."""

    goal: Annotated[str, Text(1, 180)] = Field(description=_GOAL, examples=["Pass the biology exam"])
    daily_hours: Annotated[float, Field(ge=0.5, le=16, multiple_of=0.5)] = Field(description=_HOURS, examples=[2.5])
    focus_topics: Annotated[
        list[Topic], Field(min_length=1, max_length=MAX_TOPICS), AfterValidator(_distinct_topics)
    ] = Field(description=_TOPICS, examples=[["Biology", "Chemistry"]])
    timezone: ZoneName | MISSING = Field(default=MISSING, description=_ZONE, examples=["Asia/Jakarta"])
    availability: (
        Annotated[list[AvailabilityEntry], Field(min_length=1, max_length=MAX_WINDOWS), AfterValidator(_apart)]
        | MISSING
    ) = Field(
        default=MISSING,
        description=f"{_WINDOWS} Those of one weekday may touch but not overlap.",
        examples=[[{"weekday": 5, "start": "16:00", "end": "21:00"}, {"weekday": 6, "start": "09:00", "end": "12:30"}]],
    )
    session_minutes: Annotated[int, Whole(15, 180)] | MISSING = Field(
        default=MISSING, description=_LONGEST, examples=[45]
    )
    exams: Annotated[list[ExamEntry], Field(max_length=MAX_EXAMS), AfterValidator(_different_exams)] | MISSING = Field(
        default=MISSING,
        description=f"{_EXAMS} An empty list clears them.",
        examples=[[{"topic": "Biology", "date": "2026-12-18"}]],
    )
    day_starts_at: DayStart | MISSING = Field(default=MISSING, description=_DAY_START, examples=["04:00"])
    rest_days: (
        Annotated[list[Weekday], Field(max_length=MAX_REST_DAYS), AfterValidator(_different_weekdays)] | MISSING
    ) = Field(default=MISSING, description=f"{_REST_DAYS} An empty list clears them.", examples=[[7]])
    days_off: Annotated[list[DaysOff], Field(max_length=MAX_DAYS_OFF), AfterValidator(_spans_apart)] | MISSING = Field(
        default=MISSING,
        description=f"{_DAYS_OFF} An empty list clears them.",
        examples=[[{"first": "2026-12-21", "last": "2027-01-03"}]],
    )
    language: LanguageTag | MISSING | None = Field(
        default=MISSING,
        description=f"{_LANGUAGE}; null lets the topic, the goal and the time zone decide.",
        examples=["id"],
    )

    @property
    def daily_minutes(self) -> int:
        """The hours a day in minutes: whole, as they come in half hours."""
        return round(self.daily_hours * 60)


class PreferencesView(View):
    """A student's preferences in force, in the form that they are set in."""

    goal: str = Field(description=_GOAL, examples=["Pass the biology exam"])
    daily_hours: float = Field(description=_HOURS, examples=[2.5])
    focus_topics: Sequence[str] = Field(description=_TOPICS, examples=[["Biology", "Chemistry"]])
    timezone: str = Field(description=_ZONE, examples=["Asia/Jakarta"])
    availability: Sequence[AvailabilityEntry] = Field(description=_WINDOWS)
    session_minutes: int = Field(description=_LONGEST, examples=[45])
    exams: Sequence[ExamEntry] = Field(description=_EXAMS)
    day_starts_at: str = Field(description=_DAY_START, examples=["04:00"])
    rest_days: Sequence[int] = Field(description=_REST_DAYS, examples=[[7]])
    days_off: Sequence[DaysOff] = Field(description=_DAYS_OFF)
    language: str | None = Field(
        description=f"{_LANGUAGE}; null where the topic, the goal and the time zone decide.", examples=["id"]
    )


class PreferencesSaved(Message):
    """A confirmation with the preferences that now hold."""

    message: str = Field(description="What was done.", examples=["preferences updated"])
    preferences: PreferencesView


class MeView(View):
    """Who is signed in."""

    id: UUID = Field(description="The student's.")
    email: str = Field(description="What they sign in with.", examples=["student@example.com"])
    email_confirmed: bool = Field(
        description="Whether they followed a link that was sent there; true where the service sends no mail.",
        examples=[True],
    )
    timezone: str = Field(description="Which days and weeks are the student's (IANA).", examples=["Asia/Jakarta"])
    created_at: datetime = Field(description="When the student registered.", examples=["2026-03-02T07:30:00Z"])
    preferences: PreferencesView | None = Field(description="Null until they are set.")
