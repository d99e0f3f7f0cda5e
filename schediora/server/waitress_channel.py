"""One connection of the HTTP server: what waitress does with it, mended where a phone would notice.

HEAD has no body, a refusal is problem+json, a request that takes too long is ended with one, and the connection of a
refused request lingers (RFC 9112, section 9.6) so that the refusal reaches a client that is still sending.
"""

# waitress has no type hints, and the stubs published for it contradict its source.
# mypy: disable-error-code=import-untyped
# mypy: allow-subclassing-any

import functools
import socket
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, Task, WSGITask

from schediora.http.client_address import network_of
from schediora.http.lanes import LONGEST_WAIT_SECONDS, OVERLOADED, WAITS_UNTIL
from schediora.log import get_logger
from schediora.server.refusals import Refused, refusal, request_id_of
from schediora.server.request_reader import RequestReader
from schediora.server.waitress_lingering import LingeringClose

_MOST_UNSENT = 256 * 1024
"""Bytes of answers that a client may have left unread when its next request on that connection is begun."""
_LENGTH = "Content-Length"

_log = get_logger(__name__)


class _Answer(Task):
    """What all answers share: HEAD gets no body, and the last answer of a draining server says so."""

    wrote_header: bool

    def build_response_header(self) -> bytes:
        """Return the head. Unlike waitress's it leaves a connection open after an answer without a body (204, 304)."""
        channel = self.channel
        has_body = self.has_body
        length = self.content_length if has_body else None
        asked = self.request.headers.get("CONNECTION", "").lower()
        last = asked == "close" or (channel.server.draining and len(channel.requests) <= 1)
        if self.version == "1.0":
            stays = asked == "keep-alive" and not last and length is not None
        else:
            stays = not last and (length is not None or not has_body)
        if not stays:
            self.set_close_on_finish()
        lines = [f"HTTP/{self.version} {self.status}"]
        said = [(_spelt(name), value) for name, value in self.response_headers]
        lines += [f"{name}: {value}" for name, value in said if name != _LENGTH]
        if length is not None:
            lines.append(f"{_LENGTH}: {length}")
        elif has_body and self.version == "1.1":
            lines.append("Transfer-Encoding: chunked")
            self.chunked_response = self.request.command != "HEAD"
        if stays and self.version == "1.0":
            lines.append("Connection: Keep-Alive")
        lines += [f"Date: {_date(int(self.start_time))}", "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def write(self, data: bytes) -> None:
        """Send what the application gives; the head and what comes with it in one go, as each sending costs."""
        given = b"" if self.request.command == "HEAD" else data
        length = self.content_length
        if self.wrote_header or not given or not self.has_body or length is None or len(given) > length:
            super().write(given)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written += len(given)
        self.channel.write_soon(head + given)


class _ApplicationAnswer(_Answer, WSGITask):
    """The application's answer."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[WAITS_UNTIL] = self.channel.asked_at + LONGEST_WAIT_SECONDS
        if self.channel.overloaded:
            environ[OVERLOADED] = True
        return environ


class _Refusal(_Answer, ErrorTask):
    """Waitress's answer, when a request cannot be read or the application raised: problem+json."""

    def execute(self) -> None:
        asked = self.channel.requests[0] if self.channel.requests else self.request
        self.channel.lingers = asked is self.request  # else the application had the whole request
        self.request.command = asked.command
        error = self.request.error
        status = HTTPStatus(error.code)
        request_id = request_id_of(asked.headers)
        headers, body = refusal(status, request_id)
        self.status = f"{int(status)} {status.phrase}"
        self.response_headers += headers
        self.content_length = len(body)
        self.set_close_on_finish()
        said = {"status": int(status), "address": self.channel.addr[0], "request_id": request_id}
        if isinstance(error, Refused):
            _log.info("request_refused", reason=error.reason, **said)
        else:
            _log.error("request_refused", reason="the application raised", **said)
        self.write(body)


class Connection(HTTPChannel):
    """An open connection with what was asked on it and not yet answered."""

    task_class = _ApplicationAnswer
    error_task_class = _Refusal
    lingers = False
    """Whether the client may still be sending when it is closed."""
    asked_at = 0.0
    overloaded = False
    held = False
    """Whether its next request waits until the client has read more of the answers before it."""
    socket: socket.socket | None
    request: RequestReader | None = None
    _was_wanted = True

    def parser_class(self, _settings: Adjustments) -> RequestReader:
        """Return what reads the next request."""
        return RequestReader(self.server.limits)

    @property
    def network(self) -> str:
        """What counts as one client."""
        return network_of(self.addr[0])

    @property
    def at_rest(self) -> bool:
        """Whether nothing is being received, worked on or sent."""
        # The order matters: a thread appends its answer before it removes the request.
        return not (
            self.requests or self.request or self.total_outbufs_len or self.close_when_flushed or self.will_close
        )

    @property
    def idle(self) -> bool:
        """Whether it is at rest, and nothing has arrived unread."""
        return self.socket is not None and self.at_rest and not _has_unread(self.socket)

    @property
    def reads_slowly(self) -> bool:
        """Whether so much is still to be sent that nothing more is worked out."""
        return bool(self.total_outbufs_len > _MOST_UNSENT)

    @property
    def vanished(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return not self.connected or self.socket is None or _has_hung_up(self.socket)

    def check_client_disconnected(self) -> bool:
        """Say the same to the application."""
        return self.vanished

    def readable(self) -> bool:
        """Whether to read on; the loop asks at every turn, so the time limits are kept here."""
        if (self.total_outbufs_len or self.held) and not self._is_read():
            return False
        wanted = bool(super().readable())
        request = self.request
        if request is not None:
            if not (wanted and self._was_wanted):  # it was not read meanwhile
                request.restart_clock()
            elif request.is_late():
                self._give_up(request)
        self._was_wanted = wanted
        return wanted

    def writable(self) -> bool:
        """Whether the loop has something to send. A thread that answers sends by itself, and wakes the loop afterwards.

        Were the loop to look at what is being sent, it would turn without a pause and keep the interpreter from the
        very thread that sends.
        """
        if not super().writable() or not self.outbuf_lock.acquire(blocking=False):
            return False
        self.outbuf_lock.release()
        return True

    def handle_close(self) -> None:
        """Close it, or leave the socket to somebody who reads on for a while."""
        if not self.lingers or self.socket is None:
            super().handle_close()
            self.server.crowd.leave(self)
            return
        kept, self.socket = self.socket, None
        super().handle_close()
        LingeringClose(kept, self._map, gone=lambda: self.server.crowd.leave(self))

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Keep no thread waiting for a reader, as waitress would; the next request waits instead."""

    def _is_read(self) -> bool:
        """Tell whether the client reads its answers, and go on with its next request once it has read enough.

        Close it where it has read nothing for too long. Waitress would wait until something can be sent.
        """
        if time.time() - self.last_activity > self.adj.channel_timeout:
            self.lingers = False
            self.handle_close()
            return False
        if self.held and not self.reads_slowly:
            self.held = False
            self.server.add_task(self)
        return True

    def _give_up(self, request: RequestReader) -> None:
        """Answer a request that has not arrived in its time, as if this were all of it."""
        with self.requests_lock:
            if self.request is request and not self.will_close:
                request.refuse(Refused(HTTPStatus.REQUEST_TIMEOUT, "it did not arrive in time"))
                self.request = None
                self.requests.append(request)
                self.server.add_task(self)


@functools.lru_cache(maxsize=1000)
def _spelt(name: str) -> str:
    """Return a field's name as it is usually written."""
    return "-".join(part.capitalize() for part in name.split("-"))


@functools.lru_cache(maxsize=8)
def _date(second: int) -> str:
    """Return a second since 1970 as HTTP writes it, once for all answers of it."""
    return formatdate(second, usegmt=True)


def _has_hung_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _has_unread(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except OSError:
        return False
