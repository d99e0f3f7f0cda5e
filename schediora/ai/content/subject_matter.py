"""What a text is about: measured by the words of the units and fields that Schediora knows, in every language."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from schediora.ai.content.judging import pattern, phrases, section
from schediora.ai.content.vocabulary import (
    WORD,
    common,
    commonest,
    fields_of,
    generic,
    known_units,
    scores,
    stems,
    subject_key,
    subjects_of,
    unspaced,
    vocabularies,
    weights,
)
from schediora.ai.curriculum.frame import Slot
from schediora.languages.language import FALLBACK
from schediora.subjects.genres import genre_of
from schediora.subjects.recognition import recognise

_LONG = 5
"""A name of more letters than so many is told by itself."""
_UNHEARD = 3.3
"""What a name weighs that is in no unit of ours, as in the titles that students write."""
_UNTOLD, _OWN_WORD = 0.3, 1.5
"""What a name weighs that is a word of studying ("questions"); the least that a word of the student's own weighs."""
_JAPANESE = ("jlpt_",)
_KIN = (
    frozenset({"math", "statistics", "linear_algebra", "sat", "utbk_snbt"}),
    frozenset({"english", "ielts", "toefl_ibt", "toeic", "sat", "utbk_snbt", "spoken_language", "language_work"}),
    frozenset({"jlpt_n5", "jlpt_n4", "jlpt_n3", "spoken_language", "language_work"}),
    frozenset({"accounting", "microeconomics", "business", "economics"}),
    frozenset({"biology", "anatomy", "medicine_first_aid"}),
    frozenset({"biology", "psychology"}),
    frozenset({"physics", "astronomy"}),
    frozenset({"guitar", "music"}),
    frozenset({"civil_law", "law"}),
    frozenset({"world_history", "indonesian_history", "national_history"}),
    frozenset({"english", "literature"}),
    frozenset({"python_programming", "algorithmics"}),
    frozenset({"computing", "algorithmics", "aws_cloud_practitioner"}),
)
"""Subjects that teach the same things, so that one does not speak against another."""
_WORLDS = frozenset({"cooking", "selling", "leisure"})
"""The fields of `fields.toml` in which nothing is learned."""
_NOT_BY_CHANCE = 3
_ENGLISH = frozenset({"english", "ielts", "toefl_ibt", "toeic"})
_PROGRAMS = frozenset({"python_programming"})


@dataclass(frozen=True, slots=True)
class About:
    """How much of a text speaks for what is asked, and for anything else.

    `named` counts the words of the names of the unit, or of an unknown topic, that the text holds, `names` weighs them,
    `titled` counts those in its title; `called` tells that it has one of the unit's titles whole, `topical` that it
    names the topic; `told` counts the words of the names that neither the topic nor the units `beside` it have, nor any
    text about studying, and `tells` how many of those there are. `own` weighs all words of the unit, `subject` those of
    its subject, `other` what the unit of another subject that fits best has beyond them, `rival` what the best other
    unit of the same subject has; `elsewhere` counts words of worlds that no subject needs; `known` tells whether the
    unit is one of ours, `quotes` whether the text quotes the language that is taught.
    """

    named: int
    names: float
    titled: int
    called: bool
    topical: bool
    told: int
    tells: int
    own: float
    subject: float
    other: float
    rival: float
    elsewhere: int
    known: bool
    quotes: bool = False


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(section("worlds")["words"].replace("|", " ").split())


