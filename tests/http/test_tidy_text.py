"""Tidied text is what Unicode says it is, however long and however marked."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.http.tidy_text import SHORT, composed, tidied

MARKS = st.text(
    st.sampled_from("a\u00e9\u1112\u1161\u11ab\u0300\u0316\u0344\u0f71\u0f72\u0f73\u0f81\u05b0\u3099 "), max_size=80
)


@given(st.one_of(st.text(), MARKS), st.sampled_from(["", "\u00e4" * SHORT]))
def test_composed_text_is_in_normalization_form_c(text: str, before: str) -> None:
    assert composed(before + text) == unicodedata.normalize("NFC", before + text)


@pytest.mark.parametrize("marks", ["\u0316\u0300", "\u0f73", "\u0344\u0316", "\u0f72\u0f71"])
def test_marks_are_in_order_before_they_are_composed(marks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given_to_python: list[str] = []
    real = unicodedata.normalize

    def normalize(form: str, text: str) -> str:
        given_to_python.append(text)
        return real(form, text)  # type: ignore[arg-type]  # one of its forms

    monkeypatch.setattr("schediora.http.tidy_text.unicodedata.normalize", normalize)
    composed("a" + marks * SHORT)
    classes = [unicodedata.combining(character) for character in max(given_to_python, key=len)[1:]]
    assert classes == sorted(classes)


@given(st.text())
def test_tidied_text_is_tidy(text: str) -> None:
    tidy = tidied(text)
    assert tidied(tidy) == tidy
    assert tidy == " ".join(tidy.split())


@pytest.mark.parametrize(
    "character", ["\x1b", "\u00ad", "\u2065", "\u3164", "\ufff0", "\ufff8", "\U000e0000", "\U000e0fff"], ids=ascii
)
def test_what_nobody_sees_is_empty_alone_and_kept_beside_what_shows(character: str) -> None:
    assert tidied(f" {character} {character}") == ""
    assert tidied(f"a{character} ") == f"a{character}"


@pytest.mark.parametrize("character", ["~", "\u2764", "\u0378", "\ufffd", "\U0001fae9", "\U000e1000"], ids=ascii)
def test_what_shows_or_is_a_symbol_that_is_too_new_to_be_known_is_text(character: str) -> None:
    assert tidied(f"\u200b {character}") == f"\u200b {character}"
