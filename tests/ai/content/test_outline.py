"""The content check: what keeps an outline from a student, and what must not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from schediora.ai.content.instructions import SYSTEM
from schediora.ai.content.outline import Outline, faults, fit, in_order
from schediora.planner.scheduler.problem import Kind, Step
from tests.ai.briefs import brief
from tests.model_answers import plan

Change = Callable[[Step], Step]


def sound(topic: str = "Biology") -> Outline:
    """Return an outline without faults, as a model writes it."""
    written = plan(topic)
    steps = (Step(topic=topic, **step | {"kind": Kind(step["kind"])}) for step in written["steps"])
    return Outline(written["title"], written["summary"], tuple(steps))


def with_step(change: Change, index: int = 2) -> Outline:
    outline = sound()
    steps = list(outline.steps)
    steps[index] = change(steps[index])
    return replace(outline, steps=tuple(steps))


def codes(outline: Outline, **changes: Any) -> set[tuple[int | None, str]]:
    return {(fault.step, fault.code) for fault in faults(outline, brief(**changes))}


def titled(title: str) -> Change:
    return lambda step: replace(step, title=title)


def detailed(detail: str) -> Change:
    return lambda step: replace(step, detail=detail)


def test_a_sound_outline_has_no_faults() -> None:
    assert codes(sound()) == set()


@pytest.mark.parametrize("count", [0, 1, 5, 11])
def test_there_are_six_to_ten_steps(count: int) -> None:
    steps = tuple(
        Step(
            f"Draw organelle {chr(97 + n) * 3}",
            f"Sketch it {chr(97 + n) * 30} and label it.",
            "Biology",
            Kind.LEARN,
            30,
        )
        for n in range(count)
    )
    assert codes(replace(sound(), steps=steps)) == {(None, "step_count")}


@pytest.mark.parametrize(
    "title",
    [
        "Study Plan",
        "Study Plan 3",
        "Step 1",
        "Study",
        "Biology",
        "Study Biology",
        "Biology: review",
        "Day 2: Practice",
        "1.",
        "📚",
        "...",
        "Week 1 Study Session",
        "Belajar Biology",
        "学习计划",
        "Plan de estudio",
    ],
)
def test_a_title_must_name_something_to_do(title: str) -> None:
    assert (2, "vague_title") in codes(with_step(titled(title)))


@pytest.mark.parametrize(
    "title", ["Label the parts of a cell", "Mitosis: order the phases", "Read chapter 4 on enzymes", "DNA"]
)
def test_a_concrete_title_passes(title: str) -> None:
    assert (2, "vague_title") not in codes(with_step(titled(title)))


@pytest.mark.parametrize("title", ["{0}", "{0} 2", "{0}!", "  {0}  ", "1. {0}"])
def test_titles_that_differ_in_numbers_or_signs_alone_are_repeated(title: str) -> None:
    first = sound().steps[0].title
    assert codes(with_step(titled(title.format(first)))) == {(2, "repeated_title")}
    assert codes(with_step(titled(title.format(first).upper()))) == {(2, "repeated_title")}


def test_repeated_details_are_named() -> None:
    first = sound().steps[0].detail
    assert codes(with_step(detailed(first))) == {(2, "repeated_detail")}


@pytest.mark.parametrize(
    "detail", ["", "   ", "Study.", "{title}", "{title}.", "{title} now", "12345 67890 12345 67890 ....."]
)
def test_a_detail_must_add_to_its_title(detail: str) -> None:
    title = sound().steps[2].title
    assert (2, "empty_detail") in codes(with_step(detailed(detail.format(title=title))))


@pytest.mark.parametrize("minutes", [-30, 0, 14, 241, 100_000])
def test_minutes_stay_in_range(minutes: int) -> None:
    assert (2, "minutes") in codes(with_step(lambda step: replace(step, minutes=minutes)))


def test_the_steps_fit_the_week() -> None:
    outline = sound()
    assert codes(outline, week_minutes=200) == {(None, "too_long")}
    fitted = fit(outline, 200)
    assert codes(fitted, week_minutes=200) == set()
    assert fitted.minutes <= 200


def test_a_tiny_week_gets_the_shortest_steps() -> None:
    fitted = fit(sound(), 10)
    assert {step.minutes for step in fitted.steps} == {15}
    assert codes(fitted, week_minutes=10) == set()


@pytest.mark.parametrize("week", [90, 200, 333, 5000])
def test_fitting_rounds_to_five_minutes_and_is_stable(week: int) -> None:
    uneven = replace(sound(), steps=tuple(replace(step, minutes=17 + 13 * n) for n, step in enumerate(sound().steps)))
    fitted = fit(uneven, week)
    assert all(step.minutes % 5 == 0 for step in fitted.steps)
    assert fit(fitted, week) == fitted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Read <b>chapter two</b> about cells and draw them.", "markup"),
        ("Read **chapter two** about cells and draw them.", "markup"),
        ("```json Read chapter two about cells```", "markup"),
        ("Use [this page](x) about cells and draw them.", "markup"),
        ("# Cells\nRead about them and draw them carefully.", "markup"),
        ("Compute \\frac{a}{b} for each of the cells that you drew.", "markup"),
        ('{"title": "Cells", "detail": "Read about them"}', "markup"),
        ("Look at https://cells.example and draw what you see.", "link"),
        ("Look at www.cells.example and draw what you see.", "link"),
        ("Read about cells\x07 and draw them with all labels.", "characters"),
        ("Read about cells\x00 and draw them with all labels.", "characters"),
        ("Read about cells\ud800 and draw them with all labels.", "characters"),
        ("Read about \u202ecells and draw them with all labels.", "characters"),
        ("As an AI language model I suggest that you read about cells.", "leaked_prompt"),
        ("Use the focus_topics of the student and draw the cells.", "leaked_prompt"),
        ("Plan: " + SYSTEM[200:330], "leaked_prompt"),
        (SYSTEM.upper()[:600], "leaked_prompt"),
    ],
)
def test_what_no_student_must_see_is_named(text: str, code: str) -> None:
    assert code in {code for _, code in codes(with_step(detailed(text)))}


@pytest.mark.parametrize(
    "text",
    [
        "Show that x < 3 and y > 4 and solve 2*x + 1 = 7, then C# and F# and 50 % of a & b.",
        "Train a small language model and write its __init__ method with a JSON schema for the input.",
        "Sort: (a) cell, (b) tissue; then write 3 * 4 lines, one each.\nCheck them.",
    ],
)
def test_signs_of_ordinary_text_are_not_markup(text: str) -> None:
    assert codes(with_step(detailed(text))) == set()


def test_the_plans_own_title_and_summary_are_checked() -> None:
    assert (None, "length") in codes(replace(sound(), title=""))
    assert (None, "link") in codes(replace(sound(), summary="See https://x.example"))


def test_the_students_own_words_are_not_held_against_a_plan() -> None:
    for topic in (
        "<b>bold</b> in HTML",
        "https://x.example",
        "system prompt design",
        "**",
        "x<",
        "me@x.example",
        "0812 3456 7890",
    ):
        assert {code for _, code in codes(sound(topic), topic=topic)} <= {"length"}


def test_lengths_are_bounded() -> None:
    assert (2, "length") in codes(with_step(titled("cells " * 40)))
    assert (2, "length") in codes(with_step(detailed("cells and tissue " * 100)))


def test_a_text_that_is_too_long_is_judged_by_its_length_alone() -> None:
    for change in (titled("<a [b](c) " * 8_000), detailed("example.com | " * 8_000)):
        assert codes(with_step(change)) == {(2, "length")}
    assert codes(replace(sound(), title="<a " * 30_000, summary="x@y.zz " * 10_000)) == {(None, "length")}


@pytest.mark.parametrize("written", ["biology.com", "https://biology.example", "biology.id/x", "learn@biology.org"])
def test_a_topic_does_not_excuse_the_address_that_a_model_makes_of_it(written: str) -> None:
    step = detailed(f"Look at {written} and draw what you see there.")
    assert (2, "link") in codes(with_step(step), topic="Biology")


def test_a_mock_test_comes_after_what_is_learned() -> None:
    outline = sound()
    assert (None, "order") in codes(replace(outline, steps=outline.steps[::-1]))
    assert codes(replace(outline, steps=in_order(outline.steps[::-1]))) == set()


@pytest.mark.parametrize(
    ("topic", "goal"),
    [
        ("История России", "экзамен"),
        ("世界史", "考试"),
        ("한국사", "시험"),
        ("تاريخ مصر", "امتحان"),
        ("भारत का इतिहास", "परीक्षा"),
    ],
)
def test_a_topic_in_another_script_must_not_get_a_latin_plan(topic: str, goal: str) -> None:
    asked = brief(topic=topic, goal=goal)
    found = faults(sound(topic), asked)
    assert {fault.step for fault in found if fault.code == "language"} >= set(range(8))
