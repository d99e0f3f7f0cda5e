"""Where a student stands in one topic: what is learned, missed, due, to be done again, and still to come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from schediora.ai.curriculum.frame import KIND_OF, DayTime, PastSession, Role, Student, Topic
from schediora.ai.curriculum.order import learning_order, needed_before
from schediora.memory.replay import WANTED_RECALL, Rating, UnitMemory, recall
from schediora.memory.state import known_until
from schediora.planner.scheduler.problem import Kind
from schediora.subjects.recognition import topic_key
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
_KNOWN_RECALL = 0.85
_REWORKED_WITHIN = timedelta(days=14)


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
    is_mock: bool = False


@dataclass(slots=True)
class Progress:
    """One topic as the student stands in it. Lessons are in the order to take them, missed ones first.

    `learned` is weakest first, `due` most urgent first. `taught_by` has the last done lesson of a unit, `mock` the last
    done mock that was not reworked yet, `mock_on` the day of the last done one.
    """

    units: tuple[SyllabusUnit, ...]
    by_points: bool
    lessons: tuple[Lesson, ...]
    learned: tuple[SyllabusUnit, ...]
    due: tuple[SyllabusUnit, ...]
    again: tuple[Again, ...]
    taught_by: Mapping[str, UUID]
    left: int
    needs: Mapping[str, frozenset[str]]
    mock: PastSession | None = None
    mock_on: date | None = None
    done: dict[tuple[Kind, frozenset[str]], int] = field(default_factory=dict)

    def turn(self, role: Role, units: Sequence[SyllabusUnit]) -> int:
        """Return how often this kind of work about these units has been done, and count it once more."""
        key = KIND_OF[role], frozenset(unit.key for unit in units)
        self.done[key] = self.done.get(key, 0) + 1
        return self.done[key] - 1

    def sources(self, units: Iterable[SyllabusUnit]) -> tuple[UUID, ...]:
        """Return the done lessons of `units`."""
        return tuple(dict.fromkeys(self.taught_by[unit.key] for unit in units if unit.key in self.taught_by))


def progress_of(topic: Topic, student: Student, exam: date | None, days: Sequence[DayTime]) -> Progress:
    """Return where the student stands in `topic` for the week of `days`, with `exam` as the next one."""
    return _Reading(topic, student, exam, days[-1].day if days else student.monday + timedelta(days=6)).progress()


class _Reading:
    """One reading of what the student did in a topic."""

    def __init__(self, topic: Topic, student: Student, exam: date | None, last_day: date) -> None:
        self._topic, self._student, self._exam, self._last_day = topic, student, exam, last_day
        self._units = learning_order(topic.syllabus, student.focus)
        self._by_key = {unit.key: unit for unit in self._units}
        self._past = self._sessions()
        self._of_unit: dict[str, list[PastSession]] = {}
        for session in self._past:
            for key in session.units:
                self._of_unit.setdefault(key, []).append(session)
        self._learned = {unit.key for unit in self._units if self._is_learned(unit)}

    def progress(self) -> Progress:
        by_points = len(self._units) < POINT_BY_POINT
        lessons = self._points() if by_points else self._whole_units()
        learned = sorted((unit for unit in self._units if unit.key in self._learned), key=self._recall)
        mocks = [session for session in self._past if session.kind is Kind.MOCK and session.done_on]
        last_mock = max(mocks, key=lambda mock: mock.done_on or mock.day, default=None)
        return Progress(
            units=self._units,
            by_points=by_points,
            lessons=tuple(lessons),
            learned=tuple(learned),
            due=tuple(self._due(learned)),
            again=tuple(self._again()),
            taught_by=self._taught_by(),
            needs=needed_before(self._units),
            left=sum(unit.key not in self._learned for unit in self._units),
            mock=last_mock if last_mock and self._is_to_rework(last_mock) else None,
            mock_on=last_mock.done_on if last_mock else None,
            done=self._done(),
        )

    def _sessions(self) -> list[PastSession]:
        """Return the sessions of this topic: those about its units, and those that its spelling names."""
        wanted, same = self._topic.syllabus.topic_key, {}
        for topic in {session.topic for session in self._student.past}:
            same[topic] = topic_key(topic) == wanted
        return [
            session
            for session in self._student.past
            if (any(key in self._by_key for key in session.units) or (not session.units and same[session.topic]))
        ]

    def _is_learned(self, unit: SyllabusUnit) -> bool:
        memory = self._topic.memories.get(unit.key)
        if unit.known_on and (memory is None or memory.last_on <= unit.known_on):
            return True
        if memory:
            again = memory.last_rating is Rating.AGAIN and memory.learned_on is None
            return memory.learned_on is not None or (unit.known_on is not None and not again)
        done = [session for session in self._lessons_of(unit) if session.done_on]
        return bool(done) and done[-1].rating is not Rating.AGAIN

    def _lessons_of(self, unit: SyllabusUnit) -> list[PastSession]:
        """Return the sessions that teach `unit`: its lessons, and the student's own that name it alone."""
        return [
            session
            for session in self._of_unit.get(unit.key, ())
            if session.kind in (Kind.LEARN, None) and len(session.units) == 1
        ]

    def _missed(self, unit: SyllabusUnit) -> list[PastSession]:
        """Return the missed lessons of `unit` of which no other was done since, the parts of one lesson together.

        A unit that is learned misses only the rest of the lesson that taught it.
        """
        lessons = self._lessons_of(unit)
        missed = [each for each in lessons if not each.done_on and each.day < self._student.today and each.from_plan]
        done = [each for each in lessons if each.done_on]
        if unit.key not in self._learned:
            last = max((each.day for each in missed), default=None)
            return [each for each in missed if last and _week(each.day) == _week(last)]
        weeks = {_week(each.day) for each in done[-1:]}
        return [each for each in missed if _week(each.day) in weeks and not unit.known_on]

    def _ahead(self, unit: SyllabusUnit) -> bool:
        """Return whether a lesson of `unit` is still to come before the planned week."""
        today = self._student.today
        return any(not each.done_on and today <= each.day < self._student.monday for each in self._lessons_of(unit))

    def _whole_units(self) -> list[Lesson]:
        missed: list[Lesson] = []
        again: list[Lesson] = []
        new: list[Lesson] = []
        for unit in self._units:
            open_ = self._missed(unit)
            learned = unit.key in self._learned
            if open_:
                minutes = sum(each.planned_minutes for each in open_) if learned else unit.minutes
                last = max(each.day for each in open_)
                missed.append(Lesson(unit, minutes, self._lesson_turn(unit), missed_on=last))
            elif not learned and not self._ahead(unit):
                done = [each for each in self._lessons_of(unit) if each.done_on]
                memory = self._topic.memories.get(unit.key)
                failed = memory is not None and memory.last_rating is Rating.AGAIN
                last_done = done[-1] if failed and done else None
                lesson = Lesson(unit, unit.minutes, self._lesson_turn(unit), again=last_done)
                (again if failed else new).append(lesson)
        return [*missed, *again, *new]

    def _lesson_turn(self, unit: SyllabusUnit) -> int:
        return len({each.done_on for each in self._lessons_of(unit) if each.done_on})

    def _points(self) -> list[Lesson]:
        """Return the lessons of a topic with few units or none, point by point."""
        lessons = []
        for unit in self._units:
            points = len(unit.material.points) if unit.material else _POINTS
            minutes = max(_POINT_MINUTES, unit.minutes // points)
            sessions = self._lessons_of(unit)
            lessons += self._next_points(unit, minutes, sessions, 0 if unit.known_on else points)
        if not self._units:
            sessions = [each for each in self._past if each.kind in (Kind.LEARN, None)]
            lessons += self._next_points(None, _POINT_MINUTES, sessions, _OPEN_END)
        return sorted(lessons, key=lambda lesson: lesson.missed_on is None)

    def _next_points(
        self, unit: SyllabusUnit | None, minutes: int, sessions: Sequence[PastSession], points: int
    ) -> list[Lesson]:
        today = self._student.today
        start = len([each for each in sessions if each.done_on])
        start += len([each for each in sessions if not each.done_on and today <= each.day < self._student.monday])
        missed = [each for each in sessions if not each.done_on and each.day < today and each.from_plan]
        last = max((each.day for each in missed), default=None)
        count = len([each for each in missed if last and _week(each.day) == _week(last)])
        return [
            Lesson(unit, minutes, turn, missed_on=last if turn < start + count else None)
            for turn in range(start, max(points, start + count) if unit else start + points)
        ]

    def _recall(self, unit: SyllabusUnit) -> float:
        memory = self._topic.memories.get(unit.key)
        return recall(memory, self._exam or self._last_day) if memory else _KNOWN_RECALL

    def _due_on(self, unit: SyllabusUnit) -> date:
        memory = self._topic.memories.get(unit.key)
        if memory is None or (unit.known_on and memory.last_on <= unit.known_on):
            due = known_until(unit.known_on, self._exam) if unit.known_on else self._student.monday
        else:
            due = memory.due_on
            if self._exam and self._exam - self._student.monday <= _NEAR_EXAM:
                due = min(due, self._student.today) if recall(memory, self._exam) < WANTED_RECALL else due
        touched = self._touched(unit, memory)
        return max(due, touched + _UNRATED_REST) if touched else due

    def _touched(self, unit: SyllabusUnit, memory: UnitMemory | None) -> date | None:
        """Return the day of the last session about the unit and others that is newer than what is remembered of it."""
        days = [each.done_on for each in self._of_unit.get(unit.key, ()) if each.done_on and each.kind is not Kind.MOCK]
        last = max(days, default=None)
        return last if last and (memory is None or last > memory.last_on) else None

    def _due(self, learned: Sequence[SyllabusUnit]) -> list[SyllabusUnit]:
        due = [(self._due_on(unit), unit) for unit in learned]
        return [unit for day, unit in due if day <= self._last_day]

    def _again(self) -> list[Again]:
        """Return what was rated `again` and has not been worked on since, without the lessons."""
        found: dict[UUID | None, list[SyllabusUnit]] = {}
        sessions: dict[UUID | None, PastSession | None] = {None: None}
        for unit in self._units:
            memory = self._topic.memories.get(unit.key)
            if unit.key not in self._learned or not memory or memory.last_rating is not Rating.AGAIN:
                continue
            if self._touched(unit, memory):
                continue
            rated = [each for each in self._of_unit.get(unit.key, ()) if each.rating is Rating.AGAIN]
            session = max(rated, key=lambda each: each.done_on or each.day, default=None)
            key = session.id if session else None
            sessions[key] = session
            found.setdefault(key, []).append(unit)
        return [
            Again(tuple(units), session, is_mock=session is not None and session.kind is Kind.MOCK)
            for key, units in found.items()
            for session in [sessions[key]]
        ]

    def _taught_by(self) -> dict[str, UUID]:
        taught = {}
        for unit in self._units:
            done = [(each.done_on, each.id) for each in self._lessons_of(unit) if each.done_on]
            if done:
                taught[unit.key] = max(done)[1]
        if not self._units:
            done = [(each.done_on, each.id) for each in self._past if each.done_on and each.kind is Kind.LEARN]
            if done:
                taught[""] = max(done)[1]
        return taught

    def _is_to_rework(self, mock: PastSession) -> bool:
        recent = mock.done_on is not None and self._student.today - mock.done_on <= _REWORKED_WITHIN
        return recent and not any(mock.id in each.builds_on and each.done_on for each in self._past)

    def _done(self) -> dict[tuple[Kind, frozenset[str]], int]:
        counted: dict[tuple[Kind, frozenset[str]], int] = {}
        for session in self._past:
            if session.done_on and session.kind:
                key = session.kind, frozenset(session.units)
                counted[key] = counted.get(key, 0) + 1
        return counted


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())
