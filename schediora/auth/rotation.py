"""When a refresh token may be exchanged and an access token is good: pure rules over a sign-in's generations.

Made for phones that lose an answer on the way and against thieves (RFC 9700 section 4.14.2): a generation is used once
its access token was accepted or its refresh token exchanged, so a pair that got lost can be told from one that arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

GRACE = timedelta(seconds=10)
"""For this long after a rotation the token that it replaced gets the same answer again: two calls at once, no theft."""
MAX_SKIPPED_RANGES = 32
"""Bounds the row of a phone that loses answers for months; the oldest ranges are merged beyond it."""


class Verdict(Enum):
    """What to do with a refresh token."""

    EXCHANGE = auto()
    REPEAT = auto()
    REUSE = auto()


@dataclass(frozen=True, slots=True)
class Generations:
    """A sign-in's chain: the generation issued last, the newest used one, the one that the last rotation replaced, and
    the ranges (first, last) of those that died unused.
    """

    current: int
    used: int
    replaced: int
    skipped: Sequence[Sequence[int]]

    def accepts(self, generation: int) -> bool:
        """Say whether an access token of `generation` is good: the current one, or one that is not newer than the used
        one and did not die unused.
        """
        if generation == self.current:
            return True
        return generation <= self.used and not any(first <= generation <= last for first, last in self.skipped)

    def judge(self, generation: int, *, since_rotation: timedelta) -> Verdict:
        """Say what to do with a refresh token of `generation`, `since_rotation` after the last one."""
        if generation == self.current:
            return Verdict.EXCHANGE
        if generation == self.replaced and since_rotation <= GRACE:
            return Verdict.REPEAT
        return Verdict.EXCHANGE if generation == self.used else Verdict.REUSE

    def exchanged(self, generation: int) -> "Generations":
        """Return the chain after `generation`, the current or the used one, was exchanged for a new one.

        Whatever was issued after it is dead: the answer had got lost, or a thief has it.
        """
        skipped = [(first, last) for first, last in self.skipped if first <= generation]
        if generation < self.current:
            skipped.append((generation + 1, self.current))
        if len(skipped) > MAX_SKIPPED_RANGES:
            # Merging also ends what was good between the two: tokens that the phone replaced long ago.
            skipped[:2] = [(skipped[0][0], skipped[1][1])]
        return Generations(self.current + 1, generation, generation, skipped)
