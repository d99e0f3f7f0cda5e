"""Counts in the memory of one process.

The library's own grow without bound, and start a thread as they are made; these serve every call of an open app.
"""

import threading
from array import array
from bisect import bisect_right
from collections import OrderedDict

from schediora.clock import Clock
from schediora.rate_limits.counts import Counts

MOST_KEYS = 50_000
"""What is counted at once: some 25 MB of open apps. The one that was counted longest ago is forgotten first."""
_SPENT_KEYS_A_TIME = 2


class MemoryCounts(Counts):
    """Counts what only this process lets through, at most so many keys."""

    def __init__(self, clock: Clock, *, most_keys: int = MOST_KEYS) -> None:
        super().__init__()
        self._clock = clock
        self._most_keys = most_keys
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._lock = threading.Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more under `key` unless there would be more than `limit` in the last `expiry` seconds."""
        now = self._clock().timestamp()
        with self._lock:
            windows = self._windows
            self._forget_spent(now)
            window = windows.get(key)
            if window is None:
                if amount > limit:
                    return False
                windows[key] = window = _Window(expiry)
                if len(windows) > self._most_keys:
                    windows.popitem(last=False)
            else:
                window.move_to(now)
                if len(window.moments) + amount > limit:
                    return False
                windows.move_to_end(key)
            window.moments.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest of the last `expiry` seconds was counted (now, if none was), and how many were."""
        now = self._clock().timestamp()
        with self._lock:
            window = self._windows.get(key) or _Window(expiry)
            window.move_to(now)
            return (window.moments[0] if window.moments else now), len(window.moments)

    def room_at(self, key: str, limit: int, expiry: int, amount: int) -> float:
        """Return when, in seconds since 1970, there is room for `amount` more under `key`."""
        now = self._clock().timestamp()
        with self._lock:
            window = self._windows.get(key) or _Window(expiry)
            window.move_to(now)
            moments = window.moments
            too_many = min(len(moments) + amount - limit, len(moments))
            return moments[too_many - 1] + expiry if too_many > 0 else now

    def give_back(self, key: str, amount: int) -> None:
        """Forget the newest `amount` of what was counted under `key`."""
        with self._lock:
            if window := self._windows.get(key):
                del window.moments[-amount:]
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

    def _forget_spent(self, now: float) -> None:
        """Let go of a few windows that ran out, of those that were counted longest ago: at every count more than the
        count can add.
        """
        windows = self._windows
        for _ in range(_SPENT_KEYS_A_TIME):
            key = next(iter(windows), None)
            if key is None or windows[key].counts_at(now):
                return
            del windows[key]


class _Window:
    """The moments (seconds since 1970, oldest first) that count, each for `seconds`."""

    __slots__ = ("moments", "seconds")

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.moments = array("d")  # a third of the room that a list of numbers takes

    def counts_at(self, now: float) -> bool:
        """Tell whether anything still counts."""
        return bool(self.moments) and self.moments[-1] > now - self.seconds

    def move_to(self, now: float) -> None:
        """Drop the moments that no longer count; those that a clock put right would have in the future count as now."""
        moments = self.moments
        if not moments:
            return
        if moments[-1] > now:
            self.moments = moments = array("d", [min(moment, now) for moment in moments])
        if moments[0] <= now - self.seconds:
            del moments[: bisect_right(moments, now - self.seconds)]
