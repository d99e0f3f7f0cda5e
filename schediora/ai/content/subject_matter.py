"""What a text is about: measured by the words of the units that Schediora knows, in every language there is.

A unit's words are its titles, its names and its material; rare ones weigh more (inverse document frequency, Sparck
Jones 1972). Words are compared by how they begin, so that their endings do not matter; writing without spaces is
compared by pairs of characters.
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

from schediora.ai.content.judging import phrases, section
from schediora.ai.curriculum.frame import Slot
from schediora.subjects.catalog import Subject, Unit, subjects
from schediora.subjects.recognition import recognise

_STEM = 5
"""Words count as one when so many letters at their beginning are: "membrane" and "Membranen"."""
_SHORTEST = 3
_UNHEARD = 3.3
"""What a name weighs that is in no unit of ours, as in the titles that students write."""
_UNTOLD, _OWN_WORD = 0.3, 1.5
"""What a name weighs that is a word of studying ("questions"); the least that a word of the student's own weighs."""
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_PREFIXES = ("meng", "meny", "mem", "men", "peng", "peny", "pem", "pen", "ber", "ter", "per", "di", "me", "ke", "se")
"""What Indonesian puts before a word."""
_LANGUAGES = ("en", "id")
_JAPANESE = ("jlpt_",)
_KIN = (
    frozenset({"math", "statistics", "linear_algebra", "sat", "utbk_snbt"}),
    frozenset({"english", "ielts", "toefl_ibt", "toeic", "sat", "utbk_snbt", "spoken_language"}),
    frozenset({"accounting", "microeconomics"}),
)
"""Subjects that teach the same things, so that one does not speak against another."""
_ENGLISH = frozenset({"english", "ielts", "toefl_ibt", "toeic"})
_PROGRAMS = frozenset({"python_programming"})


@dataclass(frozen=True, slots=True)
class About:
    """How much of a text speaks for what is asked, and for anything else.

    `named` counts the words of the names of the unit, or of an unknown topic, that the text holds, `names` weighs them,
    `titled` counts those in its title; `called` tells that it has one of the unit's titles whole, `topical` that it
    names the topic. `own` weighs all words of the unit, `subject` those of its subject, `other` those of the unit of
    another subject that fits best, `rival` those of the best other unit of the same subject; `elsewhere` counts words
    of worlds that no subject needs.
    """

    named: int
    names: float
    titled: int
    called: bool
    topical: bool
    own: float
    subject: float
    other: float
    rival: float
    elsewhere: int


def stems(text: str) -> frozenset[str]:
    """Return what the words of `text` are compared by."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: set[str] = set()
    for word in _WORD.findall(folded):
        if _unspaced(word):
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


def _unspaced(word: str) -> bool:
    return any(
        "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in word
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Vocabulary:
    names: frozenset[str]
    words: frozenset[str]


@cache
def _vocabularies() -> Mapping[str, _Vocabulary]:
    return {
        unit.key: _of_unit(subject, unit)
        for subject in subjects()
        for unit in subject.units
        if unit.key == _own(unit.key)
    }


@cache
def _terms() -> Mapping[str, str]:
    """Return what units are called in the languages without material, by the unit's key."""
    found: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("terms.toml").read_text("utf-8"))["units"]
    return found


def _of_unit(subject: Subject, unit: Unit) -> _Vocabulary:
    names = " ".join(_called(subject, unit))
    return _Vocabulary(stems(names) - _common(), _spoken_words(subject, unit) - _common())


def _called(subject: Subject, unit: Unit) -> list[str]:
    sections = [subject.section_title(unit.section, each) for each in subject.languages] if unit.section else []
    titles = [unit.title(language) for language in _LANGUAGES]
    return [*titles, *unit.names, *unit.weak_names, *sections, _terms().get(unit.key, "")]


def _spoken_words(subject: Subject, unit: Unit) -> frozenset[str]:
    texts = []
    for language in _LANGUAGES:
        material = unit.material(language)
        texts += [*material.points, material.example, material.solution, material.pitfall]
        texts += [text for asked in material.questions for text in (asked.question, asked.answer)]
    # What is in another writing there are examples of a language that is taught: they say nothing of other subjects.
    return stems(" ".join(_called(subject, unit))) | stems(_UNSPACED.sub(" ", " ".join(texts)))


@cache
def _weights() -> Mapping[str, float]:
    """Return how much each word tells, by how few units have it; one that a twelfth of all have tells nothing."""
    vocabularies = _vocabularies().values()
    counted = Counter(word for vocabulary in vocabularies for word in vocabulary.words)
    return {word: max(0.0, log(len(vocabularies) / count) - log(12)) for word, count in counted.items()}