def about(
    title: str,
    detail: str,
    keys: Iterable[str],
    names: Iterable[str],
    topic: str,
    beside: Iterable[str] = (),
    *,
    language: str = FALLBACK,
) -> About:
    """Return what a text is about, against the units `keys`, their `names` and the student's `topic`.

    `beside` are the names of the other units that are studied in the same weeks; `language` is that of the text.
    """
    text = f"{title}. {detail}"
    found = stems(text)
    known = known_units(keys, names, topic)
    called = stems(" ".join(names)) - commonest()
    own_words = frozenset().union(called, *(vocabularies()[key].words for key in known))
    own_names = frozenset().union(
        called, stems(topic) - commonest() if not known else (), *(vocabularies()[key].names for key in known)
    )
    own_names = frozenset(word for word in own_names if _weight_of_name(word, known=bool(known)))
    telling = _telling(called - generic(language) - stems(topic), called, beside)
    mine = _subjects(known, topic)
    kin = mine.union(*(each for each in _KIN if each & mine))
    said = stems(pattern("quoted").sub(" ", text))  # what is quoted are examples, which may be of anything
    # In Japanese the words that Japanese is taught with are just words.
    taught_with = _JAPANESE if any(map(unspaced, found)) else ()
    apart = {
        key: score
        for key, score in scores(said - own_words - generic(language)).items()
        if key not in known and not key.startswith(taught_with)
    }
    words = set(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    joined = "".join(word for word in words if unspaced(word))
    alien = [word for word in _elsewhere() if word in words or (unspaced(word) and word in joined)]
    return About(
        named=len(found & own_names),
        names=sum(_weight_of_name(word, known=bool(known)) for word in found & own_names),
        titled=len(stems(title) & own_names),
        called=any(part in text.casefold() for name in names for part in _parts(name, language)),
        topical=not found.isdisjoint(stems(topic) - commonest()),
        told=len(found & telling),
        tells=len(telling),
        own=_weight(found & own_words),
        subject=max((score for key, score in scores(found).items() if subject_key(key) in mine), default=0.0),
        other=max((score for key, score in apart.items() if subject_key(key) not in kin), default=0.0),
        rival=max((score for key, score in apart.items() if subject_key(key) in mine), default=0.0),
        elsewhere=sum(own_words.isdisjoint(stems(word)) for word in alien) + _of_another_world(said - own_words),
        known=bool(known),
    )


def _of_another_world(found: frozenset[str]) -> int:
    """Return how many words a text shares with one of the things that are done for other ends, none where few."""
    worlds = (words.words for key, words in vocabularies().items() if subject_key(key) in _WORLDS)
    most = max(len(found & words) for words in worlds)
    return most if most >= _NOT_BY_CHANCE else 0


def _parts(name: str, language: str) -> list[str]:
    """Return the parts of a unit's name that name it by themselves: "free will" of "Free will and determinism"."""
    parts = [part.strip() for part in pattern("joints").split(name.casefold())]
    long = (part for part in (name.casefold(), *parts) if len(part) > _LONG)
    return [part for part in long if " " in part or stems(part) - generic(language)]


def _telling(own: frozenset[str], called: frozenset[str], beside: Iterable[str]) -> frozenset[str]:
    """Return the words of a unit's name that tell it from others, all of them where none does."""
    return own - stems(" ".join(beside)) or own or called


def _subjects(known: frozenset[str], topic: str) -> frozenset[str]:
    return frozenset(map(subject_key, known)) or subjects_of(topic)


def _weight_of_name(word: str, *, known: bool) -> float:
    if word in common():
        return _UNTOLD
    weight = weights().get(word, _UNHEARD)
    return weight if known else max(_OWN_WORD, weight)


def names_another(title: str, slot: Slot) -> bool:
    """Return whether `title` names a subject of ours that is none of the slot's."""
    found = recognise(title)
    if found is None:
        return False
    names = [unit.title for unit in slot.units]
    mine = _subjects(known_units([unit.key for unit in slot.units], names, slot.topic), slot.topic)
    return not {part.subject.key.partition("@")[0] for part in found.parts} <= mine


def language_taught(slot: Slot) -> str:
    """Return the language (ISO 639-1) that a slot teaches, "" when it teaches none."""
    key = next((unit.key for unit in slot.units), "")
    if "@" not in key and (found := recognise(slot.topic)):
        key = found.parts[0].subject.key
    return "en" if subject_key(key) in _ENGLISH else key.partition("@")[2]


def teaches_language(slot: Slot) -> bool:
    """Return whether a slot is about a language, in which anything may be said as an example."""
    keys = {subject_key(unit.key) for unit in slot.units}
    if keys & _ENGLISH or any(key.startswith(("jlpt_", "spoken_")) for key in keys):
        return True
    return genre_of(slot.topic) == "language" or "language_work" in fields_of(slot.topic)


def programs(slot: Slot) -> bool:
    """Return whether a slot is about programs, whose names are written as programs write them."""
    if any(subject_key(unit.key) in _PROGRAMS for unit in slot.units):
        return True
    named = " ".join((slot.topic, *(unit.title for unit in slot.units))).casefold()
    return bool(phrases("programs", "names").search(named))


def _weight(words: Iterable[str]) -> float:
    known = weights()
    return sum(known.get(word, 0.0) for word in words)
