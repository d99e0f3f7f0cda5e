"""What is a language tag, and how it is usually spelled (RFC 5646)."""

import pytest

from schediora.languages.tag import language_tag

GOOD = {
    "id": "id",
    "EN-us": "en-US",
    "zh-hant-tw": "zh-Hant-TW",
    "es-419": "es-419",
    "de-CH-1996": "de-CH-1996",
    "yue": "yue",
    "sl-rozaj-biske": "sl-rozaj-biske",
    "en-u-ca-buddhist-x-my": "en-u-ca-buddhist-x-my",
}
BAD = ("", "english", "xx", "e", "Bahasa Indonesia", "id_ID", "i-klingon", "x-me", "12", "en--us", "en-", "ιδ", "🇮🇩")
WORSE = ("de-1901-1901", "en-a-bbb-a-ccc", "en-" + "x" * 200, "id\n", "id\0")


def test_a_tag_has_one_spelling() -> None:
    assert {tag: language_tag(tag) for tag in GOOD} == GOOD


@pytest.mark.parametrize("tag", [*BAD, *WORSE])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="not a language tag"):
        language_tag(tag)
