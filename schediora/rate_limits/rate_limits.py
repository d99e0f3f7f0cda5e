"""Counting against limits, with one interface for whatever keeps the counts: that of the library `limits`.

Its moving window is asked directly: what its strategies do besides takes as long as a count, and every call is counted.
"""

import functools
import hashlib
import math
from contextlib import ExitStack, nullcontext, suppress
from typing import NoReturn, Self

from schediora.clock import Clock
from schediora.db.database import UNREACHABLE
from schediora.metrics.measurements import UNMEASURED, Measurements
from schediora.rate_limits.counts import Counts
from schediora.rate_limits.database_counts import DatabaseCounts
from schediora.rate_limits.limit import Limit, LimitReached
from schediora.rate_limits.memory_counts import MemoryCounts
from schediora.rate_limits.redis_counts import RedisCounts, WithStandby

_NAME_BYTES = 16


class RateLimits:
    """Counts what happens against limits, or, switched off, lets everything pass.

    What is shared is counted under keyed hashes, so that whoever reads the counts learns of nobody.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        enabled: bool = True,
        shared: Counts | None = None,
        key: bytes = b"",
        measurements: Measurements = UNMEASURED,
    ) -> None:
        """Count what is `shared` there, or, without it, in this process's memory, too; `key` is for the hashes."""
        self.enabled = enabled
        self._clock = clock
        self._own = MemoryCounts(clock)
        self._shared = shared or MemoryCounts(clock)
        self._hash = functools.partial(hashlib.blake2b, key=key[:64], digest_size=_NAME_BYTES)
        self._measurements = measurements

    @classmethod
    def over(
        cls, queue_url: str, clock: Clock, *, key: bytes, enabled: bool, measurements: Measurements = UNMEASURED
    ) -> Self:
        """Count what is shared in the queue's server where that is Redis, and else, or while it is away, in the
        database that is bound.
        """
        shared: Counts = DatabaseCounts(clock)
        if queue_url:
            shared = WithStandby(RedisCounts(queue_url, clock), shared)
        return cls(clock, enabled=enabled, shared=shared, key=key, measurements=measurements)

    def take(self, limit: Limit, key: str, *, cost: int = 1) -> None:
        """Count one more for `key`, `cost` times over; raise LimitReached, and count nothing, when that is too much.

        What is shared is to be taken before a transaction begins: what is rolled back would not be counted.
        """
        if not self.enabled:
            return
        if limit.shared:
            with self._shared.together():
                self._take(limit, key, cost)
        else:
            self._take(limit, key, cost)

    def take_all(self, *wanted: tuple[Limit, str]) -> None:
        """Count one more for each of several shared limits with their keys; raise LimitReached for the first that is
        reached, and count nothing.
        """
        if not self.enabled:
            return
        # Looked at first: whoever is refused takes no writer's turn from those who study.
        for limit, key in wanted:
            counts, name = self._place(limit, key)
            if counts.get_moving_window(name, limit.most, limit.seconds)[1] >= limit.most:
                self._refuse(limit, counts, name, 1)
        # Always in one order: each holds its row, and two in different orders would wait for each other.
        with self._shared.together(), ExitStack() as taken:
            for limit, key in sorted(wanted, key=lambda pair: pair[0].name):
                self._take(limit, key)
                taken.callback(self._give_back, limit, key)
            taken.pop_all()

    def give_back(self, limit: Limit, key: str, *, cost: int = 1) -> None:
        """Take back what was counted: it turned out to be nothing that the limit is there for. Where that is not
        possible, it runs out by itself.
        """
        if self.enabled:
            with suppress(*UNREACHABLE), self._shared.together() if limit.shared else nullcontext():
                self._give_back(limit, key, cost)

    def give_back_all(self, *given: tuple[Limit, str]) -> None:
        """Take back one of each of several shared limits; where that is not possible, they run out by themselves."""
        if not self.enabled:
            return
        with suppress(*UNREACHABLE), self._shared.together():
            for limit, key in sorted(given, key=lambda pair: pair[0].name):
                self._give_back(limit, key)

    def lift(self, limit: Limit, key: str) -> None:
        """Forget all that was counted for `key`; where that is not possible, it runs out by itself."""
        if self.enabled:
            counts, name = self._place(limit, key)
            with suppress(*UNREACHABLE):
                counts.clear(name)

    def reached(self, limit: Limit, *, retry_after: float) -> LimitReached:
        """Return, and take down, that a limit was reached: the error for who was told to come back after seconds."""
        self._measurements.limit_reached(limit.name)
        return LimitReached(limit, retry_after=max(1, math.ceil(retry_after)))

    def _take(self, limit: Limit, key: str, cost: int = 1) -> None:
        counts, name = self._place(limit, key)
        if not counts.acquire_entry(name, limit.most, limit.seconds, cost):
            self._refuse(limit, counts, name, cost)

    def _give_back(self, limit: Limit, key: str, cost: int = 1) -> None:
        counts, name = self._place(limit, key)
        counts.give_back(name, cost)

    def _refuse(self, limit: Limit, counts: Counts, name: str, cost: int) -> NoReturn:
        until = counts.room_at(name, limit.most, limit.seconds, cost)
        raise self.reached(limit, retry_after=until - self._clock().timestamp())

    def _place(self, limit: Limit, key: str) -> tuple[Counts, str]:
        """Return where `limit` is counted, and what `key` is called there."""
        if not limit.shared:
            return self._own, f"{limit.name}/{key}"
        return self._shared, f"{limit.name}/{self._hash(key.encode()).hexdigest()}"
