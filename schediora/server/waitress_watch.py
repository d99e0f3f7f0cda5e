"""The loop's eye on all sockets. An idle connection costs a turn nothing, where waitress asks every one at every turn.

Only Linux has epoll(7); elsewhere waitress's own turn is taken.
"""

# waitress has no type hints, and the stubs published for it contradict its source.
# mypy: disable-error-code=import-untyped

import select
import time

from waitress import wasyncore

_READ = select.POLLIN | select.POLLPRI
_WRITE = select.POLLOUT
_EVERYBODY_SECONDS = 5.0
"""How often the idle ones are looked at as well: one that has been idle for too long is to be closed."""


class Watched(dict[int, wasyncore.dispatcher]):
    """What is watched, by the socket's number, as waitress keeps it. Who comes in is awake."""

    def __init__(self) -> None:
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        self._heard: dict[int, int] = {}
        """What the system tells of each socket."""
        self._wanted: dict[int, int] = {}
        """What is wanted of each socket that is awake; who is at rest wants to read."""
        self._everybody_at = 0.0

    def __setitem__(self, number: int, watched: wasyncore.dispatcher) -> None:
        super().__setitem__(number, watched)
        self._wanted[number] = 0

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        self._wanted.pop(number, None)
        self._hear(number, 0)

    def turn(self, seconds: float) -> None:
        """Wait for something to happen, for so many seconds at most, and have it dealt with."""
        if self._epoll is None:
            wasyncore.poll2(seconds, self)
            return
        now = time.monotonic()
        if now >= self._everybody_at:
            self._everybody_at = now + _EVERYBODY_SECONDS
            self._wanted = dict.fromkeys(self, 0)
        for number in tuple(self._wanted):
            self._look_at(number)
        for number, events in self._epoll.poll(seconds, max(1, len(self._heard))):
            watched = self.get(number)
            if watched is None:
                continue
            wanted = self._wanted.get(number, _READ)
            if not events & wanted:
                wanted = self._look_at(number)
            if not wanted:  # nothing is to be known of it now, not even that it was closed
                self._hear(number, 0)
                continue
            wasyncore.readwrite(watched, events & (wanted | ~(_READ | _WRITE)))
            if number not in self._wanted and number in self and not watched.at_rest:
                self._wanted[number] = wanted

    def close(self) -> None:
        """Watch nothing any more."""
        if self._epoll is not None:
            self._epoll.close()
            self._epoll = None

    def _look_at(self, number: int) -> int:
        """Find out what is wanted of a socket, and have the system tell it; return it."""
        watched = self.get(number)
        if watched is None:
            return 0
        wanted = _READ if watched.readable() else 0
        if watched.writable() and not watched.accepting:
            wanted |= _WRITE
        if number not in self:  # it has closed itself
            return 0
        if wanted == _READ and watched.at_rest:
            self._wanted.pop(number, None)
        else:
            self._wanted[number] = wanted
        heard = self._heard.get(number, 0)
        # Who works for somebody goes on hearing of them: to stop and to begin again would cost each request two calls.
        if wanted & ~heard or heard & _WRITE & ~wanted:
            self._hear(number, wanted)
        return wanted

    def _hear(self, number: int, wanted: int) -> None:
        """Have the system tell of a socket what is wanted, or nothing."""
        if self._epoll is None:
            return
        heard = self._heard.pop(number, 0)
        if wanted:
            self._heard[number] = wanted
            (self._epoll.modify if heard else self._epoll.register)(number, wanted)
        elif heard:
            self._epoll.unregister(number)
