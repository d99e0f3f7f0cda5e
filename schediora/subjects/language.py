"""Which language a student's words are in, and the one in which their plan is written, as far as that can be said
without a model.

Scripts come from the names of the letters. Languages that share the Latin script are told apart by their commonest
words and by what they call a subject; Chinese and Japanese by which characters their own character sets know. A short
text often has no answer: then nothing is claimed.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from schediora.languages.language import FALLBACK, LANGUAGES, written_in
from schediora.localtime import country_of
from schediora.subjects.catalog import subjects
from schediora.subjects.once import once

TRADITIONAL = "hant"
"""Chinese in Traditional characters, which Schediora does not write: such a plan is in English."""

_SCRIPT_LANGUAGE = {
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "CJK": "zh",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
}
_FAMILY = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}


def _without_accents(text: str) -> str:
    """Return `text` as it is typed on a keyboard without them: "Fisica"."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


_TABLE = tomllib.loads(files("schediora.subjects").joinpath("languages.toml").read_text("utf-8"))
_COMMON: dict[str, frozenset[str]] = {each: frozenset(words.split()) for each, words in _TABLE["common"].items()}
_STUDIED: dict[str, frozenset[str]] = {
    each: frozenset([*words.split(), *_without_accents(words).split()]) for each, words in _TABLE["studied"].items()
}
_STRANGERS: dict[str, frozenset[str]] = {each: frozenset(letters) for each, letters in _TABLE["strangers"].items()}
_LONG = 4
"""A common word of so many letters counts twice: "untuk" tells more than the "El" of El Niño."""
_STUDIED_WEIGHT = 6
"""What is studied tells more than what stands beside it: "Biologi final exam" is Indonesian."""
_TAUGHT_WEIGHT = 2
"""A word of a unit's title in one language only: "photosynthesis" is English."""
_CLAIMED = 2
"""So much must speak for a language before it is claimed."""
_LEVEL_1 = range(0xB0, 0xD0)
"""The rows of the characters in daily use in Japan (JIS X 0208, level 1), as EUC-JP writes them."""
_SIMPLIFIED, _KANA = "zh", "ja"


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0].partition("-")[0]


def families(text: str) -> Counter[str]:
    """Return how many letters of `text` each script has; kana counts as CJK, as no Japanese text is without."""
    counted: Counter[str] = Counter()
    for char in text:
        if char.isalpha():
            script = _script_of(char)
            counted[_FAMILY.get(script, script)] += 1
    return counted


def main_family(text: str) -> str | None:
    """Return the script in which most of `text` is, None where it has no letters."""
    return next((family for family, _ in families(text).most_common(1)), None)


@lru_cache(maxsize=4096)
def plan_language(topic: str, goal: str, *, chosen: str | None, zone: str, last: str | None) -> str:
    """Return the language in which a student's plan for `topic` is written, one of `LANGUAGES`.

    What they have `chosen` (BCP 47) wins. Else the topic's own script or words decide, except that an English topic
    gives way to a `goal` in the language of the student's time zone; then the goal, the `last` plan's language, the
    `zone`. English takes the place of every language that Schediora does not write.
    """
    if chosen:
        return written_in(chosen).code
    here, of_goal = languages_of_zone(zone), languages_of(goal)
    others = [of_goal, [last] if last else [], here]
    found = _first(_with_kana(topic, goal) or languages_of(topic), others)
    if found == FALLBACK and (native := [each for each in of_goal if each in here]):
        found = native[0]
    return _ours(found or _first(of_goal, [[last] if last else [], here]) or last or (here or [FALLBACK])[0])


@cache
def languages_of_zone(zone: str) -> Sequence[str]:
    """Return the languages of the students in the IANA `zone`, the likeliest first; none for a zone that is no place or
    whose languages Schediora does not write.
    """
    country = country_of(zone)
    found = tuple(each for each, countries in _TABLE["countries"].items() if country and country in countries.split())
    english_first = country in _TABLE["english_first"]["countries"].split()
    return (FALLBACK, *found) if english_first else found


def _ours(language: str) -> str:
    return language if language in LANGUAGES else FALLBACK


def _first(candidates: Sequence[str], others: Sequence[Sequence[str]]) -> str | None:
    """Return the candidate that the others name first, else the first candidate."""
    for other in others if len(candidates) > 1 else ():
        for language in other:
            if language in candidates:
                return language
    return candidates[0] if candidates else None


def languages_of(text: str) -> list[str]:
    """Return the languages that `text` may be in, the likeliest first; none where nothing tells."""
    counted = families(text)
    latin = _latin(text)
    for family, count in counted.most_common():
        if family == "LATIN":
            if latin:
                return latin
        elif family == "CJK":
            return _of_characters(text)
        elif (language := _SCRIPT_LANGUAGE.get(family)) and count > 1:
            return [FALLBACK] if not _STRANGERS.get(language, frozenset()).isdisjoint(text.casefold()) else [language]
    return []


def _latin(text: str) -> list[str]:
    weights = _weights(text, studied=_STUDIED_WEIGHT)
    most = max(weights.values())
    return [language for language in weights if weights[language] == most] if most >= _CLAIMED else []


def _weights(text: str, *, studied: int) -> Counter[str]:
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold())
    return Counter({language: sum(_weight(word, language, studied) for word in words) for language in _COMMON})


def _weight(word: str, language: str, studied: int) -> int:
    if studied and word in _STUDIED[language]:
        return studied
    if word in _COMMON[language]:
        return 1 + (len(word) >= _LONG)
    return _TAUGHT_WEIGHT if studied and word in _taught().get(language, ()) else 0


@once
def _taught() -> dict[str, frozenset[str]]:
    """Return the longer words that the titles of one language have and those of no other."""
    texts: dict[str, set[str]] = {}
    for subject in subjects():
        for unit in subject.units:
            for language, title in unit.titles().items():
                words = re.findall(r"[^\W\d_]+", title.casefold())
                texts.setdefault(language, set()).update(word for word in words if len(word) > _LONG)
    return {
        language: frozenset(words.difference(*(other for each, other in texts.items() if each != language)))
        for language, words in texts.items()
    }


def _with_kana(topic: str, goal: str) -> list[str]:
    """Return Japanese for a topic of Chinese characters beside a goal with kana: only the goal can tell."""
    if main_family(topic) == "CJK" and _has_kana(goal) and _knows("euc_jp", _characters(topic)):
        return [_KANA]
    return []


def _of_characters(text: str) -> list[str]:
    if _has_kana(text):
        return [_KANA]
    characters = _characters(text)
    candidates = [_SIMPLIFIED] if _knows("gb2312", characters) else []
    candidates += [TRADITIONAL] if _knows("big5", characters) else []
    candidates += [_KANA] if _knows("euc_jp", characters) and _in_daily_use(characters) else []
    return candidates or [_SIMPLIFIED]


def _characters(text: str) -> str:
    return "".join(char for char in text if _script_of(char) == "CJK")


def _has_kana(text: str) -> bool:
    return any(_script_of(char) in _FAMILY for char in text)


def _knows(character_set: str, characters: str) -> bool:
    try:
        characters.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True


def _in_daily_use(characters: str) -> bool:
    return all(char.encode("euc_jp")[0] in _LEVEL_1 for char in characters)
