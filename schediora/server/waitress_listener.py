"""A listening socket: who comes in, and who finds no room."""

# waitress has no type hints, and the stubs published for it contradict its source.
# mypy: disable-error-code=import-untyped
# mypy: allow-subclassing-any

import socket
import time
from collections import deque
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.server import TcpWSGIServer

from schediora.http.client_address import UNIX_SOCKET
from schediora.log import get_logger
from schediora.server.crowd import Crowd
from schediora.server.refusals import no_room
from schediora.server.request_reader import Limits
from schediora.server.waitress_channel import Connection
from schediora.server.waitress_lingering import LingeringClose

MAX_TURNED_AWAY = 64
"""Connections without room that may still be reading their refusal; the one before them is closed for one more."""
_ACCEPTED_A_TURN = 512
"""Some 40 ms of work. With much to do a turn takes longer than that, and who waits to be let in has long connected."""
_ACCEPTED_A_TURN_BESIDE_OTHERS = 1
"""Who is busy looks up less often, so that those who are not get more of who comes."""
_PAUSE_BESIDE_OTHERS_SECONDS = 0.001
"""So long whoever has let somebody in leaves the next one to the others. Were it not for that, the first to wake would
have all that come together, such as the connections that a proxy opens."""
_WARNING_SECONDS = 10.0

_log = get_logger(__name__)


class Listener(TcpWSGIServer):
    """A listening socket and the connections that came by it."""

    draining = False
    at_rest = True
    """Whether it need not be asked at every turn what it wants: always to know who comes."""

    def __init__(
        self,
        *arguments: Any,
        crowd: Crowd,
        limits: Limits,
        beside_others: bool,
        **options: Any,
    ) -> None:
        """Take what waitress takes; the dispatcher is the lanes. It may be `beside_others` with this socket."""
        self.crowd = crowd
        self.limits = limits
        self._turned_away: deque[LingeringClose] = deque()
        self._beside_others = beside_others
        self._accepted_a_turn = _ACCEPTED_A_TURN_BESIDE_OTHERS if beside_others else _ACCEPTED_A_TURN
        self._accepts_at = 0.0
        self._came = 0
        self._unsaid = 0
        self._said_at = -_WARNING_SECONDS
        super().__init__(*arguments, **options)
        self.trigger.at_rest = True

    def handle_accept(self) -> None:
        """Let in who has connected, some at a time so that those inside are not kept waiting."""
        if self._beside_others:
            now = time.monotonic()
            if now < self._accepts_at:
                return
            self._accepts_at = now + _PAUSE_BESIDE_OTHERS_SECONDS
        self._accept(self._accepted_a_turn)

    def channel_class(
        self,
        _listener: "Listener",
        connection: socket.socket,
        address: tuple[Any, ...],
        settings: Any,
        **options: Any,
    ) -> None:
        """Begin to serve a connection, or turn it away when there is no room."""
        self._came += 1
        if self.crowd.has_room_for(address[0]):
            self.crowd.enter(Connection(self, connection, address, settings, **options))
        else:
            self._turn_away(connection, address[0])

    def getsockname(self) -> tuple[str, str]:
        """Return where it listens, as waitress shows it to the application; a unix socket has no address."""
        return (UNIX_SOCKET, "0") if self.family == socket.AF_UNIX else super().getsockname()

    def fix_addr(self, address: Any) -> Any:
        """Return a peer's address; a unix socket's peer has none."""
        return (UNIX_SOCKET, 0) if self.family == socket.AF_UNIX else address

    def set_socket_options(self, connection: socket.socket) -> None:
        """Set TCP's options where it is TCP."""
        if self.family != socket.AF_UNIX:
            super().set_socket_options(connection)

    def add_task(self, connection: Connection) -> None:
        """Have the next request of a connection answered, unless its client has yet to read the answers before."""
        if connection.reads_slowly:
            connection.held = True
        else:
            self.task_dispatcher.add_task(connection)

    def stop_accepting(self) -> None:
        """Accept who has already connected, then refuse everybody else."""
        self._accept(self.adj.backlog)
        self.draining = True
        wasyncore.dispatcher.close(self)

    def leave_to_others(self) -> None:
        """Let in nobody more: other processes have the same socket, and who has connected already is theirs."""
        self.draining = True
        wasyncore.dispatcher.close(self)

    def _accept(self, most: int) -> None:
        for _ in range(most):
            before = self._came
            super().handle_accept()
            if self._came == before:
                break

    def _turn_away(self, connection: socket.socket, address: str) -> None:
        self._warn(address)
        connection.setblocking(False)
        with suppress(OSError):  # it is gone already
            connection.send(no_room())  # a new connection takes as much as this at once
        if len(self._turned_away) >= MAX_TURNED_AWAY:
            self._turned_away.popleft().close()
        self._turned_away.append(LingeringClose(connection, self._map))

    def _warn(self, address: str) -> None:
        """Say that there was no room, every ten seconds at most: a flood must not fill the log as well."""
        self._unsaid += 1
        if (now := time.monotonic()) - self._said_at >= _WARNING_SECONDS:
            _log.warning("connections_refused", count=self._unsaid, address=address)
            self._unsaid, self._said_at = 0, now
