"""Can this be done in these minutes? By what a text counts, and by the lengths that it names itself.

Every pattern is linear: what it repeats is bounded.
"""

import re
from functools import cache

from schediora.ai.content.judging import listed, pattern, section

_SLACK = 1.3
"""So much more than its minutes a text may ask for: people differ, and its numbers are rough."""
_BETWEEN = r"(?:[^\W\d_][\w'-]{0,20}[ -]){0,3}"
"""Words between a number and what it counts: "six short exam questions"."""
_COUNTER = "[本枚つ個语道个篇页]?の?"
_MINUTES_AN_HOUR = 60


def too_much(text: str, minutes: int) -> str | None:
    """Return a complaint when the plain `text` asks for more than `minutes` hold, None when it can be done."""
    if listed("wholes", "patterns").search(text):
        return f"asks for the whole of something that no {minutes} minutes hold"
    most = minutes * _SLACK
    if (named := _named_minutes(text)) > most:
        return f"asks for {round(named)} minutes, and there are {minutes}"
    for each, counted in _counted():
        needed = sum(each * _number(match[1]) for match in counted.finditer(text))
        if needed > most:
            return f"asks for more than {minutes} minutes hold: have fewer tasks or smaller ones"
    return None


def _named_minutes(text: str) -> float:
    """Return the longest length that `text` names; lengths of one task of several count once."""
    hours = [_number(match[1]) * _MINUTES_AN_HOUR for match in pattern("hours").finditer(text)]
    lengths = [
        float(match[1]) for match in pattern("minutes").finditer(text) if not pattern("each").match(text[match.end() :])
    ]
    return max([*hours, *lengths], default=0.0)


@cache
def _numbers() -> dict[str, float]:
    listed = section("numbers")
    pairs = (entry.split("=") for entry in f"{listed['words']} {listed['together']}".split())
    return {word: float(number) for word, number in pairs}


@cache
def _counted() -> tuple[tuple[float, re.Pattern[str]], ...]:
    spaced = "|".join(word for word in _numbers() if not _wide(word))
    wide = "|".join(sorted((word for word in _numbers() if _wide(word)), key=len, reverse=True))
    patterns: list[tuple[float, re.Pattern[str]]] = []
    for minutes, names in section("counted").items():
        listed = names.split("|")
        if plain := "|".join(name for name in listed if not _wide(name)):
            after_words = rf"(?<![\w.,/])(?:(\d{{1,4}}|{spaced})[ -]{_BETWEEN}(?:{plain})\b)"
            patterns.append((float(minutes), re.compile(after_words, re.IGNORECASE)))
        if joined := "|".join(name for name in listed if _wide(name)):
            patterns.append((float(minutes), re.compile(rf"(\d{{1,4}}|{wide}){_COUNTER}(?:{joined})")))
    return tuple(patterns)


def _number(word: str) -> float:
    return float(word) if word.isdigit() else _numbers().get(word.casefold(), 1.0)


def _wide(word: str) -> bool:
    return any(char >= "\u3040" for char in word)
