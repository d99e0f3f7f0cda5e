"""What a student did and missed in one topic: its sessions of the last weeks, by unit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from schediora.ai.curriculum.frame import PastSession, Role, Student
from schediora.localtime import A_WEEK, week_start
from schediora.memory.replay import Rating
from schediora.planner.scheduler.problem import Kind
from schediora.subjects.recognition import topic_key
from schediora.syllabus.syllabus import SyllabusUnit

_REWORKED_WITHIN = timedelta(days=14)
_KEPT_WITHIN = timedelta(days=28)
_LEAST_KEPT, _FEWEST_KEPT = 0.5, 4


class History:
    """The sessions that are about the units of a topic, or that its spelling names where they are about none."""

    def __init__(self, topic: str, units: Iterable[SyllabusUnit], student: Student) -> None:
        """Read the sessions of `student` on the topic whose key is `topic`."""
        self._student = student
        keys = {unit.key for unit in units}
        same = {each: topic_key(each) == topic for each in {session.topic for session in student.past}}
        self.sessions = [
            session
            for session in student.past
            if (not keys.isdisjoint(session.units) or (not session.units and same[session.topic]))
        ]
        self._of_unit: dict[str, list[PastSession]] = {}
        for session in self.sessions:
            for key in session.units:
                self._of_unit.setdefault(key, []).append(session)

    def lessons(self, unit: SyllabusUnit | None) -> list[PastSession]:
        """Return what teaches `unit`: its lessons and the student's own sessions that name it alone, in their order.

        None stands for a topic without units.
        """
        of_unit = self._of_unit.get(unit.key, ()) if unit else self.sessions
        alone = 1 if unit else 0
        return [each for each in of_unit if each.kind in (Kind.LEARN, None) and len(each.units) == alone]

    def done_lessons(self, unit: SyllabusUnit | None) -> list[PastSession]:
        """Return the lessons of `unit` that were done, the last one last."""
        done = [(each.done_on, each.id, each) for each in self.lessons(unit) if each.done_on]
        return [each for _, _, each in sorted(done, key=lambda entry: entry[:2])]

    def missed(self, unit: SyllabusUnit | None, *, learned: bool) -> list[PastSession]:
        """Return the last missed lesson of `unit`, in the sessions that it was split into.

        A unit that is learned misses only the rest of the lesson that taught it.
        """
        lessons = self.lessons(unit)
        missed = [each for each in lessons if not each.done_on and each.day < self._student.today and each.from_plan]
        last = self.done_lessons(unit)[-1:] if learned else sorted(missed, key=lambda each: each.day)[-1:]
        return [each for each in missed if week_start(each.day) in {week_start(other.day) for other in last}]

    def kept(self) -> float:
        """Return the share of the planned lessons of the last weeks that was done, between a half and all."""
        since = self._student.today - _KEPT_WITHIN
        planned = [
            each
            for each in self.sessions
            if each.from_plan and each.kind is Kind.LEARN and since <= each.day < self._student.today
        ]
        done = sum(each.done_on is not None for each in planned)
        return max(_LEAST_KEPT, done / len(planned)) if len(planned) >= _FEWEST_KEPT else 1.0

    def was_wholly_missed(self) -> bool:
        """Return whether nothing was done of the last plan that is over."""
        planned = [
            each for each in self.sessions if each.from_plan and week_start(each.day) < week_start(self._student.today)
        ]
        last = max((week_start(each.day) for each in planned), default=None)
        return last is not None and not any(each.done_on for each in planned if week_start(each.day) == last)

    def is_ahead(self, session: PastSession) -> bool:
        """Return whether `session` is still to come, before the planned week or in it."""
        return not session.done_on and self._student.today <= session.day < self._student.monday + A_WEEK

    def touched(self, unit: SyllabusUnit) -> date | None:
        """Return the day of the last session about `unit` that was done, mocks left out."""
        done = [each.done_on for each in self._of_unit.get(unit.key, ()) if each.done_on and each.kind is not Kind.MOCK]
        return max(done, default=None)

    def to_come(self, unit: SyllabusUnit) -> date | None:
        """Return the day of the last session about `unit` that is still to come, mocks left out."""
        work = [each for each in self._of_unit.get(unit.key, ()) if each.kind is not Kind.MOCK]
        return max((each.day for each in work if self.is_ahead(each)), default=None)

    def rated_again(self, unit: SyllabusUnit) -> PastSession | None:
        """Return the last session about `unit` that was rated `again`."""
        rated = [each for each in self._of_unit.get(unit.key, ()) if each.rating is Rating.AGAIN]
        return max(rated, key=lambda each: each.done_on or each.day, default=None)

    def taught_by(self, units: Sequence[SyllabusUnit]) -> dict[str, UUID]:
        """Return the last done lesson of each unit; "" stands for a topic without units."""
        about: Sequence[SyllabusUnit | None] = units or (None,)
        done = {unit.key if unit else "": self.done_lessons(unit) for unit in about}
        return {key: lessons[-1].id for key, lessons in done.items() if lessons}

    def last_mock_on(self) -> date | None:
        """Return the day of the last mock that is done, or still to come, before the planned week or in it."""
        mocks = [each for each in self.sessions if each.kind is Kind.MOCK]
        return max([each.done_on or each.day for each in mocks if each.done_on or self.is_ahead(each)], default=None)

    def mock_to_rework(self) -> PastSession | None:
        """Return the last done mock, None where its errors were reworked or it is long ago."""
        done = [each for each in self.sessions if each.kind is Kind.MOCK and each.done_on]
        mock = max(done, key=lambda each: each.done_on or each.day, default=None)
        if not mock or not mock.done_on or self._student.today - mock.done_on > _REWORKED_WITHIN:
            return None
        return None if any(each.done_on and _reworks(each, mock) for each in self.sessions) else mock

    def counts(self) -> Counter[tuple[Kind, frozenset[str]]]:
        """Return how many sessions of each kind were done about the same units."""
        return Counter((each.kind, frozenset(each.units)) for each in self.sessions if each.done_on and each.kind)


def _reworks(session: PastSession, mock: PastSession) -> bool:
    """Return whether `session` solves the errors of `mock`: by its role, else, where it has none, by its kind."""
    is_rework = session.role is Role.REWORK if session.role else session.kind is Kind.PRACTICE
    return is_rework and mock.id in session.builds_on
