"""A connection that is closed only once its client has had time to read the answer (RFC 9112, section 9.6)."""

# waitress has no type hints, and the stubs published for it contradict its source.
# mypy: disable-error-code=import-untyped
# mypy: allow-subclassing-any

import socket
import time
from collections.abc import Callable
from contextlib import suppress

from waitress import wasyncore

_LINGER_SECONDS = 5.0


class LingeringClose(wasyncore.dispatcher):
    """A connection that was answered before all was read.

    It reads on for a while: closing it with unread data would make the system reset it, and the answer be lost.
    """

    idle = False
    at_rest = False
    lingers = True

    def __init__(
        self,
        connection: socket.socket,
        sockets: dict[int, wasyncore.dispatcher],
        *,
        gone: Callable[[], None] = lambda: None,
    ) -> None:
        """Take over `connection`, and call `gone` when it is closed."""
        super().__init__(connection, sockets)
        self.connected = True
        self._gone = gone
        self._until = time.monotonic() + _LINGER_SECONDS
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)

    def readable(self) -> bool:
        """Whether to read on; the loop asks at every turn, so the time limit is kept here."""
        if time.monotonic() > self._until:
            self.close()
        return self.socket is not None

    def writable(self) -> bool:
        """Whether there is something to send: never."""
        return False

    def handle_read(self) -> None:
        """Throw away what has arrived."""
        self.recv(64 * 1024)

    def handle_close(self) -> None:
        """Close it: the client is gone."""
        self.close()

    def close(self) -> None:
        """Close it."""
        super().close()
        self._gone()
