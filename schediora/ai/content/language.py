"""Which script and language a text is in, as far as that can honestly be said without a model.

Scripts come from the names of the letters. Languages that share the Latin script are told apart by their commonest
words, so a short text often has no answer: then nothing is claimed.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from functools import lru_cache
from importlib.resources import files

_SCRIPT_LANGUAGE = {
    "LATIN": "en",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
}
_FAMILY = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}

_COMMON = tomllib.loads(files("schediora.ai.content").joinpath("words.toml").read_text("utf-8"))["common"]
_STOP_WORDS: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_LONG = 4
"""A common word of so many letters counts twice: "untuk" tells more than the "El" of El Niño."""
_CLAIMED = 2
_FOREIGN = 12
"""So much must speak for another language before a plan is called foreign."""
_FOREIGN_SHARE = 0.3
_FOREIGN_LETTERS = 12


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0].partition("-")[0]


def _scripts(text: str) -> Counter[str]:
    return Counter(_script_of(char) for char in text if char.isalpha())


def _families(text: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for script, count in _scripts(text).items():
        counted[_FAMILY.get(script, script)] += count
    return counted


def _main_family(text: str) -> str | None:
    return next((family for family, _ in _families(text).most_common(1)), None)


def _tongue(text: str, *, least: int) -> str | None:
    """Return the Latin-script language whose common words lead in `text` with a weight of `least` or more."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    weights = {
        language: sum(1 + (len(word) >= _LONG) for word in words if word in common)
        for language, common in _STOP_WORDS.items()
    }
    (first, most), (_, second) = sorted(weights.items(), key=lambda item: -item[1])[:2]
    return first if most >= least and most > second else None


def language_of(topic: str, goal: str) -> str:
    """Return the language in which a plan for `topic` is best written (ISO 639-1); English when nothing tells."""
    text = topic if _main_family(topic) not in {None, "LATIN"} else goal
    if _main_family(text) not in {None, "LATIN"}:
        scripts = _scripts(text)
        if scripts["HIRAGANA"] or scripts["KATAKANA"]:
            return "ja"
        return _SCRIPT_LANGUAGE.get(scripts.most_common(1)[0][0], "en")
    return _tongue(f"{topic} {goal}", least=_CLAIMED) or "en"


def foreign_script(text: str, topic: str, goal: str) -> bool:
    """Return whether `text` is in another script than a plan for `topic` may be.

    A topic in Latin letters may get a plan in the goal's script (TOEIC, in Japanese). Of scripts that the rules
    cannot write nothing is demanded.
    """
    wanted = _main_family(topic)
    allowed = {wanted, _main_family(goal)} if wanted in {None, "LATIN"} else {wanted}
    counted = _families(text)
    total = sum(counted.values())
    if wanted is None or not allowed <= {*_SCRIPT_LANGUAGE, None} or total < _FOREIGN_LETTERS:
        return False
    return all(counted[family] < _FOREIGN_SHARE * total for family in allowed if family)


def foreign_tongue(text: str, topic: str, goal: str) -> bool:
    """Return whether `text` is clearly in another Latin-script language than the student's words are."""
    if _main_family(topic) not in {None, "LATIN"} or _main_family(goal) not in {None, "LATIN"}:
        return False
    wanted = _tongue(f"{topic} {goal}", least=_CLAIMED)
    found = _tongue(text, least=_FOREIGN)
    return wanted is not None and found is not None and found != wanted
