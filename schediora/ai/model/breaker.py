"""A circuit breaker: a provider that has just failed is left alone, so that it costs the next student nothing."""

import threading
import time
from collections.abc import Callable

THRESHOLD = 4
"""So much blame in a row, and the provider is left alone: two hung calls, or four hasty refusals."""


class Breaker:
    """Closed, it lets every call through; open, none; after its pause it lets one call probe and waits for the result.

    `threshold` is how much blame in a row opens it. The pause starts at `first_seconds` and doubles with each failed
    probe up to `most_seconds`; a success closes it and forgets. A probe that never reports is replaced after
    `probe_seconds`. Thread-safe; `monotonic` is the clock, in seconds.
    """

    def __init__(
        self,
        *,
        threshold: int = THRESHOLD,
        first_seconds: float = 5.0,
        most_seconds: float = 300.0,
        probe_seconds: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold = threshold
        self._first_seconds = first_seconds
        self._most_seconds = most_seconds
        self._probe_seconds = probe_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._blame = 0
        self._openings = 0
        self._closed = True
        self._probing = False
        self._open_until = 0.0

    def allows(self) -> bool:
        """Return whether a call may be made now; a caller told so must report `succeeded` or `failed`."""
        with self._lock:
            if self._closed:
                return True
            now = self._monotonic()
            if now < self._open_until:
                return False
            self._probing = True
            self._open_until = now + self._probe_seconds
            return True

    def succeeded(self) -> None:
        """Note that the provider answered, whatever the answer was worth."""
        with self._lock:
            self._closed = True
            self._probing = False
            self._blame = self._openings = 0

    def failed(self, blame: int = 1, *, retry_after: float | None = None) -> None:
        """Note a failure of the provider itself; `retry_after` seconds, where it named them, open the breaker.

        With no `blame` only a probe's failure counts: nothing was learnt, so the next probe comes later.
        """
        with self._lock:
            self._blame += blame
            if retry_after is not None:
                self._open(retry_after)
            elif self._probing or (self._closed and self._blame >= self._threshold):
                self._open(self._first_seconds * 2**self._openings)
                self._openings += 1

    def _open(self, seconds: float) -> None:
        self._closed = self._probing = False
        self._open_until = self._monotonic() + min(seconds, self._most_seconds)
