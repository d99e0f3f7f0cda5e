"""What subjects and units are called, as the words that a topic is compared with."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from schediora.subjects.catalog import Subject, Unit, subjects
from schediora.subjects.once import once

_SPLIT = re.compile(r"\s(?:y|e|et|und|и|और)\s|\sو(?=\w)|[과와]\s|[,:、\uff0c\uff1a]|と|与")
"""Between the parts of a title, each of which means the unit as well, where it stands alone or beside words of
study.
"""

_TOLD_BY_TITLES = ("problems", "reading", "language")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name may mean: a subject, or one unit of it. A `strong` name means it wherever it stands."""

    subject: Subject
    unit: Unit | None
    strong: bool


@once
def index() -> dict[Words, list[Meaning]]:
    """Return what each name in spaced writing may mean; nothing where it is the name of another thing."""
    found: dict[Words, list[Meaning]] = {}
    for name, meaning in _all_names():
        if (words := words_of(name)) and not _unspaced_writing(name):
            found.setdefault(words, []).append(meaning)
    return found | {words_of(other): [] for other in _table()["others"]}


@once
def unspaced() -> tuple[tuple[str, list[Meaning]], ...]:
    """Return what each name in a writing without spaces may mean, the longest name first."""
    found: dict[str, list[Meaning]] = {}
    for name, meaning in _all_names():
        if _unspaced_writing(name):
            found.setdefault("".join(words_of(name)), []).append(meaning)
    return tuple(sorted(found.items(), key=lambda entry: (-len(entry[0]), entry[0])))


def _all_names() -> Iterator[tuple[str, Meaning]]:
    for subject in subjects():
        yield from _named(subject.names, subject.weak_names, subject, None)
        if subject.kin != subject.key:
            continue
        for unit in subject.units:
            ours = [unit.title(each) for each in sorted(subject.languages)]
            sections = [subject.section_title(unit.section, each) for each in subject.languages] if unit.section else []
            weak = (*unit.weak_names, *sections, *_elsewhere(subject, unit))
            yield from _named((*unit.names, *ours), weak, subject, unit)


def _elsewhere(subject: Subject, unit: Unit) -> Iterator[str]:
    """Yield what the unit is called in languages without material, whole and in parts.

    Only those of school: "Loops" and "Listening" are words of many things, and Probability is first of all Math.
    """
    if subject.genre in _TOLD_BY_TITLES and unit.stage != "university":
        for title in (title for language, title in unit.titles().items() if language not in subject.languages):
            yield title
            yield from _parts_of_title(title)


def _parts_of_title(title: str) -> list[str]:
    parts = [part.strip() for part in _SPLIT.split(title)]
    return [part for part in parts if len(part) > (1 if _unspaced_writing(part) else 2)] if len(parts) > 1 else []


def _named(
    names: Iterable[str], weak_names: Iterable[str], subject: Subject, unit: Unit | None
) -> Iterator[tuple[str, Meaning]]:
    strong = {words_of(name): name for name in names}
    weak = {words_of(name): name for name in weak_names}
    for words, name in (strong | weak).items():
        yield name, Meaning(subject, unit, strong=words in strong and words not in weak)


@once
def beside() -> frozenset[str]:
    """Return the words that may stand beside a name without making it another thing."""
    return frozenset(word for line in _table()["beside"] for word in words_of(line))


@once
def skills() -> frozenset[str]:
    """Return the words for parts of learning a language, which beside its name mean no more than the language."""
    return frozenset(words_of(_table()["skills"]))


def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


@lru_cache(maxsize=8192)
def words_of(text: str) -> Words:
    """Return the words of `text` as they are compared: without case, accents' spelling, punctuation and plural."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    return tuple(map(_singular, letters.split()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _unspaced_writing(name: str) -> bool:
    return any(unicodedata.east_asian_width(char) in "WF" and unicodedata.category(char) == "Lo" for char in name)
