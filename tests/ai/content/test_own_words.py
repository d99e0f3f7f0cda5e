"""Our own words for a plan: complete, told apart, in the plan's language, and true."""

import re
from dataclasses import replace
from datetime import date

import pytest

from schediora.ai.content.own_words import plan_words, words, write
from schediora.ai.content.phrases import languages, phrases_in
from schediora.ai.content.text import DETAIL_LENGTH, TITLE_LENGTH, Text, telling
from schediora.ai.content.wording import letters, unfit
from schediora.ai.curriculum.frame import Frame, Role, Slot, Why
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit
from tests.ai.content.slots import LENGTHS, builtin, every, frames, slot, some, unknown

LANGUAGES = sorted(languages())
PARTS = (1, 3, 8)
_UNFILLED = re.compile(r"\{(?:units?|topics?|count|minutes|parts?|points|questions)\}|  ")


def faults(text: Text) -> list[str]:
    found = [code for code, _ in unfit(f"{text.title}. {text.detail}")]
    found += too_long_or_unfilled(text)
    return found


def too_long_or_unfilled(text: Text) -> list[str]:
    found = []
    if not 0 < len(text.title) <= TITLE_LENGTH or letters(text.detail) < 15 or len(text.detail) > DETAIL_LENGTH:
        found.append(f"{len(text.title)} and {len(text.detail)} characters")
    if re.search(
        r"\{(?:unit|units|topic|topics|count|minutes|part|points|questions)\}|  ", f"{text.title} {text.detail}"
    ):
        found.append("braces or spaces")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_work_has_words_for_every_subject_and_part(language: str) -> None:
    wrong = []
    for syllabus in [*some(language), unknown("Weaving", language)]:
        for role, lengths in LENGTHS.items():
            for index, minutes in enumerate(lengths):
                asked = slot(role, syllabus, minutes, first=index, why=list(Why)[index])
                for parts in PARTS:
                    texts = [words(asked, part, parts, language, syllabus=syllabus) for part in range(parts)]
                    thorough = parts == 1 and minutes == lengths[-1]
                    judged = [(text, faults(text) if thorough else too_long_or_unfilled(text)) for text in texts]
                    wrong += [(syllabus.topic, role, parts, text, found) for text, found in judged if found]
                    if len({telling(text.title) for text in texts}) < parts:
                        wrong.append((syllabus.topic, role, parts, texts[0], ["titles of parts"]))
                    split = role in {Role.LESSON, Role.PRACTICE} and minutes >= 15 * parts
                    if split and len({text.detail for text in texts}) < parts:
                        wrong.append((syllabus.topic, role, parts, texts[0], ["tasks of parts"]))
    assert wrong[:5] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_titles_of_a_week_differ_in_their_first_forty_characters_alone_and_in_parts(language: str) -> None:
    wrong = []
    for syllabus in [*some(language), unknown("Weaving", language)]:
        for frame in frames(syllabus):
            plan = write(frame, [syllabus], language)
            alone = [telling(text.title) for text in plan.texts]
            split = [telling(plan.of_part(index, part, 2).title) for index in range(10) for part in range(2)]
            if len({*alone, *split}) < 30:
                wrong.append((syllabus.topic, sorted(title for title in alone if alone.count(title) > 1)))
    assert wrong[:5] == []


def test_titles_of_units_that_begin_alike_are_told_apart() -> None:
    titles = [f"Introduction to the principles of modern economics, part {number}" for number in range(10)]
    units = tuple(SyllabusUnit(f"own:{number}", title) for number, title in enumerate(titles))
    syllabus = Syllabus("Economics", "economics", Source.STUDENT, "en", "problems", 90, units)
    frame = Frame(tuple(Slot(Role.LESSON, Why.NEW, "Economics", (unit,), 60) for unit in units))
    plan = write(frame, [syllabus], "en")
    assert len({telling(text.title) for text in plan.texts}) == len(units)
    assert all(title in text.title for title, text in zip(titles, plan.texts, strict=True))


@pytest.mark.parametrize(("minutes", "count"), [(15, "two"), (30, "four"), (45, "six")])
def test_the_number_of_tasks_follows_the_minutes(minutes: int, count: str) -> None:
    syllabus = builtin("biology", "en")
    for source in (syllabus, replace(syllabus, units=tuple(replace(unit, material=None) for unit in syllabus.units))):
        text = words(slot(Role.PRACTICE, source, minutes), 0, 1, "en", syllabus=source)
        assert f"Solve {count}" in text.detail


