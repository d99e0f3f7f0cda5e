"""The frame of a week's plan: what goes into it and what comes out, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from schediora.localtime import DAYS_A_WEEK
from schediora.memory.replay import Rating, UnitMemory
from schediora.planner.scheduler.problem import Kind
from schediora.syllabus.syllabus import Syllabus, SyllabusUnit


class Role(StrEnum):
    """The kind of work that a slot is, finer than the kinds that sessions have."""

    LESSON = "lesson"
    PRACTICE = "practice"
    MIXED = "mixed"
    RECALL = "recall"
    REVIEW = "review"
    REWORK = "rework"
    MOCK = "mock"
    DIAGNOSTIC = "diagnostic"
    LIGHT_REVIEW = "light_review"


KIND_OF = {
    Role.LESSON: Kind.LEARN,
    Role.PRACTICE: Kind.PRACTICE,
    Role.MIXED: Kind.PRACTICE,
    Role.RECALL: Kind.RECALL,
    Role.REVIEW: Kind.REVIEW,
    Role.REWORK: Kind.PRACTICE,
    Role.MOCK: Kind.MOCK,
    Role.DIAGNOSTIC: Kind.MOCK,
    Role.LIGHT_REVIEW: Kind.REVIEW,
}


class Why(StrEnum):
    """What the slot's minutes are for."""

    NEW = "new"
    MISSED = "missed"
    DUE = "due"
    AGAIN = "again"
    WEAK = "weak"
    EXAM = "exam"


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session of the last weeks, of any plan. `day` is the local day it was planned for; `units` are keys.

    `planned_minutes` and `actual_minutes` are its length as planned and as it really took. `from_plan` tells that a
    generated plan made it, and `pace` how many minutes it was then given for each that it usually takes.
    """

    id: UUID
    topic: str
    title: str
    units: tuple[str, ...]
    kind: Kind | None
    planned_minutes: int
    actual_minutes: int | None
    day: date
    done_on: date | None
    rating: Rating | None
    builds_on: tuple[UUID, ...] = ()
    from_plan: bool = True
    role: Role | None = None
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class DayTime:
    """The free minutes of one local day of the planned week, within the windows and the daily limit."""

    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the plan: its units, what is remembered of them (by key), and the days of its coming exams."""

    syllabus: Syllabus
    memories: Mapping[str, UnitMemory]
    exams: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Student:
    """What a week's frame depends on besides its topics.

    `today` is the student's day, `monday` that of the planned week. `days` are the days of it that are left, in order.
    `daily_minutes` is the most that a day may hold, None when the student never said; `longest_session_minutes` the
    longest session that their windows and wishes allow. `past` are the sessions of the last 42 days, open ones of
    earlier days included, oldest first. `focus` are the student's focus topics in their own words. `rest_days` are the
    ISO weekdays on which they do not study, `days_off` spans of days, the first and the last of each.
    """

    today: date
    monday: date
    days: tuple[DayTime, ...]
    daily_minutes: int | None
    longest_session_minutes: int
    focus: tuple[str, ...] = ()
    past: tuple[PastSession, ...] = ()
    rest_days: frozenset[int] = frozenset()
    days_off: tuple[tuple[date, date], ...] = ()

    def is_off(self, day: date) -> bool:
        """Tell whether the student does not study on `day`."""
        return day.isoweekday() in self.rest_days or any(first <= day <= last for first, last in self.days_off)

    @property
    def study_days_a_week(self) -> int:
        """Return how many days of a usual week are not off."""
        return DAYS_A_WEEK - len(self.rest_days)

    def run_up_to(self, exam: date) -> date:
        """Return the day that the work before `exam` leads up to: the exam's, and where several days off lie before it
        the day after the first of them. A single day off there is the rest that an exam needs.
        """
        off = 0
        while exam - (off + 2) * _DAY > self.today and self.is_off(exam - (off + 1) * _DAY):
            off += 1
        return exam - max(0, off - 1) * _DAY

    def as_if_never_off(self, first: date, exam: date) -> date:
        """Return when `exam` would be if as many days of study as there are from `first` on came without days off:
        these bring it nearer. Days of rest in every week do not, as what is done in a week is done without them.
        """
        days = sum(not self.is_off(first + number * _DAY) for number in range((exam - first).days))
        return first + round(days * DAYS_A_WEEK / self.study_days_a_week) * _DAY

    @property
    def free_minutes(self) -> int:
        """Return the free minutes of the planned week that are left."""
        return sum(day.minutes for day in self.days)


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of the plan before it has words.

    `topic` is the student's spelling. `units` are what it is about (empty where the subject is unknown: `turn` then
    counts the slots of the same role from 0, weeks included, so that words can differ). `minutes` is its whole length.
    `after` are indexes of slots of the same frame that must have ended before this one starts: an acyclic graph,
    every index lower than the slot's own. `builds_on` are ids of earlier sessions (a recall's lesson, a rework's
    mock) and `after` says the same within the frame. `latest_day` is the last local day on which it helps, `whole`
    tells that it is never split. `missed_on` is the day on which the student missed it before.
    """

    role: Role
    why: Why
    topic: str
    units: tuple[SyllabusUnit, ...]
    minutes: int
    after: tuple[int, ...] = ()
    builds_on: tuple[UUID, ...] = ()
    latest_day: date | None = None
    earliest_day: date | None = None
    whole: bool = False
    missed_on: date | None = None
    turn: int = 0

    @property
    def kind(self) -> Kind:
        """Return the kind that its sessions have."""
        return KIND_OF[self.role]


class NoteCode(StrEnum):
    """What a student should know of the frame as a whole; the words are elsewhere."""

    NOT_EVERYTHING = "not_everything"
    """Not every unit can be learned before the exam; values: learned, units, topic."""
    MORE_IS_NOT_USEFUL = "more_is_not_useful"
    """More hours are offered than there is something useful to do; values: minutes, topic."""
    UNKNOWN_SUBJECT = "unknown_subject"
    """The subject is unknown: chapters or focus topics would help; values: topic."""
    LESS_THAN_OFFERED = "less_than_offered"
    """The plan follows what was really done in the last weeks; values: minutes."""
    SHORTER_PAPER = "shorter_paper"
    """The mock is shorter than the real paper, because no session can hold it; values: minutes, paper_minutes."""


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about the frame, before it has words; `values` fill it."""

    code: NoteCode
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Frame:
    """The slots of a week in study order, and what to say about them; `pace` is how many minutes they have for each
    that they usually take.
    """

    slots: tuple[Slot, ...]
    notes: tuple[Note, ...] = ()
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """What `frame_of` is given."""

    student: Student
    topics: tuple[Topic, ...]
