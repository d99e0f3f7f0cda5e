"""Who is connected: so many connections in all, and so many from one address.

Where there are more open apps than connections, each comes back to its own after 15 s. Were it always the longest idle
one that is closed, it would be the very one that asks next: every call would need a new connection, and some would be
closed just as they are asked on. So of those that are in use the one is closed that asked last.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Protocol

from schediora.http.client_address import network_of

_LOOK_SECONDS = 1.0
"""Where there is no room, how often everybody is looked at: it takes 10 ms for 10,000."""
_GONE_SECONDS = 20.0
"""An open app asks every 15 s: who has asked nothing for longer is likely to ask nothing more."""
_STARTING_SECONDS = 1.0
"""An app that starts asks three times within this, each time once it has the answer before."""


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

    def __init__(
        self,
        *,
        most: int,
        most_per_address: int,
        trusts: Callable[[str], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Hold `most` connections, and `most_per_address` (0: any number) of each address that is not trusted. The
        `clock` is the one by which they know when they were last active.
        """
        self._most = most
        self._most_per_address = most_per_address
        self._trusts = trusts
        self._clock = clock
        self._in_network: defaultdict[str, set[Guest]] = defaultdict(set)
        self._count = 0
        self._idlers: deque[Guest] = deque()
        """Who may be closed for a newcomer."""
        self._looked_at = 0.0
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
        """Tell whether somebody from `address` may enter, after closing an idle connection where only that makes room:
        of that address where it holds too many, else of all.
        """
        if self._most_per_address and not self._trusts(address):
            with self._changing:
                guests = list(self._in_network.get(network_of(address), ()))
            if len(guests) >= self._most_per_address:
                return self._closes_one_of(self._least_missed_first(guests))
        if self._count < self._most:
            return True
        if abs(self._clock() - self._looked_at) >= _LOOK_SECONDS:
            self._looked_at = self._clock()
            with self._changing:
                everybody = [guest for guests in self._in_network.values() for guest in guests]
            self._idlers = self._least_missed_first(everybody)
        return self._closes_one_of(self._idlers)

    def _closes_one_of(self, guests: deque[Guest]) -> bool:
        """Close the first that is idle; tell whether there was one. Those before it are not asked again."""
        while guests:
            guest = guests.popleft()
            if guest.idle:
                guest.handle_close()
                return True
        return False

    def _least_missed_first(self, guests: Iterable[Guest]) -> deque[Guest]:
        """Put first who is likely gone, longest idle first; then who asked last, as it is longest until they ask again;
        then those who may be starting.
        """
        now = self._clock()
        gone, used, starting = list[Guest](), list[Guest](), list[Guest]()
        for guest in sorted(guests, key=lambda guest: guest.last_activity):
            idle = now - guest.last_activity
            (gone if idle > _GONE_SECONDS else used if idle >= _STARTING_SECONDS else starting).append(guest)
        return deque(gone + used[::-1] + starting)
