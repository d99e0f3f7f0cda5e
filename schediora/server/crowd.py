"""Who is connected: so many connections in all, and so many from one address."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol

from schediora.http.client_address import network_of


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
        """Tell whether somebody from `address` may enter, after closing that address's longest idle connection where
        only that makes room.
        """
        if self._count >= self._most:
            return False
        if not self._most_per_address or self._trusts(address):
            return True
        with self._changing:
            guests = list(self._in_network.get(network_of(address), ()))
        if len(guests) < self._most_per_address:
            return True
        for guest in sorted(guests, key=lambda guest: guest.last_activity):
            if guest.idle:
                guest.handle_close()
                return True
        return False