@cache
def _commonest() -> frozenset[str]:
    return stems(" ".join(section("common").values()))


@cache
def _common() -> frozenset[str]:
    common = " ".join(section("common").values())
    signs = " ".join(words.replace("|", " ") for words in section("signs").values())
    return stems(f"{common} {signs}")


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(section("worlds")["words"].replace("|", " ").split())


def about(title: str, detail: str, keys: Iterable[str], names: Iterable[str], topic: str) -> About:
    """Return what a text is about, against the units `keys`, their `names` and the student's `topic`."""
    text = f"{title}. {detail}"
    found = stems(text)
    known = _known(keys, names, topic)
    weights = _weights()
    called = stems(" ".join(names)) - _commonest()
    own_words = frozenset().union(called, *(_vocabularies()[key].words for key in known))
    own_names = frozenset().union(
        called, stems(topic) - _commonest() if not known else (), *(_vocabularies()[key].names for key in known)
    )
    mine = {_subject(key) for key in known}
    kin = mine.union(*(each for each in _KIN if each & mine))
    # In Japanese the words that Japanese is taught with are just words.
    taught_with = _JAPANESE if any(map(_unspaced, found)) else ()
    scores = {
        key: _weight(found & vocabulary.words, weights)
        for key, vocabulary in _vocabularies().items()
        if key in known or not key.startswith(taught_with)
    }
    words = set(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    joined = "".join(word for word in words if _unspaced(word))
    alien = [word for word in _elsewhere() if word in words or (_unspaced(word) and word in joined)]
    return About(
        named=len(found & own_names),
        names=sum(_weight_of_name(word, known=bool(known)) for word in found & own_names),
        titled=len(stems(title) & own_names),
        called=any(len(name) > _STEM and name.casefold() in text.casefold() for name in names),
        topical=not found.isdisjoint(stems(topic) - _commonest()),
        own=_weight(found & own_words, weights),
        subject=max((score for key, score in scores.items() if _subject(key) in mine), default=0.0),
        other=max((score for key, score in scores.items() if _subject(key) not in kin), default=0.0),
        rival=max((score for key, score in scores.items() if _subject(key) in mine and key not in known), default=0.0),
        elsewhere=sum(own_words.isdisjoint(stems(word)) for word in alien),
    )


def _weight_of_name(word: str, *, known: bool) -> float:
    if word in _common():
        return _UNTOLD
    weight = _weights().get(word, _UNHEARD)
    return weight if known else max(_OWN_WORD, weight)


def names_another(title: str, slot: Slot) -> bool:
    """Return whether `title` names a subject of ours that is none of the slot's."""
    found = recognise(title)
    if found is None:
        return False
    mine = {_subject(key) for key in _known([unit.key for unit in slot.units], [], slot.topic)}
    return not {_subject(part.subject.key) for part in found.parts} <= mine


def language_taught(slot: Slot) -> str:
    """Return the language (ISO 639-1) that a slot teaches, "" when it teaches none."""
    key = next((unit.key for unit in slot.units), "")
    return "en" if _subject(key) in _ENGLISH else key.partition("@")[2]


def programs(slot: Slot) -> bool:
    """Return whether a slot is about programs, whose names are written as programs write them."""
    if any(_subject(unit.key) in _PROGRAMS for unit in slot.units):
        return True
    named = " ".join((slot.topic, *(unit.title for unit in slot.units))).casefold()
    return bool(phrases("programs", "names").search(named))


def _known(keys: Iterable[str], names: Iterable[str], topic: str) -> frozenset[str]:
    """Return which units of ours are meant: by key, else by what the student's own are called."""
    mine = frozenset(own for key in keys if (own := _own(key)) in _vocabularies())
    if mine:
        return mine
    return frozenset(_own(unit.key) for name in (*names, topic) if (found := recognise(name)) for unit in found.units)


def _own(key: str) -> str:
    """Return the key under which a unit's words are kept: a spoken language's units are those of any language."""
    return key.partition("@")[0]


def _subject(key: str) -> str:
    return key.partition(".")[0]


def _weight(words: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(word, 0.0) for word in words)


def taught(keys: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """Return the words, by their stems, that the units `keys` or what they are called are about."""
    known = _known(keys, names, "")
    return frozenset().union(stems(" ".join(names)), *(_all_words(key) for key in known))


@cache
def _all_words(key: str) -> frozenset[str]:
    subject, unit = next((subject, unit) for subject in subjects() for unit in subject.units if unit.key == key)
    return _spoken_words(subject, unit)
