"""The words of the units that Schediora knows, in every language there is, and of the fields it has only words of.

A unit's words are its titles, its names and its material; rare ones weigh more (inverse document frequency, Sparck
Jones 1972). Words are compared by how they begin, so that their endings do not matter; writing without spaces is
compared by pairs of characters. A key is that of a unit, or field and group of `fields.toml`.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log
from typing import Any

from schediora.ai.content.judging import section
from schediora.ai.content.phrases import phrases_in
from schediora.subjects.catalog import Subject, Unit, subjects
from schediora.subjects.recognition import recognise

_STEM = 5
"""Words count as one when so many letters at their beginning are: "membrane" and "Membranen"."""
_SHORTEST = 3
_COMMON_SHARE = 12
"""A word that one unit in so many has tells nothing."""
WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_PREFIXES = ("meng", "meny", "mem", "men", "peng", "peny", "pem", "pen", "ber", "ter", "per", "di", "me", "ke", "se")
"""What Indonesian puts before a word."""
_LANGUAGES = ("en", "id")
_FILLED = re.compile(r"\{\w*\}")
_CALLED = "called"
"""The entry of a field with the words by which a topic is known to lie in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The stems of what a unit is called, and of everything that is said of it."""

    names: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=2_000)
def stems(text: str) -> frozenset[str]:
    """Return what the words of `text` are compared by."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: set[str] = set()
    for word in WORD.findall(folded):
        if unspaced(word):
            found.update(word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            found.update(_stems_of(word))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _stems_of(word: str) -> tuple[str, ...]:
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    plain = plain if plain.isascii() else word
    if len(plain) < _SHORTEST:
        return ()
    bare = next(
        (plain[len(each) :] for each in _PREFIXES if plain.startswith(each) and len(plain) - len(each) > _STEM), ""
    )
    return (_stem(plain), _stem(bare)) if bare else (_stem(plain),)


def _stem(word: str) -> str:
    return word[:_STEM] if len(word) > _STEM else word.rstrip("s")


def unspaced(word: str) -> bool:
    """Return whether `word` is of a script that puts no spaces between words, or hangs them together."""
    return bool(_UNSPACED.search(word))


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Return the words of every unit and group, by its key."""
    units = {
        unit.key: _of_unit(subject, unit)
        for subject in subjects()
        for unit in subject.units
        if unit.key == own(unit.key)
    }
    return units | {
        f"{field}.{group}": _of_group(words)
        for field, groups in _fields().items()
        for group, words in groups.items()
        if group != _CALLED
    }


@cache
def _fields() -> Mapping[str, Mapping[str, str]]:
    return _table("fields.toml")


@cache
def _terms(kind: str) -> Mapping[str, str]:
    """Return what `units` are called in the languages without material, or further `words` of theirs, by key."""
    found: Mapping[str, str] = _table("terms.toml")[kind]
    return found


def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _of_group(words: str) -> Vocabulary:
    names, _, _ = words.partition(":")
    called = stems(names) - commonest()
    return Vocabulary(called, called | stems(words) - common())


def _of_unit(subject: Subject, unit: Unit) -> Vocabulary:
    return Vocabulary(stems(" ".join(_called(subject, unit))) - common(), _spoken_words(subject, unit) - common())


def _called(subject: Subject, unit: Unit) -> list[str]:
    sections = [subject.section_title(unit.section, each) for each in subject.languages] if unit.section else []
    titles = [unit.title(language) for language in _LANGUAGES]
    return [*titles, *unit.names, *unit.weak_names, *sections, _terms("units").get(unit.key, "")]


def _spoken_words(subject: Subject, unit: Unit) -> frozenset[str]:
    texts: list[str] = []
    for language in _LANGUAGES:
        material = unit.material(language)
        texts += [*material.points, material.example, material.solution, material.pitfall]
        texts += [text for asked in material.questions for text in (asked.question, asked.answer)]
    # What is in another writing there are examples of a language that is taught: they say nothing of other subjects.
    said = f"{' '.join(_called(subject, unit))} {_terms('words').get(unit.key, '')}"
    return stems(said) | stems(_UNSPACED.sub(" ", " ".join(texts)))


@cache
def weights() -> Mapping[str, float]:
    """Return how much each word tells, by how few units have it; one that a twelfth of all have tells nothing."""
    known = vocabularies().values()
    counted = Counter(word for vocabulary in known for word in vocabulary.words)
    return {word: max(0.0, log(len(known) / count) - log(_COMMON_SHARE)) for word, count in counted.items()}


@cache
def _keys_of() -> Mapping[str, list[str]]:
    """Return the units and groups that have each word."""
    found: dict[str, list[str]] = {}
    for key, vocabulary in vocabularies().items():
        for word in vocabulary.words:
            found.setdefault(word, []).append(key)
    return found


@lru_cache(maxsize=512)
def scores(words: frozenset[str]) -> Mapping[str, float]:
    """Return how much `words` speak for each unit and group that has any of them."""
    found: dict[str, float] = {}
    for word in words:
        for key in _keys_of().get(word, ()):
            found[key] = found.get(key, 0.0) + weights()[word]
    return found


@cache
def commonest() -> frozenset[str]:
    """Return the stems of the commonest words of the languages."""
    return stems(" ".join(section("common").values()))


@cache
def common() -> frozenset[str]:
    """Return the stems of the commonest words, and of those by which kinds of work are known."""
    signs = " ".join(words.replace("|", " ") for words in section("signs").values())
    return commonest() | stems(signs)


@cache
def generic(language: str) -> frozenset[str]:
    """Return the stems of the words of our own sentences about any unit in `language`, of numbers and of tasks."""
    spoken = _FILLED.sub(" ", " ".join(phrases_in(language).sentences()))
    numbers = section("numbers")["words"].replace("=", " ")
    counted = " ".join(section("counted").values()).replace("|", " ")
    return common() | stems(f"{spoken} {numbers} {counted}")


def known_units(keys: Iterable[str], names: Iterable[str], topic: str) -> frozenset[str]:
    """Return which units or groups are meant: by key, else by what the student's own are called."""
    mine = frozenset(key for each in keys if (key := own(each)) in vocabularies())
    if mine:
        return mine
    listed = tuple(names)
    found = frozenset(own(unit.key) for name in listed or (topic,) if (is_ := recognise(name)) for unit in is_.units)
    return found or frozenset().union(*(_groups(name, topic) for name in listed))


def fields_of(topic: str) -> frozenset[str]:
    """Return the fields without a syllabus in which `topic` lies."""
    words = stems(topic)
    return frozenset(field for field, groups in _fields().items() if words & stems(groups.get(_CALLED, "")))


def _groups(name: str, topic: str) -> frozenset[str]:
    """Return the units or groups of the topic's own subjects that one called `name` belongs to: those that share the
    most with it.
    """
    mine, words = subjects_of(topic), stems(name) - commonest()
    shared = {
        key: sum(weights().get(word, 0.0) for word in words & vocabulary.names)
        for key, vocabulary in vocabularies().items()
        if subject_key(key) in mine
    }
    most = max(shared.values(), default=0.0)
    return frozenset(key for key, weight in shared.items() if weight == most > 0)


def subjects_of(topic: str) -> frozenset[str]:
    """Return the keys of the subjects and of the field in which `topic` lies."""
    found = recognise(topic)
    subjects_named = [own(part.subject.key) for part in found.parts] if found else []
    return fields_of(topic).union(subjects_named)


def own(key: str) -> str:
    """Return the key under which a unit's words are kept: a spoken language's units are those of any language."""
    return key.partition("@")[0]


def subject_key(key: str) -> str:
    """Return the key of the subject, or the field, of a unit."""
    return key.partition(".")[0]


def taught(keys: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """Return the words, by their stems, that the units `keys` or what they are called are about."""
    known = known_units(keys, names, "")
    return frozenset().union(stems(" ".join(names)), *(_all_words(key) for key in known))


@cache
def _all_words(key: str) -> frozenset[str]:
    unit = next(((subject, unit) for subject in subjects() for unit in subject.units if unit.key == key), None)
    return _spoken_words(*unit) if unit else vocabularies()[key].words
