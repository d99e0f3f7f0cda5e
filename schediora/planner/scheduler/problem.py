"""The words of the time scheduler: what is to be placed, the week it goes into, and what comes out.

Those of placing anew what is there already are in `moving`.

Plain frozen values, so that the scheduler is a function of its input. Instants are aware and in UTC, days are local
dates, lengths are minutes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from schediora.localtime import DAYS_A_WEEK, local_day

TITLE_LENGTH = 180
SHORTEST_SESSION_MINUTES = 15
LONGEST_DAY_MINUTES = 16 * 60
LONGEST_SESSION_MINUTES = 180


def topic_key(topic: str) -> str:
    """Return what two spellings of one topic have in common: they are compared trimmed and without case."""
    return topic.strip().casefold()


class Kind(StrEnum):
    """What a step, and a session of it, is for; a session that the student made has none."""

    LEARN = "learn"
    PRACTICE = "practice"
    RECALL = "recall"
    REVIEW = "review"
    MOCK = "mock"


class Change(StrEnum):
    """Which of the student's preferences a suggestion is about."""

    DAILY_HOURS = "daily_hours"
    WINDOW = "window"
    SESSION_MINUTES = "session_minutes"


class ReasonCode(StrEnum):
    """Why something is where it is, or why it found no place."""

    FIRST = "first"
    SPREAD = "spread"
    CONTINUES = "continues"
    SAME_DAY = "same_day"
    SPACED = "spaced"
    AFTER_LEARNING = "after_learning"
    BEFORE_EXAM = "before_exam"
    KEPT = "kept"
    STILL_AHEAD = "still_ahead"
    AFTER_UNPLACED_STEP = "after_unplaced_step"
    EXAM_TOO_SOON = "exam_too_soon"
    NO_TIME_LEFT = "no_time_left"
    TOO_MANY = "too_many"
    WEEK_FULL = "week_full"
    PINNED = "pinned"
    IN_PROGRESS = "in_progress"
    DUE = "due"


class WhichWeek(StrEnum):
    """Which week a sentence is about, as its reader sees it."""

    THIS = "this"
    NEXT = "next"
    LATER = "later"


class Obstacle(StrEnum):
    """What is in the way when nothing of a plan can be placed."""

    NO_WINDOWS = "no_windows"
    WINDOWS_TOO_SHORT = "windows_too_short"
    TOO_LITTLE_TIME = "too_little_time"
    EXAM = "exam"
    ALL_BUSY = "all_busy"


@dataclass(frozen=True, slots=True)
class Since:
    """A session done earlier, which something builds on: its title and the local day on which it was done."""

    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: a title, how to do it, its topic, the kind of study it is, and the minutes it takes in all.

    Steps are given in study order. `after` are indexes of earlier steps whose sessions must have ended before this one
    starts (None: all earlier ones of its topic), `builds_on` those of them that a reason may name, and `since` the
    session of earlier weeks that it builds on. It lies on `earliest_day` or later, on `latest_day` or before, and is
    never split when it is `whole`. `in_parts` gives title and detail of part n of m (None: the title, numbered).

    `exams` are the days of the exams that concern it; None: those of `Week.exams` that share its `topic_key` (None: its
    topic, compared trimmed and without case).
    """

    title: str
    detail: str
    topic: str
    kind: Kind
    minutes: int
    after: tuple[int, ...] | None = None
    builds_on: tuple[int, ...] = ()
    since: Since | None = None
    earliest_day: date | None = None
    latest_day: date | None = None
    whole: bool = False
    topic_key: str | None = None
    exams: tuple[date, ...] | None = None
    in_parts: Callable[[int, int], tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Time to study on an ISO weekday (1 is Monday), in wall-clock minutes of the day (0 to 1440)."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A session that is there already: its minutes count on the local day `day`, and it takes up its time. One that is
    `done` takes up none, and `day` is the day on which it was.
    """

    starts_at: datetime
    minutes: int
    day: date
    topic: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam on a local day. What prepares for it ends before that day; on that day it is over for planning."""

    topic: str
    day: date
    topic_key: str | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """The frame to place in: the seven local days from `monday`, as seen at `now`, with the student's preferences.

    `habit_hours` are the local hours (0 to 23) at which the student's done sessions started, one for each session;
    empty: afternoons come first. `day_caps` is the most that is newly placed on a day, in minutes. `day_ends` is the
    minute of a day at which its sessions have ended, where there is free time before it. Nothing is placed on
    `days_off`. A day begins `day_starts_at` minutes after midnight, and the windows before that, of the next weekday,
    are its end. `busy_times` are what the student's own calendar takes up: like time outside the windows, they count
    for nothing else. `language` is the one of sentences.
    """

    monday: date
    now: datetime
    tz: ZoneInfo
    windows: tuple[Window, ...]
    daily_minutes: int
    session_minutes: int
    busy: tuple[Busy, ...] = ()
    busy_times: tuple[tuple[datetime, datetime], ...] = ()
    exams: tuple[Exam, ...] = ()
    habit_hours: tuple[int, ...] = ()
    day_caps: Mapping[date, int] = field(default_factory=dict)
    day_ends: Mapping[date, int] = field(default_factory=dict)
    days_off: frozenset[date] = frozenset()
    day_starts_at: int = 0
    language: str = "en"

    def day_of(self, instant: datetime) -> date:
        """Return the student's day of `instant`."""
        return local_day(instant, self.tz, self.day_starts_at)

    @property
    def today(self) -> date:
        """Return the student's day as the week is seen."""
        return self.day_of(self.now)

    @property
    def which(self) -> WhichWeek:
        """Return which week it is, as it is seen."""
        if self.monday <= self.today:
            return WhichWeek.THIS
        return WhichWeek.NEXT if self.monday - self.today <= timedelta(days=DAYS_A_WEEK) else WhichWeek.LATER


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is where it is, or is nowhere: a code for programs and a sentence for the student."""

    code: ReasonCode
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A placed session: part `part` of `parts` of the step at index `step`."""

    step: int
    part: int
    parts: int
    title: str
    detail: str
    topic: str
    kind: Kind
    minutes: int
    starts_at: datetime
    day: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A step that is not placed, the minutes it would take, and why."""

    step: int
    title: str
    minutes: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The one change of preferences that makes everything fit. The field named by `change` holds the new value.

    For `window` it is the window to have, which takes the place of `replaces`, or is new when that is None.
    """

    change: Change
    text: str
    daily_minutes: int | None = None
    session_minutes: int | None = None
    window: Window | None = None
    replaces: Window | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """What was placed (by `starts_at`), what was not, and how the two stand to the time there is.

    `needed_minutes` is the length of all steps, rounded as they would be placed. `available_minutes` is the free time
    before the exams, within the daily limit. `note` is about the fit: empty when everything is placed, else what to
    change. When nothing is placed, `obstacle` is what is in the way and the note begins with that.
    """

    pieces: tuple[Piece, ...]
    unplaced: tuple[Unplaced, ...]
    needed_minutes: int
    available_minutes: int
    suggestion: Suggestion | None = None
    note: str = ""
    obstacle: Obstacle | None = None

    @property
    def placed_minutes(self) -> int:
        """Return the length of what is placed."""
        return sum(piece.minutes for piece in self.pieces)
