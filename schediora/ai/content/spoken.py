"""Is a text in the language that it should be in? By its script, and among Latin ones by the commonest words."""

import re
from functools import cache

from schediora.ai.content.judging import pattern, section
from schediora.languages.language import written_in
from schediora.subjects.language import families

_SCRIPTS = {"ru": "CYRILLIC", "ar": "ARABIC", "hi": "DEVANAGARI", "ja": "CJK", "zh": "CJK", "ko": "HANGUL"}
_LEAST_SHARE = 0.45
"""So much of a text is in the script of its language; the rest may be names and formulas."""
_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_LEAST_KANA, _MOST_KANA = 0.12, 0.08
_FEWEST_WORDS = 8
_LEAST_COMMON = 0.09
_FEWEST_QUOTED, _LEAST_QUOTED = 4, 0.12


def foreign(text: str, language: str) -> bool:
    """Return whether `text` is in another language than `language` (BCP 47): what is quoted is let be."""
    code = written_in(language).code
    unquoted = pattern("quoted").sub(" ", text)
    counted = families(unquoted)
    letters = sum(counted.values())
    if not letters:
        return False
    if counted[_SCRIPTS.get(code, "LATIN")] < _LEAST_SHARE * letters:
        return True
    if code in {"ja", "zh"}:
        kana, han = len(_KANA.findall(unquoted)), len(_HAN.findall(unquoted))
        share = kana / max(1, kana + han)
        return share < _LEAST_KANA if code == "ja" else share > _MOST_KANA or _traditional(unquoted)
    return code not in _SCRIPTS and _of_another(unquoted, code)


def quotes(text: str, taught: str, language: str) -> bool:
    """Return whether `text`, in `language`, quotes a sentence in another one that is `taught` (both ISO 639-1)."""
    common = _common().get(taught)
    if common is None or taught == written_in(language).code:
        return False
    words = [word for match in pattern("quoted").finditer(text) for word in _WORD.findall(match[0].casefold())]
    return len(words) >= _FEWEST_QUOTED and sum(word in common for word in words) >= _LEAST_QUOTED * len(words)


def without_examples(text: str, language: str) -> str:
    """Return `text`, in `language`, without what stands in quotation marks or, where another script is written, in
    Latin letters: where a language is taught these are examples of it.
    """
    unquoted = pattern("quoted").sub(" ", text)
    return pattern("latin").sub(" ", unquoted) if written_in(language).code in _SCRIPTS else unquoted


def _of_another(text: str, code: str) -> bool:
    words = _WORD.findall(text.casefold())
    if len(words) < _FEWEST_WORDS:
        return False
    shares = {each: sum(word in common for word in words) / len(words) for each, common in _common().items()}
    return shares[code] < _LEAST_COMMON or max(shares.values()) > shares[code] * 1.15


def _traditional(text: str) -> bool:
    return sum(char in section("patterns")["traditional"] for char in text) > 2


@cache
def _common() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in section("common").items()}
