"""What there is to learn in a subject, in teaching order, and which part of it a topic means.

The subjects are data, one file each in `curricula/*.toml`.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from schediora.subjects.text import fingerprint


@dataclass(frozen=True, slots=True)
class Unit:
    """A sub-topic: its name and other names, and what to learn, work through, practise, avoid and ask oneself."""

    name: str
    aliases: tuple[str, ...]
    points: tuple[str, ...]
    example: str
    practice: str
    pitfall: str
    ask: tuple[str, ...]
    indonesian: str

    def names(self) -> frozenset[str]:
        """Return the fingerprints of everything this unit is called."""
        return frozenset(fingerprint(name) for name in (self.name, self.indonesian, *self.aliases))


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject with its units in teaching order."""

    name: str
    aliases: tuple[str, ...]
    units: tuple[Unit, ...]

    def names(self) -> frozenset[str]:
        """Return the fingerprints of everything this subject is called."""
        return frozenset(fingerprint(name) for name in (self.name, *self.aliases))


@dataclass(frozen=True, slots=True)
class Match:
    """The part of a subject that a topic means: all of its units, or those that the topic names."""

    subject: Subject
    units: tuple[Unit, ...]


@cache
def subjects() -> tuple[Subject, ...]:
    """Return every subject, by name."""
    folder = files("schediora.ai").joinpath("curricula")
    documents = (tomllib.loads(entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(map(_subject, documents), key=lambda subject: subject.name))


def _subject(document: dict[str, Any]) -> Subject:
    units = tuple(
        Unit(
            name=unit["name"],
            aliases=tuple(unit["aliases"]),
            points=tuple(unit["points"]),
            example=unit["example"],
            practice=unit["practice"],
            pitfall=unit["pitfall"],
            ask=tuple(unit["ask"]),
            indonesian=unit["indonesian"],
        )
        for unit in document["units"]
    )
    return Subject(document["name"], tuple(document["aliases"]), units)


@lru_cache(maxsize=1024)
def recognise(topic: str) -> Match | None:
    """Return the subject or sub-topics that `topic` names, None for a topic that Schediora knows nothing about.

    Every word of it must be accounted for: "AP Calculus" and "Biology: cells" are known, "Korean drama" and "Power BI"
    are not, for a curriculum of another thing is worse than none.
    """
    text = fingerprint(topic)
    for subject in subjects():
        match = _match(subject, text)
        if match:
            return match
    return None


def concerns(one: str, other: str) -> bool:
    """Return whether two topics overlap: "Calculus" and "Math" do, "Trigonometry" and "Calculus" do not."""
    first, second = fingerprint(one), fingerprint(other)
    if first == second or f" {first} " in f" {second} " or f" {second} " in f" {first} ":
        return True
    left, right = recognise(one), recognise(other)
    return left is not None and right is not None and not set(left.units).isdisjoint(right.units)


def _match(subject: Subject, text: str) -> Match | None:
    names: dict[str, list[Unit]] = {name: [] for name in subject.names()}
    for unit in subject.units:
        for name in unit.names():
            names.setdefault(name, []).append(unit)
    named: set[str] = set()
    found = False
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text, times = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
        if times:
            found = True
            named.update(unit.name for unit in names[name])
    if not found or not _BESIDE.issuperset(text.split()):
        return None
    return Match(subject, tuple(unit for unit in subject.units if unit.name in named) or subject.units)


_BESIDE = frozenset(
    tomllib.loads(files("schediora.ai.content").joinpath("words.toml").read_text("utf-8"))["beside"].split()
)
