"""No text of a model or a server freezes the process: what searches one costs its length, whatever it holds.

The cost of a text eight times as long is compared with the text's own in the same run, both as the least of several
turns of CPU time: linear work is 8 times as much, quadratic 64.
"""

import time
from collections.abc import Callable

import pytest

from schediora.ai.content import wording
from schediora.ai.content.contacts import holds_address, holds_phone_number
from schediora.ai.model.reading import slots_in
from schediora.ai.model.said import masked, own_words
from schediora.ai.model.thoughts import spoken
from schediora.subjects.language import plan_language
from schediora.subjects.text import fingerprint, has_unseen, plain, without_unseen

pytestmark = pytest.mark.no_cover
"""Counting the lines of so many runs would take minutes."""

TIMES = 8
MOST = 24
"""Between 8 and 64, and nearer to neither on a logarithmic scale."""
LENGTH = 1_000

PIECES = (
    "a",
    "a.",
    "a.a",
    ".",
    "-.",
    "[",
    "[a](",
    "<",
    "<a ",
    "<think>",
    "</think",
    "<|channel|>final",
    "assistantfinal",
    "{",
    '{"a":',
    "\n",
    "\n|",
    " ",
    "| ",
    "#",
    "&",
    "&a",
    "1",
    "0812 ",
    "1 ",
    "+1-",
    "(555) ",
    "1.",
    "10.0.0.",
    "@",
    "a@a",
    "a@",
    "call ",
    "dot ",
    " . ",
    "key=",
    "sk-",
    "Bearer ",
    "a_key_",
    "a b c d e f ",
    "never mention a ",
    "\ufdfa",
    "\ufe0f",
    "中",
    "Biology ",
)


SEARCHES: dict[str, Callable[[str], object]] = {
    "unfit": lambda text: list(wording.unfit(text)),
    "plain": plain,
    "has_unseen": has_unseen,
    "without_unseen": without_unseen,
    "holds_address": holds_address,
    "holds_phone_number": holds_phone_number,
    "fingerprint": fingerprint,
    "vague": wording.vague,
    "says_nothing": lambda text: wording.says_nothing(text + "b", text, least=20),
    "given": lambda text: wording.Given.of_words(["a" * 119 + "b", "." * 180]).removed_from(text),
    "plan_language": lambda text: plan_language(text, text, chosen=None, zone="UTC", last=None),
    "spoken": spoken,
    "slots_in": lambda text: slots_in(text, (0, 1)),
    "masked": lambda text: masked(text, private={"a" * 120 + "b", "Biology"}),
    "own_words": lambda text: own_words(text.encode()),
}


GRAIN = 2e-3
"""Seconds below which nothing can be compared, and nothing freezes either."""


def steepness(search: Callable[[str], object], piece: str) -> float:
    """Return how many times as much a text of pieces costs when it is `TIMES` as long; 0 below the clock's grain."""
    long = (piece * LENGTH * TIMES)[: LENGTH * TIMES]
    often = _cost(search, long)
    if often < GRAIN:
        return 0
    once = min(_cost(search, long[:LENGTH]) for _ in range(2))
    # What interrupted the long turn only makes it worse: it is tried again where it looks too steep.
    return often / once if often / once <= MOST else min(often, _cost(search, long)) / once


def _cost(search: Callable[[str], object], text: str) -> float:
    """Return the CPU time in seconds."""
    began = time.thread_time()
    search(text)
    return time.thread_time() - began


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_a_text_eight_times_as_long_costs_about_eight_times_as_much(search: Callable[[str], object]) -> None:
    found = {piece: steepness(search, piece) for piece in PIECES}
    assert {piece: steep for piece, steep in found.items() if steep > MOST} == {}
