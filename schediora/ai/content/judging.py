"""The words and patterns of `judging.toml`, read once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_NO_WORD_BEFORE, _NO_WORD_AFTER = r"(?<!\w)", r"(?!\w)"
_WITHOUT_SPACES = "\u0900"
"""From here on scripts hang their words together or inflect them: a word of theirs is looked for anywhere."""


@cache
def section(name: str) -> Mapping[str, Any]:
    """Return a section of the file."""
    found: Mapping[str, Any] = tomllib.loads(files(__package__).joinpath("judging.toml").read_text("utf-8"))[name]
    return found


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the patterns of how texts are written."""
    return re.compile(section("patterns")[name], re.IGNORECASE | re.DOTALL)


@cache
def listed(name: str, key: str) -> re.Pattern[str]:
    """Return a pattern for any of the patterns in the list `key` of a section."""
    return re.compile("|".join(section(name)[key]), re.IGNORECASE)


@cache
def phrases(name: str, key: str) -> re.Pattern[str]:
    """Return a pattern for the list `key`, by "|", of a section, as it stands in case-folded text: whole words."""
    return any_of(section(name)[key].casefold().split("|"), whole=True)


@cache
def beginnings(name: str, key: str) -> re.Pattern[str]:
    """Return a pattern for the list `key` of a section, as it stands in case-folded text: how words begin."""
    return any_of(section(name)[key].casefold().split("|"), whole=False)


def any_of(entries: Iterable[str], *, whole: bool) -> re.Pattern[str]:
    """Return a pattern for any of `entries`, the longest first."""
    bounds: dict[tuple[bool, bool], list[str]] = {}
    for entry in sorted({entry.strip() for entry in entries if entry.strip()}, key=lambda each: (-len(each), each)):
        bounds.setdefault((_spelled(entry[0]), whole and _spelled(entry[-1])), []).append(re.escape(entry))
    return re.compile(
        "|".join(
            f"{_NO_WORD_BEFORE if before else ''}(?:{'|'.join(listed)}){_NO_WORD_AFTER if after else ''}"
            for (before, after), listed in bounds.items()
        )
    )


def _spelled(char: str) -> bool:
    """Return whether words of the script of `char` stand apart and are looked for whole."""
    return char.isalnum() and char < _WITHOUT_SPACES
