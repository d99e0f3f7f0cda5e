"""How a process is told to stop."""

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from schediora import log

SAME_SIGNAL_SECONDS = 1.0
"""A terminal sends Ctrl-C to every process of the group, and the one-file executable's bootloader passes on its own."""


class StopSignals:
    """SIGTERM, SIGINT and SIGHUP ask this process to stop; from the main thread alone, and once in a process.

    What follows within a second is the same signal, arriving twice; a later one ends the process at once. SIGHUP is
    left alone where it was ignored from the start (`nohup`).
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        """Set once the process is to stop."""
        self._first_at = 0.0
        self._then: Callable[[], None] | None = None
        self._before_dying: Callable[[], None] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._heard)

    def then(self, callback: Callable[[], None]) -> None:
        """Call `callback` from the signal, wherever it interrupts the main thread; now, if it has come already."""
        self._then = callback
        if self.asked.is_set():
            callback()

    def before_dying(self, callback: Callable[[], None]) -> None:
        """Call `callback` when a later signal is about to end the process at once; it must be safe to call twice."""
        self._before_dying = callback

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if self.asked.is_set():
            if time.monotonic() - self._first_at >= SAME_SIGNAL_SECONDS:
                if self._before_dying is not None:
                    self._before_dying()
                log.flush()
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            return
        self._first_at = time.monotonic()
        self.asked.set()
        if self._then is not None:
            self._then()
