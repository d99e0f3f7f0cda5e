"""What a text must not hold, in the many ways that it can be written; and what only looks like it."""

import tomllib
from pathlib import Path

import pytest

from schediora.ai.content.instructions import SLOTS_SYSTEM, UNITS_SYSTEM
from schediora.ai.content.wording import Given, says_nothing, unfit, vague
from schediora.subjects.text import shown

TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
FAULTY = [(code, text) for code in ("link", "phone", "markup", "characters") for text in TEXTS[code]]
AROUND = ("{}", "Look at {} and draw the cells.", "Tip: {}.", "({})")


def found(text: str) -> list[set[str]]:
    return [{code for code, _ in unfit(around.format(text))} for around in AROUND]


@pytest.mark.parametrize(("code", "text"), [*FAULTY, ("characters", "a\ud800")], ids=ascii)
def test_what_a_student_must_never_see_is_a_fault(code: str, text: str) -> None:
    assert all(code in codes for codes in found(text))


@pytest.mark.parametrize("text", TEXTS["ordinary"], ids=ascii)
def test_ordinary_text_is_none(text: str) -> None:
    assert found(text) == [set()] * len(AROUND)


@pytest.mark.parametrize("text", TEXTS["characters"], ids=ascii)
def test_a_students_words_are_shown_without_what_nobody_sees(text: str) -> None:
    assert not list(unfit(shown(text)))
    assert shown(f"Bio {text} logy").replace(" ", "").startswith("Bio")


VAGUE = [
    *("Study Plan", "Study Plan 3", "Step 1", "Study", "Day 2: Practice", "1.", "📚", "...", "Week 1 Study Session"),
    *("学习计划", "Plan de estudio"),
]
CONCRETE = ("Label the parts of a cell", "Mitosis: order the phases", "Read chapter 4 on enzymes", "DNA")


def test_a_title_must_name_something_to_do() -> None:
    assert [title for title in VAGUE if not vague(title)] == []
    assert [title for title in CONCRETE if vague(title)] == []


def test_a_detail_must_add_to_its_title() -> None:
    title = "Label the parts of a cell"
    nothing = ("", "   ", "Study.", title, f"{title}.", f"{title} now", "12345 67890 12345 67890 .....")
    assert [detail for detail in nothing if not says_nothing(detail, title, least=20)] == []


@pytest.mark.parametrize("system", [SLOTS_SYSTEM, UNITS_SYSTEM])
def test_what_repeats_the_instructions_is_named(system: str) -> None:
    texts = (
        "As an AI language model I suggest that you read about cells.",
        "Use the went_wrong_before of the student and draw the cells.",
        "Plan: " + system[200:330],
        system.upper()[:600],
    )
    assert [text for text in texts if "leaked_prompt" not in {code for code, _ in unfit(text)}] == []


def test_the_students_own_words_are_not_held_against_a_text() -> None:
    topics = [
        "<b>bold</b> in HTML",
        "https://x.example",
        "system prompt design",
        "**",
        "x<",
        "me@x.example",
        "0812 3456 7890",
    ]
    blamed = [
        topic
        for topic in topics
        if any(unfit(Given.of_words([topic]).excused_in(f"Learn the terms of {topic} by heart.")))
    ]
    assert blamed == []


@pytest.mark.parametrize("written", ["biology.com", "https://biology.example", "biology.id/x", "learn@biology.org"])
def test_a_topic_does_not_excuse_the_address_that_a_model_makes_of_it(written: str) -> None:
    given = Given.of_words(["Biology"])
    assert "link" in {code for code, _ in unfit(given.excused_in(f"Look at {written} and draw what you see there."))}
