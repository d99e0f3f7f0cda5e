"""Which subject a student's words mean: by what they name, and never a guess about another thing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.subjects.catalog import unit_of
from schediora.subjects.exams import concerns, exam_days
from schediora.subjects.recognition import LONGEST_TOPIC, overlap, recognise, same_topic, topic_key


def keys(topic: str, goal: str = "") -> list[str]:
    found = recognise(topic, goal)
    return [part.subject.key for part in found.parts] if found else []


MATH = ("Math", "MATHS", "Matematika", "math!! help me", "UTS Matematika", "Math ch. 5", "Matematika kelas 10", "数学")
PARTS_OF_MATH = (
    "高校数学",
    "Calculus",
    "AP Calculus",
    "Kalkulus semester 1",
    "mathe\u0301matiques",
    "fractions please",
)
ANOTHER_THING = ("Korean drama", "Power BI", "air force roots", "", "🧪🧪", "???", "the of and", "x" * 120)


@pytest.mark.parametrize("topic", [*MATH, *PARTS_OF_MATH])
def test_math_is_known_by_many_names(topic: str) -> None:
    assert keys(topic) == ["math"]


@pytest.mark.parametrize("topic", ANOTHER_THING)
def test_another_thing_is_not_known(topic: str) -> None:
    assert keys(topic) == []


@pytest.mark.parametrize(
    ("topic", "subjects"),
    [
        ("UTS Biologi", ["biology"]),
        ("Biology ch. 5", ["biology"]),
        ("AP Physics", ["physics"]),
        ("biology!! help me", ["biology"]),
        ("Biology and Chemistry", ["biology", "chemistry"]),
        ("Human anatomy", ["biology"]),
        ("Linear algebra", ["linear_algebra"]),
        ("Thermodynamics", ["chemistry", "physics"]),
        ("SAT Math", ["sat"]),
        ("IELTS writing", ["ielts"]),
        ("English listening", ["english"]),
        ("Roman history", ["world_history"]),
        ("French cooking course", []),
        ("French literature", []),
        ("French", ["spoken_language@fr"]),
        ("Bahasa Korea untuk pemula", ["spoken_language@ko"]),
        ("Spanish B1 grammar", ["spoken_language@es"]),
        ("法语入门", ["spoken_language@fr"]),
        ("French and Spanish", ["spoken_language@fr", "spoken_language@es"]),
        ("Chinese history", []),
        ("Quantum mechanics", []),
        ("Computer science", []),
        ("Year 9 science", ["biology", "chemistry", "physics"]),
        ("Termodinamika", ["chemistry", "physics"]),
        ("Derivadas", ["math"]),
        ("확률", ["math"]),
        ("ЕГЭ по физике", ["physics"]),
        ("Foreign language", ["spoken_language"]),
        ("JLPT", ["jlpt_n5"]),
        ("JLPT N4", ["jlpt_n4"]),
        ("JLPT N3 kanji", ["jlpt_n3"]),
        ("Persiapan JLPT N4", ["jlpt_n4"]),
        ("The chemistry between Romeo and Juliet", []),
    ],
)
def test_a_topic_means_the_subjects_that_it_names(topic: str, subjects: list[str]) -> None:
    assert keys(topic) == subjects


def test_a_subject_of_university_means_all_of_it() -> None:
    found = recognise("Microeconomics")
    assert found is not None
    assert len(found.units) == len(found.parts[0].subject.units)


def test_a_unit_means_itself_and_a_subject_all_of_school() -> None:
    trigonometry, math = recognise("Trigonometry"), recognise("Math")
    assert trigonometry is not None
    assert math is not None
    assert [unit.key for unit in trigonometry.units] == ["math.trigonometry"]
    assert {unit.stage for unit in math.units} == {"lower", "upper"}


@pytest.mark.parametrize(
    ("topic", "goal", "stage"),
    [
        ("Grade 7 math", "", "lower"),
        ("Matematika kelas 10", "", "upper"),
        ("Matematika kelas XI", "", "upper"),
        ("Math", "Lulus SMP", "lower"),
        ("Math", "A-level", "upper"),
        ("9 класс: физика", "", "lower"),
        ("高二化学", "", "upper"),
        ("Microeconomics", "first year of university", "university"),
    ],
)
def test_a_named_stage_is_kept_to(topic: str, goal: str, stage: str) -> None:
    found = recognise(topic, goal)
    assert found is not None
    assert found.stage == stage
    assert all(stage in (unit.stage, *unit.further_stages) for unit in found.units)


def test_what_is_learned_of_a_language_is_about_that_language() -> None:
    found = recognise("French greetings")
    assert found is not None
    assert [(unit.key, unit.needs) for unit in found.units] == [
        ("spoken_language.greetings@fr", ("spoken_language.sounds@fr",))
    ]
    assert "speaks French" in found.units[0].material("en").example
    assert "berbicara bahasa Prancis" in found.units[0].material("id").example
    assert not same_topic("French", "Spanish")
    for key in ("spoken_language.sounds", "spoken_language.sounds@zh"):
        unit = unit_of(key)
        assert unit is not None
        assert "{" not in f"{unit.material('en')} {unit.material('id')}"


def test_a_first_year_of_university_begins_with_what_school_ends_with() -> None:
    found = recognise("Chemistry", "first year of university")
    assert found is not None
    assert found.stage == "university"
    assert {unit.stage for unit in found.units} == {"upper", "university"}


@pytest.mark.parametrize("topic", ["AP Biology", "Biologi kelas 11", "A-level biology"])
def test_an_upper_stage_takes_up_again_what_it_rests_on(topic: str) -> None:
    found = recognise(topic)
    assert found is not None
    assert {"biology.cells", "biology.photosynthesis", "biology.dna"} <= {unit.key for unit in found.units}


def test_spellings_of_a_topic_are_one_and_parts_lie_inside() -> None:
    assert topic_key("Math") == topic_key("UTS matematika") == topic_key("MATHS!")
    assert same_topic("Calculus", "Math")
    assert same_topic("Oil painting", "oil  Painting")
    assert not same_topic("Painting", "Math")


def test_an_exam_concerns_what_it_asks_for() -> None:
    assert concerns("Math final exam", "Calculus")
    assert concerns("Calculus", "Matematika")
    assert not concerns("Trigonometry", "Calculus")
    assert concerns("Roman history", "History: roman history")
    assert not concerns("Roman history", "Math")


def test_every_spelling_of_an_exam_concerns_every_spelling_of_the_topic() -> None:
    pairs = {
        ("Mathematics", "Math"),
        ("Maths exam!", "math"),
        ("Matematika", "Math"),
        ("Biology final exam", "Biologi"),
        ("UAS Biologi kelas 11", "biology"),
        ("Math", "Calculus"),
        ("Ujian Kalkulus", "Math"),
        ("mathe\u0301matiques", "math\u00e9matiques"),
        ("\uff2d\uff21\uff34\uff28", "Math"),
        ("数学", "Math"),
        ("Biology and Chemistry", "Chemistry"),
        ("IELTS Academic", "IELTS writing"),
        ("UTS Akidah Akhlak", "Akidah Akhlak kelas 8"),
        ("Geology final exam", "GEOLOGY"),
        ("Physics", "Thermodynamics"),
        ("UTBK 2026", "Matematika"),
        ("IELTS", "English"),
        ("JLPT N4", "Japanese"),
    }
    assert [pair for pair in pairs if not concerns(*pair)] == []
    others = {("Chemistry", "Biology"), ("Geology", "Biology"), ("Vitamin B", "Vitamin C"), ("Chapter 1", "Chapter 2")}
    others |= {("English", "IELTS"), ("UTBK", "Biology"), ("SAT reading", "Math")}
    assert [pair for pair in others if concerns(*pair)] == []


def test_an_exam_of_today_is_over_for_planning() -> None:
    today = date(2026, 3, 2)
    days = {"Maths": date(2026, 3, 9), "Math": today, "Painting": date(2026, 3, 5), "Calculus": date(2026, 3, 7)}
    assert exam_days("Math", days.items(), today) == (date(2026, 3, 7), date(2026, 3, 9))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_have_an_answer_that_is_the_same_both_ways(one: str, other: str) -> None:
    assert same_topic(one, other) == same_topic(other, one)
    assert overlap(one, other) == overlap(other, one)
    assert concerns(one, one) or not topic_key(one)


def test_no_more_is_looked_at_than_a_topic_can_hold() -> None:
    assert recognise("a " * LONGEST_TOPIC + "math") is None
    assert keys("math " + "a " * 10**6) == ["math"]
