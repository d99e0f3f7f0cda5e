"""Which subjects and units a topic means: by what it names, not by all that it says.

A name counts wherever it stands as whole words, the longest first. "UTS Biologi", "biology!! help me" and "Human
anatomy" are known; "Korean drama" and "Power BI" are not, for a plan about another thing is worse than an open one.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from schediora.subjects.catalog import Stage, Subject, Unit
from schediora.subjects.names import Meaning, Words, beside, index, skills, unspaced, words_of
from schediora.subjects.stages import stage_of

LONGEST_TOPIC = 300
"""More is never looked at: a topic has 120 characters, a goal 180."""
_STRANGERS_ALLOWED = 1
"""So many more words than those that name something may be unknown: "Human anatomy" has one, "the chemistry between
Romeo and Juliet" too many."""
_FEWEST = 4
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


@lru_cache(maxsize=2048)
def recognise(topic: str, goal: str = "") -> Recognised | None:
    """Return what `topic` means, None when Schediora knows nothing about it; `goal` may only name the stage."""
    stage = stage_of(topic[:LONGEST_TOPIC]) or stage_of(goal[:LONGEST_TOPIC])
    words = words_of(topic[:LONGEST_TOPIC])
    parts = _parts_of(words, stage)
    if not parts and not skills().isdisjoint(words):
        parts = tuple(part for part in _parts_of(_without(words, skills()), stage) if part.subject.genre == "language")
    return Recognised(parts, stage) if parts else None


def _without(words: Words, others: frozenset[str]) -> Words:
    return tuple(word for word in words if word not in others)


def _parts_of(words: Words, stage: Stage | None) -> tuple[Part, ...]:
    meanings, rest, named_words = _meanings(words)
    if not all(meanings):
        return ()
    strangers = [word for word in rest if word not in beside() and not word.isdigit()]
    if strangers:
        meanings = [meaning for meaning in meanings if any(each.strong for each in meaning)]
        if len(strangers) > named_words + _STRANGERS_ALLOWED:
            return ()
    return _parts(meanings, stage)


@lru_cache(maxsize=4096)
def topic_key(topic: str) -> str:
    """Return what all spellings of a topic have in common: its subjects' keys, else its words without those of study.

    "Biology", "biologi" and "UTS Biologi" are one topic.
    """
    found = recognise(topic)
    if found:
        return "+".join(sorted(part.subject.key for part in found.parts))
    words = words_of(topic[:LONGEST_TOPIC])
    telling = [word for word in words if len(word) < _SHORTEST_BESIDE or word not in beside() or _NUMERAL.match(word)]
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


def _meanings(words: Words) -> tuple[list[list[Meaning]], list[str], int]:
    """Return what the named stretches of `words` may mean, the words that name nothing, and how many name something."""
    names = index()
    taken = [False] * len(words)
    found: list[tuple[int, list[Meaning]]] = []
    for length in range(min(max(map(len, names), default=0), len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            stretch = words[start : start + length]
            if stretch in names and not any(taken[start : start + length]):
                taken[start : start + length] = [True] * length
                found.append((start, names[stretch]))
    rest = [word for word, used in zip(words, taken, strict=True) if not used]
    for name, meanings in unspaced():
        for place, word in enumerate(rest):
            if name in word:
                rest[place] = word.replace(name, "", 1)
                found.append((len(words), meanings))
    return (
        _of_one_language([meanings for _, meanings in sorted(found, key=lambda hit: hit[0])]),
        [word for word in rest if word],
        sum(taken),
    )


def _of_one_language(meanings: list[list[Meaning]]) -> list[list[Meaning]]:
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


def _in(subject: Subject, meaning: Meaning) -> Meaning:
    unit = subject.units[meaning.subject.units.index(meaning.unit)] if meaning.unit else None
    return Meaning(subject, unit, meaning.strong)


def _parts(meanings: list[list[Meaning]], stage: Stage | None) -> tuple[Part, ...]:
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
    by_subject: dict[str, list[Meaning]] = {}
    for each in chosen:
        by_subject.setdefault(each.subject.key, []).append(each)
    return tuple(_part(group, stage) for group in by_subject.values())


def _agreed(meanings: list[list[Meaning]]) -> list[list[Meaning]]:
    """Return what weak names can mean together: "Korean drama" is neither the language nor a part of English.

    Languages stand side by side: "French and Spanish".
    """
    if all(any(each.unit is None and each.subject.genre == "language" for each in options) for options in meanings):
        return meanings
    keys = [{each.subject.key for each in options} for options in meanings]
    common = set.intersection(*keys) if keys else set()
    return [[each for each in options if each.subject.key in common] for options in meanings]


def _narrowed(options: list[Meaning]) -> list[Meaning]:
    """Return the options, only the whole subjects where the words name one."""
    return [each for each in options if each.unit is None] or options


def _part(group: list[Meaning], stage: Stage | None) -> Part:
    subject = group[0].subject
    named = {each.unit.key for each in group if each.unit}
    units = tuple(unit for unit in subject.units if unit.key in named) or _of_stage(subject, stage)
    return Part(subject, units, bool(named))


def _of_stage(subject: Subject, stage: Stage | None) -> tuple[Unit, ...]:
    """Return the subject's units of `stage`; without one those of school, where most of it belongs there.

    A first year of university of which we have next to nothing begins with what school ends with.
    """
    if stage:
        chosen = tuple(unit for unit in subject.units if stage in (unit.stage, *unit.further_stages))
        if stage == "university" and len(chosen) < _FEWEST:
            chosen = tuple(unit for unit in subject.units if unit.stage != "lower")
        return chosen or subject.units
    school = tuple(unit for unit in subject.units if unit.stage != "university")
    return school if 2 * len(school) > len(subject.units) else subject.units
