"""How far a student is, exactly as the contract counts it, and the sentence that says so."""

from datetime import date, timedelta

import pytest

from schediora.languages.language import LANGUAGES, written_in
from schediora.memory.replay import Rating, UnitMemory
from schediora.syllabus.coverage import Pace, coverage, due_on, weeks_left
from schediora.syllabus.syllabus import SyllabusUnit

TODAY = date(2026, 11, 26)
EXAM = date(2026, 12, 18)


def memory(*, learned_on: date | None = TODAY - timedelta(days=9), due: int = 5) -> UnitMemory:
    return UnitMemory(5.0, 5.0, TODAY - timedelta(days=9), learned_on, TODAY + timedelta(days=due), Rating.GOOD)


UNITS = tuple(SyllabusUnit(f"own.{number:012x}", f"Chapter {number}") for number in range(16))
LEARNED = {unit.key: memory() for unit in UNITS[:7]}


def test_the_sentence_counts_what_is_learned_and_what_will_be() -> None:
    found = coverage(UNITS, LEARNED, pace=Pace(7, 28), today=TODAY, exam=EXAM, language="en")
    assert (found.units, found.learned, found.weeks_left) == (16, 7, 3.0)
    assert (found.units_a_week_needed, found.expected_by_exam) == (3.0, 12)
    assert found.text == "7 of 16 learned; at this pace 12 by the exam on 18 December."


def test_what_is_due_solid_or_known_is_learned_and_what_is_left_out_is_not_asked() -> None:
    units = (
        SyllabusUnit("a", "A"),
        SyllabusUnit("b", "B"),
        SyllabusUnit("c", "C", known_on=TODAY),
        SyllabusUnit("d", "D", left_out=True),
        SyllabusUnit("e", "E"),
        SyllabusUnit("f", "F"),
    )
    memories = {"a": memory(due=0), "b": memory(due=40), "d": memory(), "e": memory(learned_on=None)}
    found = coverage(units, memories, pace=Pace(), today=TODAY, exam=None, language="en")
    assert (found.units, found.learned) == (5, 3)
    assert (found.weeks_left, found.units_a_week_needed, found.expected_by_exam) == (None, None, None)
    assert found.text == "3 of 5 learned."


def test_the_pace_is_what_was_done_and_what_is_planned_before_there_is_a_week_of_it() -> None:
    assert Pace(8, 28).lessons_a_week == 2
    assert Pace(8, 280).lessons_a_week == 2
    assert Pace(3, 14).lessons_a_week == 1.5
    assert Pace(3, 6, planned_a_week=4).lessons_a_week == 4
    new = coverage(UNITS, {}, pace=Pace(planned_a_week=4), today=TODAY, exam=EXAM, language="en")
    assert new.expected_by_exam == 12
    more = coverage(UNITS, LEARNED, pace=Pace(20, 28), today=TODAY, exam=EXAM, language="en")
    assert more.expected_by_exam == 16


@pytest.mark.parametrize(("days", "weeks"), [(1, 0.5), (3, 0.5), (7, 1.0), (9, 1.5), (12, 1.5), (22, 3.0), (25, 3.5)])
def test_weeks_are_counted_in_halves(days: int, weeks: float) -> None:
    assert weeks_left(TODAY, TODAY + timedelta(days=days)) == weeks


def test_what_the_student_knows_comes_back_after_two_weeks_or_in_the_week_before_the_exam() -> None:
    known = SyllabusUnit("a", "A", known_on=TODAY)
    assert due_on(known, None, None) == TODAY + timedelta(days=14)
    assert due_on(known, None, TODAY + timedelta(days=10)) == TODAY + timedelta(days=3)
    assert due_on(SyllabusUnit("a", "A", known_on=TODAY - timedelta(days=20)), memory(learned_on=None), None) == (
        TODAY + timedelta(days=5)
    )
    assert due_on(SyllabusUnit("a", "A", left_out=True), memory(), None) is None
    assert due_on(SyllabusUnit("a", "A"), memory(learned_on=None), None) is None


def test_every_language_says_it_whole() -> None:
    said = {
        (language, exam, len(memories)): coverage(
            UNITS[:8], memories, pace=Pace(4, 28), today=TODAY, exam=exam, language=language
        ).text
        for language in LANGUAGES
        for exam in (None, date(2027, 1, 1))
        for memories in (LEARNED, {unit.key: memory() for unit in UNITS})
    }
    assert len({(key[0], text) for key, text in said.items()}) == len(said)
    assert [text for text in said.values() if "{" in text or "8" not in text] == []
    assert said["id", date(2027, 1, 1), 7].endswith("sebelum ujian pada 1 Januari.")
    assert said["fr", date(2027, 1, 1), 7].endswith("d'ici l'examen du 1er janvier.")
    assert written_in("ja").day(date(2028, 3, 5), today=TODAY) == "2028年3月5日"
