"""Reads one request from a connection, within limits: bytes of the head, bytes of the body, seconds for each."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO

from schediora.http.operation import MAX_BODY_BYTES
from schediora.server.refusals import Refused, malformed
from schediora.server.request_body import Body, ChunkedBody, MeasuredBody
from schediora.server.request_head import Head, read_head

_END_OF_HEAD = b"\r\n\r\n"
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


def _no_larger_bodies(_head: Head) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take before anybody is known to have sent it."""

    head_bytes: int = 32 * 1024
    head_seconds: float = 20.0
    """From its first byte."""
    body_bytes: int = 256 * 1024
    """Far above the application's own limit, so that the application words the refusal of what is merely too long."""
    body_seconds: float = 60.0
    """For all of it, from the end of the head."""
    kept_bytes: int = MAX_BODY_BYTES
    """What the application reads; of a longer body it gets one byte more, and refuses it."""
    larger_body: Callable[[Head], int] = _no_larger_bodies
    """How many bytes this request's body may have; asked before more of it than `kept_bytes` is read.

    It answers 0 unless the head carries a valid token for an operation that takes more, and must not wait for anything:
    all connections wait with it.
    """


class RequestReader:
    """One request: fed with bytes until it is `completed`, well (`error` is None) or not.

    The names of its attributes are waitress's, which builds the application's environment from them.
    """

    completed = False
    empty = False
    """Whether it was no request at all: line ends after the request before (RFC 9112, section 2.2)."""
    headers_finished = False
    expect_continue = False
    error: Refused | None = None
    version = "1.0"
    command = ""
    request_uri = ""
    path = ""
    query = ""
    url_scheme = "http"

    def __init__(self, limits: Limits) -> None:
        self.headers: dict[str, str] = {}
        self._limits = limits
        self._arrived = b""
        """Of the head."""
        self._head: Head | None = None
        self._body: Body | None = None
        self._most_bytes = limits.body_bytes
        self._asked_for_more = False
        self._between_chunks = 0
        """Bytes of chunk headers and trailers."""
        self._since = time.monotonic()

    def received(self, data: bytes) -> int:
        """Read on; return how many bytes of `data` belong to this request."""
        if self.completed:
            return 0
        try:
            taken = self._read_head(data) if self._head is None else 0
            if self._head is not None and self._body is not None:
                taken += self._read_body(self._head, self._body, data[taken:])
        except Refused as refused:
            self.refuse(refused)
            return len(data)
        if self.completed:
            self.expect_continue = False  # asking for a body after this would wait for ever
        return taken

    def refuse(self, why: Refused) -> None:
        """End it with an error."""
        self.error = why
        self.completed = True
        self.expect_continue = False

    def is_late(self) -> bool:
        """Tell whether the head or the body has had its time."""
        limits = self._limits
        allowed = limits.body_seconds if self.headers_finished else limits.head_seconds
        return time.monotonic() - self._since > allowed

    def restart_clock(self) -> None:
        """Give the head or the body its whole time again."""
        self._since = time.monotonic()

    def get_body_stream(self) -> BytesIO:
        """Return the body, from its beginning."""
        if self._body is None:
            return BytesIO()
        self._body.file.seek(0)
        return self._body.file

    def close(self) -> None:
        """Let go of the body."""
        self._body = None

    def _read_head(self, data: bytes) -> int:
        blank = 0 if self._arrived else len(data) - len(data.lstrip(b"\r\n"))
        if blank == len(data):
            self.empty = self.completed = True
            return blank
        before = len(self._arrived)
        self._arrived += data[blank:]
        end = self._arrived.find(_END_OF_HEAD, max(0, before - len(_END_OF_HEAD) + 1))
        if (len(self._arrived) if end < 0 else end) >= self._limits.head_bytes:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is too long")
        if end < 0:
            if _BARE_LINE_FEED.search(self._arrived, before):
                raise malformed("a line feed alone")  # its sender takes the head for ended and waits for an answer
            return len(data)
        end += len(_END_OF_HEAD)
        self._begin(read_head(self._arrived[:end]))
        self._arrived = b""
        return blank + end - before

    def _begin(self, head: Head) -> None:
        """Take over what the head says and get ready for the body."""
        self._head = head
        self.headers_finished = True
        self.headers = dict(head.fields)
        self.headers["CONNECTION"] = "close" if head.closes else "keep-alive"
        self.version, self.command = head.version, head.method
        self.request_uri, self.path, self.query = head.target, head.path, head.query
        self.expect_continue = head.version == "1.1" and head.fields.get("EXPECT", "").lower() == "100-continue"
        self.restart_clock()
        kept = self._limits.kept_bytes + 1
        if head.chunked or head.length:
            body = ChunkedBody(kept) if head.chunked else MeasuredBody(head.length, kept)
            self._limit(head, body, head.length)
            self._body = body
        else:
            self.completed = True

    def _limit(self, head: Head, body: Body, expected: int) -> None:
        """Hold `body` against its limit; ask for a larger one before as many bytes as `expected` are not all kept."""
        limits = self._limits
        if expected > limits.kept_bytes and not self._asked_for_more:
            self._asked_for_more = True
            larger = limits.larger_body(head)
            body.kept_bytes = max(body.kept_bytes, larger + 1)
            self._most_bytes = max(self._most_bytes, larger)
        if body.announced > self._most_bytes:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too long")

    def _read_body(self, head: Head, body: Body, data: bytes) -> int:
        self._limit(head, body, body.size + len(data))
        before = body.size
        taken = body.received(data)
        self._limit(head, body, body.announced)
        self._between_chunks += taken - (body.size - before)
        if self._between_chunks > self._limits.body_bytes:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too much between the chunks")
        if body.completed:
            self.completed = True
            self.headers["CONTENT_LENGTH"] = str(body.size)
        return taken
