"""How often something may happen: counts in windows that move, with one interface for whatever keeps the counts.

The counting is the library `limits`'; the counts are kept in the memory of one process, so that N processes let N times
as much through. Any storage of the library's that can also take a count back may stand in for `MemoryCounts`.
"""

import math
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import islice

from limits import RateLimitItemPerSecond
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from schediora.clock import Clock
from schediora.errors import TooManyRequests

MOST_KEYS = 50_000
"""What is counted at once: some 20 MB at the most. The one that was counted longest ago is forgotten first."""
_SPENT_KEYS_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within any `seconds` in a row, for each of what is counted under `name`."""

    name: str
    most: int
    seconds: int


class LimitReached(TooManyRequests):
    """There were too many attempts."""

    def __init__(self, limit: Limit, *, retry_after: int) -> None:
        """Carry the limit that was reached, and the seconds until there is room again."""
        minutes = math.ceil(retry_after / 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"There were too many attempts. Please try again in {wait}.", retry_after=retry_after)
        self.limit = limit


class RateLimits:
    """Counts what happens against limits, or, switched off, lets everything pass."""

    def __init__(self, clock: Clock, *, enabled: bool = True) -> None:
        self._clock = clock
        self._enabled = enabled
        self._counts = MemoryCounts(clock)
        self._windows = MovingWindowRateLimiter(self._counts)

    def take(self, limit: Limit, key: str, *, cost: int = 1) -> None:
        """Count one more for `key`, `cost` times over; raise LimitReached, and count nothing, when that is too much."""
        if not self._enabled:
            return
        item = _item(limit)
        if not self._windows.hit(item, key, cost=cost):
            until = self._windows.get_window_stats(item, key).reset_time
            raise LimitReached(limit, retry_after=max(1, math.ceil(until - self._clock().timestamp())))

    def give_back(self, limit: Limit, key: str, *, cost: int = 1) -> None:
        """Take back what was counted: it turned out to be nothing that the limit is there for."""
        self._counts.give_back(_item(limit).key_for(key), cost)


class MemoryCounts(Storage, MovingWindowSupport):
    """Counts in this process's memory; unlike the library's own it is bounded, and starts no thread."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Clock, *, most_keys: int = MOST_KEYS) -> None:
        super().__init__()
        self._clock = clock
        self._most_keys = most_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What it raises by itself: nothing."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more under `key` unless there would be more than `limit` in the last `expiry` seconds."""
        with self._lock:
            now = self._clock().timestamp()
            self._forget_spent(now)
            window = self._windows.get(key) or _Window(expiry)
            window.move_to(now)
            if len(window.moments) + amount > limit:
                return False
            window.moments.extend([now] * amount)
            self._windows[key] = window
            self._windows.move_to_end(key)
            if len(self._windows) > self._most_keys:
                self._windows.popitem(last=False)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest of the last `expiry` seconds was counted (now, if none was), and how many were."""
        with self._lock:
            now = self._clock().timestamp()
            window = self._windows.get(key) or _Window(expiry)
            window.move_to(now)
            return (window.moments[0] if window.moments else now), len(window.moments)

    def give_back(self, key: str, amount: int) -> None:
        """Forget the newest `amount` of what was counted under `key`."""
        with self._lock:
            if window := self._windows.get(key):
                for _ in range(min(amount, len(window.moments))):
                    window.moments.pop()
                if not window.moments:
                    del self._windows[key]

    def clear(self, key: str) -> None:
        """Forget all that was counted under `key`."""
        with self._lock:
            self._windows.pop(key, None)

    def reset(self) -> int:
        """Forget everything and return how much that was."""
        with self._lock:
            forgotten = len(self._windows)
            self._windows.clear()
            return forgotten

    def check(self) -> bool:
        """Tell whether counts can be kept: always."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not counted here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not counted here."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not counted here."""
        raise NotImplementedError

    def _forget_spent(self, now: float) -> None:
        """Let go of a few windows that ran out, of those that were counted longest ago: at every count more than the
        count can add.
        """
        for key in list(islice(self._windows, _SPENT_KEYS_A_TIME)):
            self._windows[key].move_to(now)
            if not self._windows[key].moments:
                del self._windows[key]


@dataclass(slots=True)
class _Window:
    """The moments (seconds since 1970, oldest first) that count, each for `seconds`."""

    seconds: int
    moments: "deque[float]" = field(default_factory=deque)

    def move_to(self, now: float) -> None:
        """Drop the moments that no longer count; those that a clock put right would have in the future count as now."""
        if self.moments and self.moments[-1] > now:
            self.moments = deque(min(moment, now) for moment in self.moments)
        while self.moments and self.moments[0] <= now - self.seconds:
            self.moments.popleft()


def _item(limit: Limit) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(limit.most, limit.seconds, namespace=limit.name)
