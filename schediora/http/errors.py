"""The one place that speaks status: every error, whoever raises it, becomes `application/problem+json` (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

import falcon
from playhouse.pool import MaxConnectionsExceeded

from schediora import log
from schediora.audit import Audit
from schediora.db.database import UNREACHABLE
from schediora.db.outages import Outages, disk_is_full
from schediora.errors import (
    Code,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    SchedioraError,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from schediora.http.client_address import network_of
from schediora.rate_limits.limit import LimitReached

_log = log.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
DETAIL_CHARACTERS = 200
"""The app shows `detail` and nothing else, on a phone's screen."""
RETRY_SECONDS = 2


class Malformed(SchedioraError):
    """The request could not be read: it is not valid JSON."""

    code = Code.MALFORMED_REQUEST


class BodyTooLarge(SchedioraError):
    """The request is too large: a body may have at most 64 KiB."""

    code = Code.BODY_TOO_LARGE


class UnsupportedMediaType(SchedioraError):
    """The request must be JSON, with the header Content-Type: application/json."""

    code = Code.UNSUPPORTED_MEDIA_TYPE


class RequestTimedOut(SchedioraError):
    """Sending this took too long. Please check your connection and try again."""

    code = Code.REQUEST_TIMEOUT


class MethodNotAllowed(SchedioraError):
    """This address does not offer that action."""

    code = Code.METHOD_NOT_ALLOWED


class NoSuchAddress(NotFound):
    """There is nothing at this address."""


class StorageFull(Unavailable):
    """Schediora cannot save anything right now. Please try again in a few minutes."""


class NotReady(Unavailable):
    """Schediora is not ready to serve yet."""

    code = Code.NOT_READY
    members = {
        "checks": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "What was looked at, and how it is.",
            "examples": [{"database": "ok", "migrations": "pending", "queue": "ok"}],
        }
    }


_STATUS: tuple[tuple[type[SchedioraError], int], ...] = (
    (Malformed, 400),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (MethodNotAllowed, 405),
    (RequestTimedOut, 408),
    (Conflict, 409),
    (Gone, 410),
    (BodyTooLarge, 413),
    (UnsupportedMediaType, 415),
    (Invalid, 422),
    (TooManyRequests, 429),
    (Unavailable, 503),
    (SchedioraError, 500),
)

_OF_FALCON: dict[int, type[SchedioraError]] = {404: NoSuchAddress, 405: MethodNotAllowed}


def status_of(kind: type[SchedioraError]) -> int:
    """Return the HTTP status that errors of `kind` answer."""
    return next(status for base, status in _STATUS if issubclass(kind, base))


def problem(error: SchedioraError, request_id: str) -> dict[str, Any]:
    """Return the members of the problem document for `error`."""
    status = status_of(type(error))
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.detail[:DETAIL_CHARACTERS],
        "code": str(error.code),
        "request_id": request_id,
        **error.extra,
    }


def install(app: "falcon.App[Any, Any]", outages: Outages, audit: Audit) -> None:
    """Make `app` answer every exception as a problem, note in `outages` those that are the database's, and in `audit`
    the limits that are reached.
    """

    def unreachable(req: Any, resp: Any, error: Exception, params: Any) -> None:
        outages.failed(error)
        _ours(req, resp, StorageFull() if disk_is_full(error) else Unavailable(), params)

    def limited(req: Any, resp: Any, error: LimitReached, params: Any) -> None:
        context = req.context
        audit.limit_reached(
            error.limit.name,
            error.limit.seconds,
            of=error.account or context.user_id or network_of(context.address),
            now=context.now,
            outcome=str(error.code),
            user_id=context.caller.user_id if context.user_id else None,
            email=error.account,
        )
        _ours(req, resp, error, params)

    def unexpected(req: Any, resp: Any, error: Exception, params: Any) -> None:
        if disk_is_full(error):
            unreachable(req, resp, error, params)
            return
        # The traceback goes to the log and nowhere else.
        _log.error("unexpected_error", exc_info=error)
        _ours(req, resp, SchedioraError(), params)

    app.add_error_handler(Exception, unexpected)
    app.add_error_handler(falcon.HTTPError, _falcons)
    app.add_error_handler(MaxConnectionsExceeded, unreachable)
    for kind in UNREACHABLE:
        app.add_error_handler(kind, unreachable)
    app.add_error_handler(SchedioraError, _ours)
    app.add_error_handler(LimitReached, limited)


def _ours(req: Any, resp: Any, error: SchedioraError, _params: Any) -> None:
    status = status_of(type(error))
    resp.status = status
    resp.content_type = PROBLEM_JSON
    resp.data = json.dumps(problem(error, req.context.request_id)).encode()
    resp.set_header("Cache-Control", "no-store")
    req.context.code = str(error.code)
    if status == 401:
        resp.set_header("WWW-Authenticate", "Bearer")
    if error.retry_after is not None or status in (429, 503):
        resp.set_header("Retry-After", str(error.retry_after or RETRY_SECONDS))
    if isinstance(error, LimitReached):
        # draft-ietf-httpapi-ratelimit-headers-10: the quota and its window, what is left of it, and for how long.
        limit = error.limit
        resp.set_header("RateLimit-Policy", f'"{limit.name}";q={limit.most};w={limit.seconds}')
        resp.set_header("RateLimit", f'"{limit.name}";r=0;t={error.retry_after}')


def _falcons(req: Any, resp: Any, error: falcon.HTTPError, params: Any) -> None:
    status = falcon.http_status_to_code(error.status)
    for name, value in dict(error.headers or {}).items():
        resp.set_header(name, value)
    kind = _OF_FALCON.get(status, Malformed if status < 500 else SchedioraError)
    _ours(req, resp, kind("The request could not be read." if kind is Malformed else None), params)
