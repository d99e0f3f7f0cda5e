"""Counts in Redis: exact over all processes and machines that share it, and quicker than the database."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from limits.storage import RedisStorage
from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from schediora import log
from schediora.clock import Clock
from schediora.rate_limits.counts import Counts

_log = log.get_logger(__name__)

ANSWER_SECONDS = 0.25
"""Whoever signs in does not wait longer for Redis before it is taken for away."""
AWAY_SECONDS = 5.0
"""So long one that is away is not asked again."""
_PREFIX = "schediora:limits"
_REASON_CHARACTERS = 200
_T = TypeVar("_T")


class RedisCounts(RedisStorage, Counts):
    """The library's own counting in Redis, by our clock."""

    STORAGE_SCHEME = None  # type: ignore[assignment]  # not to be found by a URL in the place of the library's own

    def __init__(self, url: str, clock: Clock) -> None:
        """Connect to `url` when there is something to count."""
        pool = ConnectionPool.from_url(
            url,
            socket_connect_timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),  # a connection that the server ended meanwhile
        )
        super().__init__("redis://", connection_pool=pool, key_prefix=_PREFIX)
        self._redis = Redis(connection_pool=pool)
        self._clock = clock

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more under `key` unless there would be more than `limit` in the last `expiry` seconds."""
        now = self._clock().timestamp()
        return bool(self.lua_acquire_moving_window([self.prefixed_key(key)], [now, limit, expiry, amount]))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest of the last `expiry` seconds was counted (now, if none was), and how many were."""
        now = self._clock().timestamp()
        window: Any = self.lua_moving_window([self.prefixed_key(key)], [now - expiry, limit])
        return (float(window[0]), int(window[1])) if window else (now, 0)

    def give_back(self, key: str, amount: int) -> None:
        """Forget the newest `amount` of what was counted under `key`."""
        self._redis.lpop(self.prefixed_key(key), amount)

    def clear(self, key: str) -> None:
        """Forget all that was counted under `key`."""
        self._redis.delete(self.prefixed_key(key))


class WithStandby(Counts):
    """Counts in `first`, and, while that is away, in `second`."""

    def __init__(self, first: Counts, second: Counts) -> None:
        super().__init__()
        self._first = first
        self._second = second
        self._away = False
        self._again_at = 0.0
        self._change = threading.Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more under `key` unless there would be more than `limit` in the last `expiry` seconds."""
        return self._of(lambda counts: counts.acquire_entry(key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest of the last `expiry` seconds was counted (now, if none was), and how many were."""
        return self._of(lambda counts: counts.get_moving_window(key, limit, expiry))

    def give_back(self, key: str, amount: int) -> None:
        """Forget the newest `amount` of what was counted under `key`."""
        self._of(lambda counts: counts.give_back(key, amount))

    def clear(self, key: str) -> None:
        """Forget all that was counted under `key`, in both."""
        self._of(lambda counts: counts.clear(key))
        self._second.clear(key)

    def together(self) -> AbstractContextManager[object]:
        """Count several at once where that is less work: all or, when the block fails, none."""
        return self._second.together() if self._away else self._first.together()

    def _of(self, asked: Callable[[Counts], _T]) -> _T:
        if time.monotonic() >= self._again_at:
            try:
                answer = asked(self._first)
            except self._first.base_exceptions as problem:
                self._note_away(problem)
            else:
                if self._away:
                    self._note_back()
                return answer
        return asked(self._second)

    def _note_away(self, problem: Exception) -> None:
        with self._change:
            self._again_at = time.monotonic() + AWAY_SECONDS
            said, self._away = self._away, True
        if not said:
            _log.warning("limits_fell_back", error=type(problem).__name__, reason=str(problem)[:_REASON_CHARACTERS])

    def _note_back(self) -> None:
        with self._change:
            said, self._away = self._away, False
        if said:
            _log.info("limits_back")
