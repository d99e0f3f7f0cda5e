"""Which subjects and units a topic means: by what it names, not by all that it says.

A name counts wherever it stands as whole words, the longest first. "UTS Biologi", "biology!! help me" and "Human
anatomy" are known; "Korean drama" and "Power BI" are not, for a plan about another thing is worse than an open one.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from schediora.subjects.catalog import Stage, Subject, Unit, subjects
from schediora.subjects.stages import stage_of

LONGEST_TOPIC = 300
"""More is never looked at: a topic has 120 characters, a goal 180."""
_STRANGERS_ALLOWED = 1
"""So many more words than those that name something may be unknown: "Human anatomy" has one, "the chemistry between
Romeo and Juliet" too many."""
_SHORTEST_BESIDE = 3
_NUMERAL = re.compile("[ivx]+$")
"""What tells unknown topics apart though it may stand beside a subject's name: "Vitamin C", "Volume II"."""


@dataclass(frozen=True, slots=True)
class Part:
    """A subject and those of its units that a topic means: the ones that it names, else all of the stage."""

    subject: Subject
    units: tuple[Unit, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a topic means: one subject or several, and the stage of learning where one is named."""

    parts: tuple[Part, ...]
    stage: Stage | None

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units that are meant, subject by subject, in learning order."""
        return tuple(unit for part in self.parts for unit in part.units)


@dataclass(frozen=True, slots=True)
class _Meaning:
    subject: Subject
    unit: Unit | None
    strong: bool


_Words = tuple[str, ...]


@lru_cache(maxsize=2048)
def recognise(topic: str, goal: str = "") -> Recognised | None:
    """Return what `topic` means, None when Schediora knows nothing about it; `goal` may only name the stage."""
    stage = stage_of(topic[:LONGEST_TOPIC]) or stage_of(goal[:LONGEST_TOPIC])
    words = _words(topic[:LONGEST_TOPIC])
    parts = _parts_of(words, stage)
    if not parts and not _skills().isdisjoint(words):
        parts = tuple(part for part in _parts_of(_without(words, _skills()), stage) if part.subject.genre == "language")
    return Recognised(parts, stage) if parts else None


def _without(words: _Words, others: frozenset[str]) -> _Words:
    return tuple(word for word in words if word not in others)


def _parts_of(words: _Words, stage: Stage | None) -> tuple[Part, ...]:
    meanings, rest, named_words = _meanings(words)
    strangers = [word for word in rest if word not in _beside() and not word.isdigit()]
    if strangers:
        meanings = [meaning for meaning in meanings if any(each.strong for each in meaning)]
        if len(strangers) > named_words + _STRANGERS_ALLOWED:
            return ()
    return _parts(meanings, stage)


def topic_key(topic: str) -> str:
    """Return what all spellings of a topic have in common: its subjects' keys, else its words without those of study.

    "Biology", "biologi" and "UTS Biologi" are one topic.
    """
    found = recognise(topic)
    if found:
        return "+".join(sorted(part.subject.key for part in found.parts))
    words = _words(topic[:LONGEST_TOPIC])
    telling = [word for word in words if len(word) < _SHORTEST_BESIDE or word not in _beside() or _NUMERAL.match(word)]
    return " ".join(telling or words) or unicodedata.normalize("NFKC", topic).casefold().strip()


def same_topic(one: str, other: str) -> bool:
    """Return whether two topics are the same or one lies inside the other: "Calculus" lies inside "Math"."""
    left, right = recognise(one), recognise(other)
    if left and right:
        return not {part.subject.key for part in left.parts}.isdisjoint(part.subject.key for part in right.parts)
    return not (left or right) and _inside(topic_key(one), topic_key(other))


@lru_cache(maxsize=4096)
def overlap(one: str, other: str) -> bool:
    """Return whether two topics share something to learn: "Calculus" and "Math" do, two units of one subject do not."""
    left, right = recognise(one), recognise(other)
    if left and right:
        return not {unit.key for unit in left.units}.isdisjoint(unit.key for unit in right.units)
    return not (left or right) and _inside(topic_key(one), topic_key(other))


def _inside(one: str, other: str) -> bool:
    return bool(one and other) and (f" {one} " in f" {other} " or f" {other} " in f" {one} ")


def _meanings(words: _Words) -> tuple[list[list[_Meaning]], list[str], int]:
    """Return what the named stretches of `words` may mean, the words that name nothing, and how many name something."""
    index = _index()
    taken = [False] * len(words)
    found: list[tuple[int, list[_Meaning]]] = []
    for length in range(min(max(map(len, index), default=0), len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            stretch = words[start : start + length]
            if stretch in index and not any(taken[start : start + length]):
                taken[start : start + length] = [True] * length
                found.append((start, index[stretch]))
    rest = [word for word, used in zip(words, taken, strict=True) if not used]
    for name, meanings in _unspaced():
        for place, word in enumerate(rest):
            if name in word:
                rest[place] = word.replace(name, "", 1)
                found.append((len(words), meanings))
    return (
        _of_one_language([meanings for _, meanings in sorted(found, key=lambda hit: hit[0])]),
        [word for word in rest if word],
        sum(taken),
    )


def _of_one_language(meanings: list[list[_Meaning]]) -> list[list[_Meaning]]:
    """Return the meanings with the units of the languages that are named: "French greetings" are not those of any."""
    every = (each.subject for options in meanings for each in options)
    spoken = {subject.key: subject for subject in every if subject.kin != subject.key}
    kin = {subject.kin for subject in spoken.values()}
    return [
        [
            meant
            for each in options
            for meant in ([_in(subject, each) for subject in spoken.values()] if each.subject.key in kin else [each])
        ]
        for options in meanings
    ]


def _in(subject: Subject, meaning: _Meaning) -> _Meaning:
    unit = subject.units[meaning.subject.units.index(meaning.unit)] if meaning.unit else None
    return _Meaning(subject, unit, meaning.strong)


def _parts(meanings: list[list[_Meaning]], stage: Stage | None) -> tuple[Part, ...]:
    if not any(each.strong for options in meanings for each in options):
        meanings = _agreed(meanings)
    chosen = [each for options in meanings for each in _narrowed(options)]
    whole = {each.subject.key for each in chosen if each.unit is None}
    # "Listening" alone is a part of no test: a section means a test's only beside the test's name.
    chosen = [each for each in chosen if each.strong or each.subject.genre != "test" or each.subject.key in whole]
    tests = [each for each in chosen if each.subject.genre == "test"]
    sure = [each for each in chosen if each.strong]
    if tests and any(each.strong for each in tests):
        # "SAT Math" is a part of the SAT, whatever else the word means.
        chosen = tests
    elif sure:
        subjects_meant = {each.subject.key for each in sure}
        chosen = [each for each in chosen if each.subject.key in subjects_meant]
    by_subject: dict[str, list[_Meaning]] = {}
    for each in chosen:
        by_subject.setdefault(each.subject.key, []).append(each)
    return tuple(_part(group, stage) for group in by_subject.values())


def _agreed(meanings: list[list[_Meaning]]) -> list[list[_Meaning]]:
    """Return what weak names can mean together: "Korean drama" is neither the language nor a part of English.

    Languages stand side by side: "French and Spanish".
    """
    if all(any(each.unit is None and each.subject.genre == "language" for each in options) for options in meanings):
        return meanings
    keys = [{each.subject.key for each in options} for options in meanings]
    common = set.intersection(*keys) if keys else set()
    return [[each for each in options if each.subject.key in common] for options in meanings]


def _narrowed(options: list[_Meaning]) -> list[_Meaning]:
    """Return the options, only the whole subjects where the words name one."""
    return [each for each in options if each.unit is None] or options


def _part(group: list[_Meaning], stage: Stage | None) -> Part:
    subject = group[0].subject
    named = {each.unit.key for each in group if each.unit}
    units = tuple(unit for unit in subject.units if unit.key in named) or _of_stage(subject, stage)
    return Part(subject, units, bool(named))


def _of_stage(subject: Subject, stage: Stage | None) -> tuple[Unit, ...]:
    """Return the subject's units of `stage`; without one those of school, where most of it belongs there."""
    if stage:
        return tuple(unit for unit in subject.units if unit.stage == stage) or subject.units
    school = tuple(unit for unit in subject.units if unit.stage != "university")
    return school if 2 * len(school) > len(subject.units) else subject.units


@cache
def _index() -> dict[_Words, list[_Meaning]]:
    """Return what each name in spaced writing may mean."""
    index: dict[_Words, list[_Meaning]] = {}
    for name, meaning in _all_names():
        if (words := _words(name)) and not _unspaced_writing(name):
            index.setdefault(words, []).append(meaning)
    return index


@cache
def _unspaced() -> tuple[tuple[str, list[_Meaning]], ...]:
    """Return what each name in a writing without spaces may mean, the longest name first."""
    index: dict[str, list[_Meaning]] = {}
    for name, meaning in _all_names():
        if _unspaced_writing(name):
            index.setdefault("".join(_words(name)), []).append(meaning)
    return tuple(sorted(index.items(), key=lambda entry: (-len(entry[0]), entry[0])))


def _all_names() -> Iterator[tuple[str, _Meaning]]:
    for subject in subjects():
        yield from _named(subject.names, subject.weak_names, subject, None)
        if subject.kin != subject.key:
            continue
        for unit in subject.units:
            titles = unit.titles().values()
            sections = [subject.section_title(unit.section, each) for each in subject.languages] if unit.section else []
            yield from _named((*unit.names, *titles), (*unit.weak_names, *sections), subject, unit)


def _named(
    names: Iterable[str], weak_names: Iterable[str], subject: Subject, unit: Unit | None
) -> Iterator[tuple[str, _Meaning]]:
    strong = {_words(name): name for name in names}
    weak = {_words(name): name for name in weak_names}
    for words, name in (strong | weak).items():
        yield name, _Meaning(subject, unit, strong=words in strong and words not in weak)


@cache
def _beside() -> frozenset[str]:
    return frozenset(word for line in _table()["beside"] for word in _words(line))


@cache
def _skills() -> frozenset[str]:
    return frozenset(_words(_table()["skills"]))


def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


@lru_cache(maxsize=8192)
def _words(text: str) -> _Words:
    """Return the words of `text` as they are compared: without case, accents' spelling, punctuation and plural."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    return tuple(map(_singular, letters.split()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _unspaced_writing(name: str) -> bool:
    return any(unicodedata.east_asian_width(char) in "WF" and unicodedata.category(char) == "Lo" for char in name)
