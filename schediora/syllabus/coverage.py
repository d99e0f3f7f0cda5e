"""How far a student is in a topic, and how far they will be on the day of its exam: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schediora.languages.language import written_in
from schediora.languages.sentences import Sentences
from schediora.memory.replay import UnitMemory
from schediora.memory.state import UnitState, known_until, state_of
from schediora.syllabus.syllabus import SyllabusUnit

PACE_DAYS = 28
"""The pace is that of the last four weeks."""
_WEEK = 7
_SENTENCES = Sentences("schediora.syllabus")
_SAID = {
    (False, False): "some",
    (False, True): "some_by_exam",
    (True, False): "every",
    (True, True): "every_by_exam",
}
"""By whether everything is learned, and whether there is an exam."""
_LEARNED = frozenset({UnitState.LEARNING, UnitState.DUE, UnitState.SOLID, UnitState.KNOWN})


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a student goes through the units of a topic.

    `learned_lately` are the units of which a lesson was done in the last `PACE_DAYS` days, `history_days` the days
    since the first session that was done of any unit, `planned_a_week` the units of which a week's plan has a lesson.
    """

    learned_lately: int = 0
    history_days: int = 0
    planned_a_week: int = 0

    @property
    def lessons_a_week(self) -> float:
        """Return the lessons done a week, those planned while there is no whole week to judge by."""
        if self.history_days < _WEEK:
            return self.planned_a_week
        return self.learned_lately / (min(self.history_days, PACE_DAYS) / _WEEK)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a topic's units are learned, and how that stands to its next exam.

    `units` leaves out what the student left out. `weeks_left` are weeks to the exam's day in halves; it,
    `units_a_week_needed` and `expected_by_exam` are None without an exam. `text` says it in one sentence.
    """

    units: int
    learned: int
    weeks_left: float | None
    units_a_week_needed: float | None
    expected_by_exam: int | None
    text: str


def unit_state(unit: SyllabusUnit, memory: UnitMemory | None, today: date) -> UnitState:
    """Return how the student's unit stands on the local day `today`; what they said of it goes first."""
    if unit.left_out:
        return UnitState.LEFT_OUT
    return UnitState.KNOWN if unit.known_on else state_of(memory, today)


def due_on(unit: SyllabusUnit, memory: UnitMemory | None, exam: date | None) -> date | None:
    """Return the local day from which the unit should come back, None for one that is not learned or is left out.

    What the student says to know is first due two weeks after they said it, or in the week before the `exam`; once
    they went back to it, what is remembered of it decides.
    """
    if unit.left_out:
        return None
    if unit.known_on and (memory is None or memory.last_on < unit.known_on):
        return known_until(unit.known_on, exam)
    return memory.due_on if memory and (memory.learned_on or unit.known_on) else None


def coverage(
    units: Sequence[SyllabusUnit],
    memories: Mapping[str, UnitMemory],
    *,
    pace: Pace,
    today: date,
    exam: date | None,
    language: str,
) -> Coverage:
    """Return how far the student is on the local day `today`, said in `language`; `exam` is the topic's next one."""
    states = [unit_state(unit, memories.get(unit.key), today) for unit in units]
    asked = sum(state is not UnitState.LEFT_OUT for state in states)
    learned = sum(state in _LEARNED for state in states)
    if exam is None:
        return Coverage(asked, learned, None, None, None, _said(language, asked, learned))
    weeks = weeks_left(today, exam)
    expected = min(asked, learned + int(weeks * pace.lessons_a_week + _ROUNDING))
    return Coverage(
        units=asked,
        learned=learned,
        weeks_left=weeks,
        units_a_week_needed=round((asked - learned) / weeks, 1),
        expected_by_exam=expected,
        text=_said(language, asked, learned, expected=expected, date=written_in(language).day(exam, today=today)),
    )


_ROUNDING = 1e-9
"""Three weeks of a third of a unit are one unit, whatever floating point makes of it."""


def weeks_left(today: date, exam: date) -> float:
    """Return the weeks from `today` to the day of the `exam`, to the nearest half; half a week at least."""
    return max(0.5, round(2 * (exam - today).days / _WEEK) / 2)


def _said(language: str, units: int, learned: int, **by_exam: int | str) -> str:
    which = _SAID[0 < units == learned, bool(by_exam)]
    return _SENTENCES.say(which, language, learned=learned, units=units, **by_exam)
