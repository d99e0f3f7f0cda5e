"""One connection of the HTTP server: what waitress does with it, mended where a phone would notice.

HEAD has no body, a refusal is problem+json, no 100-continue is sent for what is refused, and the connection of a
refused request lingers (RFC 9112, section 9.6) so that the refusal reaches a client that is still sending.
"""

# waitress has no type hints, and the stubs published for it contradict its source.
# mypy: disable-error-code=import-untyped
# mypy: allow-subclassing-any

import json
import re
import socket
import time
import uuid
from contextlib import suppress
from http import HTTPStatus

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import BadRequest

from schediora.errors import SchedioraError
from schediora.http.errors import PROBLEM_JSON, BodyTooLarge, Malformed, problem
from schediora.log import get_logger

_MAX_CHUNK_LINE_BYTES = 4096
_LINGER_SECONDS = 5.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_REFUSALS: dict[int, SchedioraError] = {
    400: Malformed("Your app sent something that could not be read. Please try again."),
    413: BodyTooLarge("This is too much to send at once. Please shorten it and try again."),
    431: Malformed("Your app sent too much along with this request. Please restart the app and try again."),
    500: SchedioraError(),
    501: Malformed("Your app sent this in a way that is not supported. Please update the app."),
}
"""What the student reads for each status that waitress answers by itself."""

_log = get_logger(__name__)


class _Parser(HTTPRequestParser):
    """Reads one request, also one that was made to break its reader."""

    command = ""
    path = ""

    def received(self, data: bytes) -> int:
        try:
            consumed = int(super().received(data))
        except ValueError:  # of a URL or a length that Python itself refuses; the connection would close without a word
            self._refuse("unreadable request line or length")
            return len(data)
        if self.chunked and not self.completed:
            unfinished_line = len(self.body_rcv.control_line) + len(self.body_rcv.trailer)
            if unfinished_line > _MAX_CHUNK_LINE_BYTES:  # searched anew with every packet, so it must stay short
                self._refuse("chunk header or trailer too long")
        if self.completed:  # asking for a body after this would wait for ever
            self.expect_continue = False
        return consumed

    def _refuse(self, reason: str) -> None:
        self.error = BadRequest(reason)
        self.completed = True
        self.expect_continue = False


class _Answer(Task):
    """What all answers share: HEAD gets no body, and the last answer of a draining server says so."""

    def build_response_header(self) -> bytes:
        if self.channel.server.draining and len(self.channel.requests) <= 1:
            self.request.headers["CONNECTION"] = "close"
        header = bytes(super().build_response_header())
        if self.request.command == "HEAD":
            self.chunked_response = False
        return header

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)


class _ApplicationAnswer(_Answer, WSGITask):
    """The application's answer."""


class _Refusal(_Answer, ErrorTask):
    """Waitress's answer, when a request cannot be read or the application raised: problem+json."""

    def execute(self) -> None:
        asked = self.channel.requests[0] if self.channel.requests else self.request
        self.channel.lingers = asked is self.request  # else the application had the whole request
        self.request.command = asked.command
        status = self.request.error.code
        title = HTTPStatus(status).phrase
        given_id = asked.headers.get("X_REQUEST_ID", "")
        request_id = given_id if _REQUEST_ID.fullmatch(given_id) else str(uuid.uuid4())
        document = problem(_REFUSALS[status], request_id) | {"status": status, "title": title}
        body = json.dumps(document).encode()
        self.status = f"{status} {title}"
        self.response_headers += [
            ("Content-Type", PROBLEM_JSON),
            ("Cache-Control", "no-store"),
            ("X-Request-ID", request_id),
        ]
        self.content_length = len(body)
        self.set_close_on_finish()
        _log.info("request_refused", status=status, request_id=request_id)
        self.write(body)


class Connection(HTTPChannel):
    """An open connection with what was asked on it and not yet answered."""

    task_class = _ApplicationAnswer
    error_task_class = _Refusal
    parser_class = _Parser
    lingers = False
    """Whether the client may still be sending when it is closed."""
    socket: socket.socket | None

    @property
    def idle(self) -> bool:
        """Whether nothing is being received, worked on or sent."""
        # The order matters: a thread appends its answer before it removes the request.
        return not (self.requests or self.request or self.total_outbufs_len)

    def handle_close(self) -> None:
        """Close it, or leave the socket to a farewell."""
        if not self.lingers or self.socket is None:
            super().handle_close()
            return
        kept, self.socket = self.socket, None
        super().handle_close()
        LingeringClose(kept, self._map)


class LingeringClose(wasyncore.dispatcher):
    """A connection that was answered before all was read.

    It reads on for a while: closing it with unread data would make the system reset it, and the answer be lost.
    """

    idle = False
    lingers = True

    def __init__(self, connection: socket.socket, sockets: dict[int, wasyncore.dispatcher]) -> None:
        super().__init__(connection, sockets)
        self.connected = True
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


class Listener(TcpWSGIServer):
    """A listening socket and the connections that came by it."""

    channel_class = Connection
    draining = False

    def stop_accepting(self) -> None:
        """Accept who has already connected, then refuse everybody else."""
        for _ in range(self.adj.backlog):
            before = len(self._map)
            self.handle_accept()
            if len(self._map) == before:
                break
        self.draining = True
        wasyncore.dispatcher.close(self)
