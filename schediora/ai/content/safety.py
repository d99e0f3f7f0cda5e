"""What no student may be told: names of drugs, advice that harms, insults."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from schediora.ai.content.judging import pattern, phrases, section
from schediora.ai.content.vocabulary import stems

_BEFORE, _BEFORE_DANGER, _BESIDE = 24, 60, 12
"""So many characters before a piece of advice are looked at for a word that turns it round."""


def harms(text: str, taught: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield a code and a complaint for what does harm in the plain, case-folded `text`.

    `taught` are the words that the unit itself is about, by their stems: penicillin may be named where it is taught.
    """
    for match in phrases("drugs", "names").finditer(text):
        if not stems(match[0]) <= taught:
            yield "drug", "names a drug"
            break
    for match in chain(phrases("unsafe", "advice").finditer(text), _advice().finditer(text)):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if not _turned(before, match[0]) and not stems(match[0]) <= taught:
            yield "unsafe", "gives advice that does harm"
            break
    for name in ("dangers", "unprotected"):
        if any(not _refused(text, match.start()) for match in _dangers(name).finditer(text)):
            yield "unsafe", "asks for something dangerous"
            break
    if phrases("unsafe", "abuse").search(text):
        yield "abuse", "insults or swears"


def _turned(before: str, advice: str) -> bool:
    clause = pattern("clause").split(before)[-1]
    return not pattern("turned").match(advice) and bool(phrases("unsafe", "not").search(clause))


def _refused(text: str, start: int) -> bool:
    """Return whether the clause before `start` says never to do it, or asks why nobody should."""
    clause = pattern("clause").split(text[max(0, start - _BEFORE_DANGER) : start])[-1]
    beside = clause[-_BESIDE:]  # "without touching it" refuses what comes at once, and nothing further on
    return any(
        phrases("unsafe", name).search(part)
        for name, part in (("never", clause), ("before", beside), ("spoken_of", clause))
    )


@cache
def _dangers(name: str) -> re.Pattern[str]:
    return re.compile("|".join(section("unsafe")[name]))


@cache
def _advice() -> re.Pattern[str]:
    return re.compile("|".join(section("unsafe")["patterns"]))
