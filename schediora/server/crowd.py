"""Who is connected: so many connections in all, and so many from one address."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Protocol

from schediora.http.client_address import network_of

_LOOK_SECONDS = 1.0
"""Where there is no room, how often everybody is looked at: it takes 10 ms for 10,000."""


class Guest(Protocol):
    """A connection, as far as it counts here."""

    network: str
    last_activity: float

    @property
    def idle(self) -> bool:
        """Whether nothing is being received, worked on or sent, nor has arrived unread."""

    def handle_close(self) -> None:
        """Close it."""


class Crowd:
    """All connections of a server. Only the server's loop lets somebody in; any thread may see somebody out."""

    def __init__(self, *, most: int, most_per_address: int, trusts: Callable[[str], bool]) -> None:
        """Hold `most` connections, and `most_per_address` (0: any number) of each address that is not trusted."""
        self._most = most
        self._most_per_address = most_per_address
        self._trusts = trusts
        self._in_network: defaultdict[str, set[Guest]] = defaultdict(set)
        self._count = 0
        self._idlers: deque[Guest] = deque()
        """Who may be closed for a newcomer."""
        self._look_again_at = 0.0
        self._changing = threading.Lock()

    def enter(self, guest: Guest) -> None:
        """Count somebody in."""
        with self._changing:
            self._in_network[guest.network].add(guest)
            self._count += 1

    def leave(self, guest: Guest) -> None:
        """Count somebody out, once."""
        with self._changing:
            guests = self._in_network[guest.network]
            self._count -= guest in guests
            guests.discard(guest)
            if not guests:
                del self._in_network[guest.network]

    def has_room_for(self, address: str) -> bool:
        """Tell whether somebody from `address` may enter, after closing the longest idle connection where only that
        makes room: of that address where it holds too many, else of all.
        """
        if self._most_per_address and not self._trusts(address):
            with self._changing:
                guests = list(self._in_network.get(network_of(address), ()))
            if len(guests) >= self._most_per_address:
                return self._closes_one_of(_longest_idle_first(guests))
        if self._count < self._most:
            return True
        if time.monotonic() >= self._look_again_at:
            self._look_again_at = time.monotonic() + _LOOK_SECONDS
            with self._changing:
                everybody = [guest for guests in self._in_network.values() for guest in guests]
            self._idlers = _longest_idle_first(everybody)
        return self._closes_one_of(self._idlers)

    def _closes_one_of(self, guests: deque[Guest]) -> bool:
        """Close the first that is idle; tell whether there was one. Those before it are not asked again."""
        while guests:
            guest = guests.popleft()
            if guest.idle:
                guest.handle_close()
                return True
        return False


def _longest_idle_first(guests: Iterable[Guest]) -> deque[Guest]:
    return deque(sorted(guests, key=lambda guest: guest.last_activity))
