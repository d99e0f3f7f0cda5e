"""How a process is told to stop."""

import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from schediora import log

SAME_SIGNAL_SECONDS = 1.0
"""A terminal sends Ctrl-C to every process of the group, and the one-file executable's bootloader passes on its own."""


class StopSignals:
    """SIGTERM, SIGINT and SIGHUP ask this process to stop; from the main thread alone, and once in a process.

    What follows within a second is the same signal, arriving twice; a later one ends the process at once. SIGHUP is
    left alone where it was ignored from the start (`nohup`). A child whose parent passes on what it hears (`passed_on`)
    heeds SIGTERM alone: else what a terminal sends to everybody would arrive at its parent and at the child.
    """

    def __init__(self, *, passed_on: bool = False) -> None:
        self.asked = threading.Event()
        """Set once the process is to stop."""
        self._first_at = 0.0
        self._then: Callable[[], None] | None = None
        self._before_dying: Callable[[], None] | None = None
        signal.signal(signal.SIGTERM, self._heard)
        if passed_on:
            for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR2):
                signal.signal(number, signal.SIG_IGN)
            return
        signal.signal(signal.SIGINT, self._heard)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._heard)

    @property
    def heard(self) -> bool:
        """Whether a signal has come, and not only something else been the end."""
        return self._first_at > 0

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


class ReloadSignal:
    """SIGUSR2 asks for new settings and new code; from the main thread alone, and once in a process."""

    def __init__(self) -> None:
        self._arrived, arriving = os.pipe()
        os.set_blocking(arriving, False)
        # A pipe, as a lock might be held by what the signal interrupts.
        signal.signal(signal.SIGUSR2, lambda _number, _frame: _write(arriving))

    def fileno(self) -> int:
        """Return what becomes readable when it has arrived."""
        return self._arrived

    def wait(self, *, seconds: float | None = None) -> bool:
        """Tell whether it has arrived, for so many seconds at most, and forget it."""
        if not select.select([self._arrived], [], [], seconds)[0]:
            return False
        os.read(self._arrived, 4096)
        return True


def _write(pipe: int) -> None:
    with suppress(BlockingIOError):  # it is full of what nobody has looked at yet
        os.write(pipe, b"r")
