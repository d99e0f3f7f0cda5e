"""Where a student stands in one topic: what is learned, missed, due, to be done again, and still to come."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from schediora.ai.curriculum.frame import KIND_OF, DayTime, PastSession, Role, Student, Topic
from schediora.ai.curriculum.history import History
from schediora.localtime import TO_SUNDAY
from schediora.memory.replay import WANTED_RECALL, Rating, recall
from schediora.memory.state import due_for, known_until
from schediora.planner.scheduler.problem import Kind
from schediora.syllabus.order import learning_order, needed_before
from schediora.syllabus.syllabus import SyllabusUnit

POINT_BY_POINT = 3
"""A topic of fewer units is taken point by point, each lesson about one of them."""

_POINTS = 4
_POINT_MINUTES = 40
_OPEN_END = 60
"""A topic without units never runs out of lessons: so many are more than any week takes."""
_NEAR_EXAM = timedelta(days=14)
_UNRATED_REST = timedelta(days=7)
"""A session about several units says nothing of each until it is rated, but they need not come again at once."""
_REST_BEFORE_EXAM = timedelta(days=3)
_KNOWN_RECALL = 0.85
"""Of what a student says to know and has not shown yet."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something to teach: a unit, one of its points (`turn` counts them), or the next part of a topic without units."""

    unit: SyllabusUnit | None
    minutes: int
    turn: int = 0
    missed_on: date | None = None
    again: PastSession | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """Work that was rated `again` and was no lesson: it comes back as practice, a mock's as rework."""

    units: tuple[SyllabusUnit, ...]
    session: PastSession | None

    @property
    def is_mock(self) -> bool:
        """Return whether it was a mock."""
        return self.session is not None and self.session.kind is Kind.MOCK


@dataclass(slots=True)
class Progress:
    """One topic as the student stands in it. Lessons are in the order to take them, missed ones first.

    `learned` is weakest first, `due` most urgent first, `left` how many units are not learned, `kept` the share of the
    planned lessons that was done; `was_wholly_missed` tells that nothing was done of the last plan. `needs` has for
    each unit those before it that it needs, `taught_by` its last done lesson. `mock` is the last done mock that was not
    reworked yet, `mock_on` the day of the last one that is done, or still to come, before that week or in it.
    """

    units: tuple[SyllabusUnit, ...]
    by_points: bool
    lessons: tuple[Lesson, ...]
    learned: tuple[SyllabusUnit, ...]
    due: tuple[SyllabusUnit, ...]
    again: tuple[Again, ...]
    taught_by: Mapping[str, UUID]
    left: int
    kept: float
    was_wholly_missed: bool
    needs: Mapping[str, frozenset[str]]
    mock: PastSession | None = None
    mock_on: date | None = None
    done: Counter[tuple[Kind, frozenset[str]]] = field(default_factory=Counter)

    def turn(self, role: Role, units: Sequence[SyllabusUnit]) -> int:
        """Return how often this kind of work about these units has been done, and count it once more."""
        key = KIND_OF[role], frozenset(unit.key for unit in units)
        self.done[key] += 1
        return self.done[key] - 1

    def sources(self, units: Iterable[SyllabusUnit]) -> tuple[UUID, ...]:
        """Return the done lessons of `units`."""
        return tuple(dict.fromkeys(self.taught_by[unit.key] for unit in units if unit.key in self.taught_by))


def progress_of(topic: Topic, student: Student, exam: date | None, days: Sequence[DayTime]) -> Progress:
    """Return where the student stands in `topic` for the week of `days`, with `exam` as the next one."""
    return _Reading(topic, student, exam, days[-1].day if days else student.monday + TO_SUNDAY).progress()