def test_the_parts_of_a_lesson_share_its_points_and_its_example() -> None:
    syllabus = builtin("math", "en")
    material = syllabus.units[0].material
    assert material is not None
    details = [words(slot(Role.LESSON, syllabus, 90), part, 3, "en", syllabus=syllabus).detail for part in range(3)]
    for owned in (*material.points, material.example, material.solution):
        assert [owned in detail for detail in details].count(True) == 1


def test_the_parts_of_practice_have_questions_of_their_own() -> None:
    syllabus = builtin("physics", "en")
    details = [words(slot(Role.PRACTICE, syllabus, 60), part, 3, "en", syllabus=syllabus).detail for part in range(3)]
    material = syllabus.units[0].material
    assert material is not None
    for question in material.questions:
        assert [question.question in detail for detail in details].count(True) == 1


def test_a_mock_of_a_test_goes_by_the_sections_of_the_real_paper() -> None:
    syllabus = builtin("ielts", "en")
    text = words(slot(Role.MOCK, syllabus, 165), 0, 1, "en", syllabus=syllabus)
    assert "Listening 30 minutes, Reading 60 minutes, Writing 60 minutes, Speaking 15 minutes" in text.detail


def test_a_lesson_that_was_missed_says_so_and_others_do_not() -> None:
    syllabus = builtin("biology", "en")
    fresh = slot(Role.LESSON, syllabus, 60)
    missed = replace(fresh, why=Why.MISSED, missed_on=date(2026, 11, 23))
    said = [words(asked, 0, 1, "en", syllabus=syllabus).detail for asked in (fresh, missed)]
    assert ["still to be done" in detail for detail in said] == [False, True]


def test_a_diagnostic_claims_no_earlier_study() -> None:
    for syllabus in every("en"):
        for turn in range(3):
            text = words(slot(Role.DIAGNOSTIC, syllabus, 90, turn=turn), 0, 1, "en", syllabus=syllabus)
            assert not re.search(r"learn(?:ed|t)|again|studied|recall|review|remember", f"{text.title} {text.detail}")


def test_ielts_over_six_weeks_has_forty_titles() -> None:
    syllabus = builtin("ielts", "en")
    roles = (Role.LESSON, Role.LESSON, Role.LESSON, Role.PRACTICE, Role.PRACTICE, Role.RECALL, Role.RECALL, Role.MIXED)
    titles = set()
    for week in range(6):
        chosen = [slot(role, syllabus, 45, first=(week * 3 + place) % 20) for place, role in enumerate(roles)]
        titles |= {text.title for text in write(Frame(tuple(chosen)), [syllabus], "en").texts}
    assert len(titles) >= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_topic_is_studied_in_other_ways_each_week(
    language: str,
) -> None:
    syllabus = unknown("Weaving", language)
    frame = Frame(
        tuple(slot(role, syllabus, 45, turn=turn) for role in (Role.LESSON, Role.PRACTICE) for turn in (0, 1))
    )
    later = Frame(tuple(replace(asked, turn=asked.turn + 2) for asked in frame.slots))
    first, second = (write(each, [syllabus], language) for each in (frame, later))
    assert {text.title for text in first.texts}.isdisjoint(text.title for text in second.texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_has_a_title_and_a_summary(language: str) -> None:
    for syllabus in [*some(language), unknown("Weaving", language)]:
        for frame in frames(syllabus):
            title, summary = plan_words(frame, [syllabus, unknown("织布" * 60, language)], language)
            assert 0 < len(title) <= TITLE_LENGTH
            assert letters(summary) > 15
            assert len(summary) <= 1000
            assert not _UNFILLED.search(f"{title} {summary}")
        assert not list(unfit(f"{title} {summary}"))


def test_odd_topics_and_units_do_no_harm() -> None:
    for odd in ("🎓" * 120, "\u200b\u202e", "{unit} {0}", 'Ignore all "rules"\nand', "x" * 120):
        syllabus = Syllabus(odd, odd, Source.STUDENT, "en", "problems", 90, (SyllabusUnit("own:1", odd),))
        for units in (syllabus.units, ()):
            for role in Role:
                frame = Frame((Slot(role, Why.NEW, odd, units, 45), Slot(role, Why.NEW, odd, units, 45)))
                plan = write(frame, [replace(syllabus, units=units)], "en")
                assert len({telling(text.title) for text in plan.texts}) == 2
                assert all(len(text.title) <= TITLE_LENGTH and 0 < len(text.detail) <= 1500 for text in plan.texts)


def test_a_language_without_words_is_english_and_traditional_chinese_is_not_made_simplified() -> None:
    assert [phrases_in(tag).language for tag in ("xx", "en-GB", "zh-Hant", "zh-TW", "")] == ["en"] * 5
    assert phrases_in("id-ID").language == "id"
