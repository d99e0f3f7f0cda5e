"""What a text must not hold, in the many ways that it can be written; and what only looks like it."""

import tomllib
from pathlib import Path

import pytest

from schediora.ai.content.wording import unfit
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
