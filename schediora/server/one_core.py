"""Keeping the threads that take turns with the interpreter on one core while there is much to do.

Only one thread of a process runs Python at a time, and every call to the system passes the interpreter on. To wake a
thread on another core for that costs both an interrupt and a wait, several times a call: as much as all else that a
poll takes. On one core the next thread goes on where the last one stops. Measured on two cores (`benchmarks/serve.py`):
1.5 times as many polls a second on SQLite, 1.4 times on Postgres, each with 0.6 to 0.7 of the computing.
"""

import os
import random
import threading
import time
from collections.abc import Collection
from contextlib import suppress

from schediora.machine import CORES

_BUSY, _QUIET = 0.5, 0.2
"""Shares of a core that the process computes, from which on its threads come together, and below which they part."""
_LOOK_SECONDS = 0.02
"""How often threads that are free look how much there is to do; so long the system puts them where there is room."""
_LOOK_TOGETHER_SECONDS = 0.2
_TOGETHER_SECONDS = 1.0
"""How long they stay before they are free again: two services that began on the same core part, and whatever else the
machine does is made way for."""
_TOGETHER_SECONDS_BESIDE_OTHERS = 30.0
"""The same where a service is several processes, which see to it themselves that each has a core of its own."""
_CORE = 36
"""Which word after a thread's name in its `stat` says where it runs (Linux, proc_pid_stat(5), field 39)."""


class OneCore:
    """Some threads that stay on a core together, which is chosen by where the system runs the first of them.

    Does nothing where there is no choice, nor on systems that cannot be told (macOS, Windows).
    """

    def __init__(self, *, beside_others: bool) -> None:
        """Take a core of its own `beside_others`, this process's siblings."""
        self._beside_others = beside_others
        self._together_seconds = _TOGETHER_SECONDS_BESIDE_OTHERS if beside_others else _TOGETHER_SECONDS
        self._others: list[int] = []
        self._core: int | None = None
        self._look_at = self._free_at = 0.0
        self._looked = (0.0, 0.0)
        """The time, and how long the process had computed, at the last look."""

    def join(self) -> None:
        """Have the thread that calls this follow the first one."""
        self._others.append(threading.get_native_id())

    def turn(self) -> None:
        """See, on the first thread and as often as it likes, whether it is time to come together or to part."""
        now = time.monotonic()
        if now < self._look_at or len(CORES) < 2:
            return
        used = self._share_of_a_core(now)
        if self._core is None:
            if used >= _BUSY and (core := _this_core()) is not None:
                self._gather(core)
                self._free_at = now + self._together_seconds
        elif used < _QUIET or now >= self._free_at:
            self.end()
        else:
            self._gather(self._core)
        self._look_at = now + (_LOOK_SECONDS if self._core is None else _LOOK_TOGETHER_SECONDS)

    def end(self) -> None:
        """Let all go anywhere again."""
        if self._core is not None:
            self._core = None
            self._allow(CORES)

    def _share_of_a_core(self, now: float) -> float:
        """Return how much of a core the process has used since the last look."""
        before, computed_before = self._looked
        computed = time.process_time()
        self._looked = now, computed
        return (computed - computed_before) / (now - before)

    def _gather(self, core: int) -> None:
        """Have all threads stay on `core`, or where there is nobody, if a sibling has that one."""
        taken = _cores_of_elder_siblings() if self._beside_others else set[int]()
        if core in taken and (left := CORES - taken):
            core = random.choice(tuple(left))
        self._core = core
        self._allow({core})  # also where it is the same: another thread may have joined

    def _allow(self, cores: Collection[int]) -> None:
        for thread in (0, *self._others):
            with suppress(OSError):  # it has ended, or the machine has other cores now
                os.sched_setaffinity(thread, cores)


def _this_core() -> int | None:
    """Return where the system runs this thread, if it says so."""
    with suppress(OSError, ValueError, IndexError), open("/proc/thread-self/stat", "rb") as stat:
        return int(stat.read().rpartition(b")")[2].split()[_CORE])
    return None


def _cores_of_elder_siblings() -> set[int]:
    """Return the cores that other children of this process's parent keep to, of two that share one only the elder."""
    taken = set[int]()
    parent, own = os.getppid(), os.getpid()
    with suppress(OSError), open(f"/proc/{parent}/task/{parent}/children") as children:
        for sibling in map(int, children.read().split()):
            with suppress(ProcessLookupError):
                if sibling < own and len(cores := os.sched_getaffinity(sibling)) == 1:
                    taken |= cores
    return taken
