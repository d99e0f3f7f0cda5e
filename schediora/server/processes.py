"""The parent of several processes. It binds, forks, waits and passes signals on.

It has no thread and no connection of its own, so it can fork at any time, and what brings a child down leaves it alone.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from schediora.errors import SetupError
from schediora.log import get_logger
from schediora.server.family import Child, Family, Place, how
from schediora.server.signals import ReloadSignal, StopSignals
from schediora.server.ties import Hold, Tie, tied

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 30.0
_SETTLED_SECONDS = 60.0
"""Whoever has lived so long did not die of its start."""
_STARTS = 3
"""How often a start is tried before any process has ever come up."""
_START_SECONDS = 60.0
_LEAVE_SECONDS = 45.0
"""A process that leaves waits 20 s for those who are connected, and drains for ten."""
_STOP_SECONDS = 14.0
"""A child drains for ten; the whole stop may take 15."""
_TURN_SECONDS = 5.0
_HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2, signal.SIGCHLD)

_log = get_logger(__name__)


class Parent:
    """Keeps a family of processes until it is asked to stop."""

    def __init__(self, family: Family, stop: StopSignals, reload: ReloadSignal) -> None:
        self._family = family
        self._stop = stop
        self._reload = reload
        self._places: list[Place] = []
        self._reloads = 0
        self._to_reload: list[Place] = []
        self._to_add: list[Place] = []
        self._reloading_since: float | None = None
        self._anew = False
        """Whether who has died is executed anew: what runs here is old once one process with new code is ready."""
        self._came_up = False
        self._given_up = False
        self._stop_by: float | None = None
        self._woken, self._waker = -1, -1

    def run(self) -> int:
        """Keep the processes running; return the exit code, 0 after a stop, 1 when none ever came up."""
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._waker, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._stop.before_dying(lambda: self._tell(signal.SIGKILL))
        self._places = [Place(role) for role in self._family.roles()]
        while self._stop_by is None or self._children():
            if self._stop_by is not None:
                self._kill_who_is_late()
            elif self._stop.asked.is_set() or self._given_up:
                self._begin_to_stop()
            else:
                self._begin_what_is_missing()
                self._begin_reload()
                self._go_on_reloading()
            self._wait()
            self._bury()
        return 1 if self._given_up else 0

    def _children(self) -> list[Child]:
        return [child for place in self._places for child in place.everybody()]

    def _wait(self) -> None:
        """Wait for a signal, for a child that has something to say, or until something is due."""
        now = time.monotonic()
        due = [place.again_at for place in self._places if place.wanted and place.child is None]
        left = min([_TURN_SECONDS, *(at - now for at in (*due, self._stop_by) if at is not None)])
        speaking = {child.hold.readiness: (place, child) for place in self._places for child in place.everybody()}
        poll = select.poll()
        for number in (self._woken, *(number for number, (_, child) in speaking.items() if not child.silent)):
            poll.register(number, select.POLLIN)
        ready = [number for number, _ in poll.poll(max(0.0, left) * 1000 + 1)]
        with suppress(BlockingIOError):
            while os.read(self._woken, 512):
                pass
        for place, child in (speaking[number] for number in ready if number in speaking):
            child.silent = True
            child.ready = child.hold.is_ready()
            if child.ready:
                self._came_up = True
                self._family.ready(place.role)

    def _bury(self) -> None:
        """Take note of who has died."""
        while self._children():
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            for place in self._places:
                if found := place.without(pid):
                    standing, child = found
                    child.hold.close()
                    self._family.ended(pid)
                    if self._stop_by is None and standing != "leaving":
                        self._take_in(place, child, standing, how(os.waitstatus_to_exitcode(status)))

    def _take_in(self, place: Place, child: Child, standing: str, ended: str) -> None:
        """Draw the consequences of a death that was not asked for."""
        if standing == "successor":
            _log.error("reload_failed", reason=f"The new process ended before it was ready: {ended}.")
            self._to_reload, self._to_add, self._reloading_since = [], [], None
            return
        settled = child.ready and time.monotonic() - child.began >= _SETTLED_SECONDS
        place.failures = 0 if settled else place.failures + 1
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** min(place.failures, 20), _LONGEST_PAUSE_SECONDS)
        place.again_at = time.monotonic() + pause
        self._given_up = not self._came_up and place.failures >= _STARTS
        _log.error("process_ended", role=place.role, pid=child.pid, how=ended, again_in_seconds=pause)

    def _begin_what_is_missing(self) -> None:
        for place in self._places:
            if place.wanted and not place.child and place.again_at <= time.monotonic():
                place.child = self._begin(place.role, anew=self._anew)

    def _begin(self, role: str, *, anew: bool) -> Child:
        hold, tie = tied()
        _flush()
        with _deaf():
            pid = os.fork()
            if not pid:
                self._be_a_child(role, hold, tie, anew=anew)
        os.close(tie.orders)
        os.close(tie.readiness)
        return Child(pid, hold, time.monotonic(), reload=self._reloads if anew else 0)

    def _be_a_child(self, role: str, mine: Hold, tie: Tie, *, anew: bool) -> None:
        """Do the child's part and end, without going back to what the parent has begun."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self._woken)
            os.close(self._waker)
            for hold in (mine, *(child.hold for child in self._children())):
                hold.close()
            stop = StopSignals(passed_on=True)
            if anew:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
            if anew:
                self._family.execute(role, tie)
            code = self._family.begin(role, tie, stop)
        except BaseException:
            _log.exception("process_failed", role=role)
        finally:
            _flush()
            os._exit(code)

    def _begin_reload(self) -> None:
        """Begin to put new processes in the place of all, one by one, unless the settings forbid it."""
        if self._reloading_since is not None or not self._reload.wait(seconds=0):
            return
        try:
            roles = list(self._family.roles())
        except SetupError as problem:
            _log.error("reload_refused", reason=problem.detail)
            return
        self._reloads += 1
        self._reloading_since = time.monotonic()
        _log.info("reloading", processes=len(roles))
        for place in self._places:
            place.wanted = place.role in roles
            if place.wanted:
                roles.remove(place.role)
        self._to_reload = list(self._places)
        self._to_add = [Place(role) for role in roles]

    def _go_on_reloading(self) -> None:
        """Take the steps that can be taken: a process leaves only once its successor is ready, and is gone before the
        next one is begun.
        """
        while self._to_reload and self._is_reloaded(self._to_reload[0]):
            self._to_reload.pop(0)
        if self._reloading_since is not None and not self._to_reload:
            _log.info("reloaded", seconds=round(time.monotonic() - self._reloading_since, 1))
            self._places = [place for place in self._places if place.wanted] + self._to_add
            self._to_add, self._reloading_since = [], None

    def _is_reloaded(self, place: Place) -> bool:
        """Take the next step at a place, and tell whether nothing is left to do there."""
        now = time.monotonic()
        if place.leaving:
            if now > place.leaving.leave_by:
                os.kill(place.leaving.pid, signal.SIGKILL)
        elif place.child and (not place.wanted or (place.successor and place.successor.ready)):
            place.leaving, place.child, place.successor = place.child, place.successor, None
            place.leaving.leave_by = now + _LEAVE_SECONDS
            with suppress(OSError):  # it has just died
                place.leaving.hold.retire()
            self._anew |= place.wanted
        elif not place.wanted or (place.child and place.child.reload == self._reloads):
            return True
        elif place.successor is None:
            place.successor = self._begin(place.role, anew=True)
        elif place.successor.ready:  # whoever was here before has died meanwhile
            place.child, place.successor = place.successor, None
            self._anew = True
        elif now - place.successor.began > _START_SECONDS:
            os.kill(place.successor.pid, signal.SIGKILL)
        return False

    def _begin_to_stop(self) -> None:
        self._stop_by = time.monotonic() + _STOP_SECONDS
        if not self._given_up:
            self._family.stopping()
        self._tell(signal.SIGTERM)

    def _kill_who_is_late(self) -> None:
        if self._stop_by is not None and time.monotonic() >= self._stop_by:
            _log.error("processes_killed", count=len(self._children()))
            self._tell(signal.SIGKILL)
            self._stop_by += _TURN_SECONDS

    def _tell(self, number: signal.Signals) -> None:
        for child in self._children():
            with suppress(ProcessLookupError):
                os.kill(child.pid, number)


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep signals waiting: a child that has just been forked would take them for its parent's."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)


def _flush() -> None:
    """Write out what would be written twice after a fork, or never after an abrupt end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
