"""One topic's share of a week while its steps are being chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from schediora.ai.curriculum.draft import (
    LONGEST_RECALL,
    LONGEST_REVIEW,
    LONGEST_SLOT,
    SHORTEST_SLOT,
    Draft,
    ideal_minutes,
    least_minutes,
    length,
)
from schediora.ai.curriculum.frame import DayTime, Role, Why
from schediora.ai.curriculum.progress import Lesson, Progress
from schediora.syllabus.syllabus import SyllabusUnit

MOST_RECALLED = 4
"""Units in one recall."""
MIXED_UNITS = 3
"""Units in one mixed practice."""

_LESSON_MINUTES = 60
_LEAST_OF_LESSON = 0.4
_WORTHWHILE_MINUTES, _TIGHT_LESSON_MINUTES, _LEAST_LESSON_MINUTES = 25, 20, 35
_HARDLY_ANY_MINUTES, _LITTLE_MINUTES, _TIGHT_MINUTES = 20, 32, 37
"""For each step that there has to be."""
PRACTICE_OF_LESSON = 0.6
_RECALL_MINUTES, _RECALL_MINUTES_MORE = 20, 8
_MIXED_MINUTES, _REVIEW_MINUTES = 60, 45
_LONGEST_MIXED = 180
_LESSON_STEP, _PRACTICE_LATER, _RECALL_LATER = 10.0, 14.0, 26.0
_LATE = 500.0
_STRETCHED = 0.1
"""What is left at most is given to the steps that there are, not to one more."""


@dataclass(frozen=True, slots=True)
class Room:
    """What one topic gets of the week: `minutes` for `fewest` to `most` steps on `days`, before `exam` if any.

    `longest` is the longest session that there can be, `paper` how long a mock takes, `scale` how many minutes the
    student takes for each planned one. `in_list_order` tells that the student's own order binds, and `rests_before`
    that the day before the exam is off.
    """

    minutes: int
    fewest: int
    most: int
    days: tuple[DayTime, ...]
    exam: date | None
    longest: int
    paper: int
    scale: float = 1.0
    in_list_order: bool = False
    rests_before: bool = False


@dataclass(slots=True)
class Composition:
    """The steps chosen so far. `opening` is a mock that everything else comes after, `earliest` and `latest` the days
    between which they help, `before` the lessons of the same topic that lead up to an earlier exam of this week.
    """

    progress: Progress
    room: Room
    latest: date | None = None
    opening: Draft | None = None
    earliest: date | None = None
    before: Mapping[str, Draft] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    lessons: list[tuple[Lesson, Draft]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Return whether there are steps enough, or enough of them for the minutes."""
        count = len(self.drafts)
        return count >= self.room.most or (count >= self.room.fewest and self.spare <= _STRETCHED * self.room.minutes)

    @property
    def spare(self) -> int:
        """Return the minutes that are left when every step has the length it should have."""
        return self.room.minutes - ideal_minutes(self.drafts)

    @property
    def slack(self) -> int:
        """Return the minutes that are left when every step is as short as can be."""
        return self.room.minutes - least_minutes(self.drafts)

    @property
    def taught(self) -> dict[str, Draft]:
        """Return the last lesson of this week for each unit that has one, "" for a topic without units."""
        own = {lesson.unit.key if lesson.unit else "": draft for lesson, draft in self.lessons}
        return {**self.before, **own}

    @property
    def slots_left(self) -> int:
        """Return how many more steps there can be."""
        return self.room.most - len(self.drafts)

    def add(self, draft: Draft) -> Draft:
        """Add a step, behind the opening mock and before the last day of use."""
        if self.opening:
            draft.after.append(self.opening)
        draft.latest_day = draft.latest_day or self.latest
        draft.earliest_day = draft.earliest_day or self.earliest
        self.drafts.append(draft)
        return draft

    @property
    def least(self) -> int:
        """Return the minutes below which a step is not worth starting, where the week has more than a little time."""
        few = self.room.minutes < _LITTLE_MINUTES * self.room.fewest
        return SHORTEST_SLOT if few else _WORTHWHILE_MINUTES

    def lesson_minutes(self, lesson: Lesson) -> tuple[float, float]:
        """Return how long `lesson` should be and how short it can be."""
        ideal = lesson.minutes * self.room.scale
        a_step = self.room.minutes / self.room.fewest
        if a_step < _HARDLY_ANY_MINUTES:
            return ideal, SHORTEST_SLOT
        return ideal, _TIGHT_LESSON_MINUTES if a_step < _TIGHT_MINUTES else max(
            _LEAST_LESSON_MINUTES, ideal * _LEAST_OF_LESSON
        )

    def lesson(self, lesson: Lesson, why: Why) -> Draft:
        """Add a lesson behind the lessons of this week that it needs.

        The first one of a topic, the points of one unit and the student's own list keep their order.
        """
        before = [draft for earlier, draft in self.lessons if self._needs(lesson, earlier)]
        in_turn = self.progress.by_points or self.room.in_list_order
        if self.lessons and (in_turn or not self.progress.learned):
            before.append(self.lessons[-1 if in_turn else 0][1])
        ideal, low = self.lesson_minutes(lesson)
        # A point's lesson is one session: how many were done is how far the student is.
        high = min(LONGEST_SLOT, self.room.longest) if self.progress.by_points else LONGEST_SLOT
        draft = self.add(
            Draft(
                role=Role.LESSON,
                why=why,
                length=length(ideal, low, max(high, SHORTEST_SLOT)),
                units=(lesson.unit,) if lesson.unit else (),
                turn=lesson.turn,
                place=_LESSON_STEP * len(self.lessons),
                after=list(dict.fromkeys(before)),
                builds_on=self._lesson_sources(lesson),
                missed_on=lesson.missed_on,
            )
        )
        self.lessons.append((lesson, draft))
        return draft

    def _lesson_sources(self, lesson: Lesson) -> tuple[UUID, ...]:
        """Return the lesson that is repeated, or the part of it that was done."""
        if lesson.again:
            return (lesson.again.id,)
        return self.progress.sources([lesson.unit]) if lesson.unit and lesson.missed_on else ()

    def _needs(self, lesson: Lesson, earlier: Lesson) -> bool:
        if lesson.unit is None or earlier.unit is None:
            return False
        return earlier.unit.key in self.progress.needs[lesson.unit.key]

    def practice(self, units: Sequence[SyllabusUnit], why: Why, lesson: Draft | None = None) -> Draft:
        """Add practice of one unit, or of the part of a topic without units that `lesson` teaches."""
        whole: float = sum(unit.minutes for unit in units) or (lesson.length.ideal if lesson else _LESSON_MINUTES)
        if self.progress.by_points and lesson:
            whole = lesson.length.ideal / self.room.scale
        draft = self._work(Role.PRACTICE, why, units, whole * PRACTICE_OF_LESSON, LONGEST_SLOT)
        if lesson:
            draft.after = [lesson]
            draft.place = lesson.place + _PRACTICE_LATER
        return draft

    def recall(self, units: Sequence[SyllabusUnit], why: Why) -> Draft:
        """Add one recall of `units`, of four at most."""
        minutes = _RECALL_MINUTES + _RECALL_MINUTES_MORE * (max(1, len(units)) - 1)
        return self._work(Role.RECALL, why, units, minutes, LONGEST_RECALL)

    def mixed(self, units: Sequence[SyllabusUnit], why: Why) -> Draft:
        """Add practice that changes between units, so that the student must also choose the method."""
        return self._work(Role.MIXED, why, units, _MIXED_MINUTES, _LONGEST_MIXED)

    def review(self, units: Sequence[SyllabusUnit], why: Why) -> Draft:
        """Add a review of what `units` have to do with each other."""
        draft = self._work(Role.REVIEW, why, units[:MOST_RECALLED], _REVIEW_MINUTES, LONGEST_REVIEW)
        draft.place = _LATE
        return draft

    def _work(self, role: Role, why: Why, units: Sequence[SyllabusUnit], minutes: float, longest: int) -> Draft:
        """Add work on what was learned before, or earlier in this week: then it comes after that lesson."""
        taught = self.taught
        keys = [unit.key for unit in units] or [""]
        lessons = [taught[key] for key in keys if key in taught]
        later = _RECALL_LATER if role is Role.RECALL else _PRACTICE_LATER
        early = _LESSON_STEP * len(self.drafts)
        sources = self.progress.sources(units) if units else tuple(self.progress.taught_by.values())[-1:]
        return self.add(
            Draft(
                role=role,
                why=why,
                length=length(minutes * self.room.scale, SHORTEST_SLOT, longest),
                units=tuple(units),
                turn=self.progress.turn(role, units),
                place=max((lesson.place + later for lesson in lessons), default=early),
                after=lessons,
                builds_on=() if lessons and not units else sources,
            )
        )