class _Reading:
    """One reading of what is known of a topic's units, and what was done in it."""

    def __init__(self, topic: Topic, student: Student, exam: date | None, last_day: date) -> None:
        self._topic, self._student, self._exam, self._last_day = topic, student, exam, last_day
        self._near = exam is not None and exam - student.monday <= _NEAR_EXAM
        self._units = learning_order(topic.syllabus, student.focus)
        self._history = History(topic.syllabus.topic_key, self._units, student)
        self._learned = {unit.key for unit in self._units if self._is_learned(unit)}

    def progress(self) -> Progress:
        by_points = len(self._units) < POINT_BY_POINT
        learned = sorted((unit for unit in self._units if unit.key in self._learned), key=self._recall)
        return Progress(
            units=self._units,
            by_points=by_points,
            lessons=tuple(self._points() if by_points else self._whole_units()),
            learned=tuple(learned),
            due=tuple(unit for unit in learned if self._is_due(unit)),
            again=tuple(self._again()),
            taught_by=self._history.taught_by(self._units),
            left=sum(unit.key not in self._learned for unit in self._units),
            kept=self._history.kept(),
            was_wholly_missed=self._history.was_wholly_missed(),
            needs=needed_before(self._units),
            mock=self._history.mock_to_rework(),
            mock_on=self._history.last_mock_on(),
            done=self._history.counts(),
        )

    def _is_learned(self, unit: SyllabusUnit) -> bool:
        memory = self._topic.memories.get(unit.key)
        if unit.known_on and (memory is None or memory.last_on <= unit.known_on):
            return True
        if memory:
            return memory.learned_on is not None or (unit.known_on is not None and not self._failed(unit))
        done = self._history.done_lessons(unit)
        return bool(done) and done[-1].rating is not Rating.AGAIN

    def _failed(self, unit: SyllabusUnit) -> bool:
        memory = self._topic.memories.get(unit.key)
        return memory is not None and memory.last_rating is Rating.AGAIN

    def _whole_units(self) -> list[Lesson]:
        missed: list[Lesson] = []
        again: list[Lesson] = []
        new: list[Lesson] = []
        for unit in self._units:
            learned = unit.key in self._learned
            done = self._history.done_lessons(unit)
            turn = len({each.done_on for each in done})
            open_ = [] if learned and unit.known_on else self._history.missed(unit, learned=learned)
            if open_:
                minutes = sum(each.planned_minutes for each in open_) if learned else unit.minutes
                missed.append(Lesson(unit, minutes, turn, missed_on=max(each.day for each in open_)))
            elif not learned and not any(self._history.is_ahead(each) for each in self._history.lessons(unit)):
                failed = self._failed(unit)
                lesson = Lesson(unit, unit.minutes, turn, again=done[-1] if failed and done else None)
                (again if failed else new).append(lesson)
        return [*missed, *again, *new]

    def _points(self) -> list[Lesson]:
        """Return the lessons of a topic with few units or none, point by point."""
        lessons = [] if self._units else self._next_points(None, _POINT_MINUTES, _OPEN_END)
        for unit in self._units:
            points = len(unit.material.points) if unit.material else _POINTS
            minutes = max(_POINT_MINUTES, unit.minutes // points)
            lessons += self._next_points(unit, minutes, 0 if unit.known_on else points)
        # Near an exam each unit gets its first points before another gets its last.
        return sorted(lessons, key=lambda each: (each.missed_on is None, each.turn if self._near else 0))

    def _next_points(self, unit: SyllabusUnit | None, minutes: int, points: int) -> list[Lesson]:
        lessons = self._history.lessons(unit)
        start = sum(bool(each.done_on) or self._history.is_ahead(each) for each in lessons)
        missed = self._history.missed(unit, learned=False)
        last = max((each.day for each in missed), default=None)
        end = max(points, start + len(missed)) if unit else start + points
        return [
            Lesson(unit, minutes, turn, missed_on=last if turn < start + len(missed) else None)
            for turn in range(start, end)
        ]

    def _recall(self, unit: SyllabusUnit) -> float:
        memory = self._topic.memories.get(unit.key)
        return recall(memory, self._exam or self._last_day) if memory else _KNOWN_RECALL

    def _is_due(self, unit: SyllabusUnit) -> bool:
        """Tell whether the unit is due in the week; with a session still to come, that shows once it is done."""
        to_come = self._history.to_come(unit)
        if to_come and not (self._near and to_come + _REST_BEFORE_EXAM <= self._last_day):
            return False
        return self._due_on(unit) <= self._last_day

    def _due_on(self, unit: SyllabusUnit) -> date:
        memory = self._topic.memories.get(unit.key)
        if memory is None or (unit.known_on and memory.last_on <= unit.known_on):
            due = known_until(unit.known_on, self._exam) if unit.known_on else self._student.monday
        elif self._near and self._exam and due_for(self._exam, memory, WANTED_RECALL):
            due = min(memory.due_on, self._student.today)
        else:
            due = memory.due_on
        touched = self._touched_since(unit)
        rest = _REST_BEFORE_EXAM if self._near else _UNRATED_REST
        return max(due, touched + rest) if touched else due

    def _touched_since(self, unit: SyllabusUnit) -> date | None:
        """Return the day of the last work on the unit that is newer than what is remembered of it."""
        memory, touched = self._topic.memories.get(unit.key), self._history.touched(unit)
        return touched if touched and (memory is None or touched > memory.last_on) else None

    def _worked_on(self, unit: SyllabusUnit) -> bool:
        return bool(self._touched_since(unit) or self._history.to_come(unit))

    def _again(self) -> list[Again]:
        """Return what was rated `again` and has not been worked on since, nor is about to be, without the lessons."""
        found: dict[UUID | None, tuple[PastSession | None, list[SyllabusUnit]]] = {}
        for unit in self._units:
            if unit.key in self._learned and self._failed(unit) and not self._worked_on(unit):
                session = self._history.rated_again(unit)
                found.setdefault(session.id if session else None, (session, []))[1].append(unit)
        return [Again(tuple(units), session) for session, units in found.values()]
