"""What the web server answers by itself, without the application: problem+json, in words for a student."""

import json
import re
import uuid
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus

from schediora.errors import SchedioraError, Unavailable
from schediora.http.errors import PROBLEM_JSON, RETRY_SECONDS, BodyTooLarge, Malformed, RequestTimedOut, problem
from schediora.http.headers import FIXED

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_OLD_APP = "Your app sent this in a way that is not supported. Please update the app."
_WORDS: dict[HTTPStatus, SchedioraError] = {
    HTTPStatus.BAD_REQUEST: Malformed("Your app sent something that could not be read. Please try again."),
    HTTPStatus.REQUEST_TIMEOUT: RequestTimedOut(),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BodyTooLarge(
        "This is too much to send at once. Please shorten it and try again."
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: Malformed(
        "Your app sent too much along with this request. Please restart the app and try again."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: SchedioraError(),
    HTTPStatus.NOT_IMPLEMENTED: Malformed(_OLD_APP),
    HTTPStatus.SERVICE_UNAVAILABLE: Unavailable(),
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED: Malformed(_OLD_APP),
}
"""What the student reads for each status that the web server answers by itself."""


class Refused(Exception):
    """The request cannot be read; its status and the reason, which is for the log."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.code = status
        self.reason = reason


def malformed(reason: str) -> Refused:
    """Return the refusal of what is not HTTP (RFC 9112)."""
    return Refused(HTTPStatus.BAD_REQUEST, reason)


def request_id_of(headers: Mapping[str, str]) -> str:
    """Return the id that the client gave its request in `X-Request-ID`, or a new one."""
    given = headers.get("X_REQUEST_ID", "")
    return given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


def refusal(status: HTTPStatus, request_id: str) -> tuple[list[tuple[str, str]], bytes]:
    """Return the headers and the body that answer `status`; without Content-Length, Connection and Date."""
    document = problem(_WORDS[status], request_id) | {"status": int(status), "title": status.phrase}
    headers = [("Content-Type", PROBLEM_JSON), ("Cache-Control", "no-store"), ("X-Request-ID", request_id), *FIXED]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(RETRY_SECONDS)))
    return headers, json.dumps(document).encode()


def no_room() -> bytes:
    """Return the whole answer, 503, for a connection that is one too many; its request is not waited for."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers, body = refusal(status, str(uuid.uuid4()))
    headers += [("Connection", "close"), ("Content-Length", str(len(body))), ("Date", formatdate(usegmt=True))]
    lines = [f"HTTP/1.1 {int(status)} {status.phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + body
