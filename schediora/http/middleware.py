"""What happens around every call: its id, its moment, its connection, who is calling, and its line in the log."""

import functools
import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import falcon
from uuid_utils import uuid4

from schediora import log
from schediora.clock import Clock
from schediora.db.database import UNREACHABLE, Database
from schediora.errors import Code, Unauthenticated, Unavailable
from schediora.http.caller import Arrival
from schediora.http.client_address import TrustedProxies
from schediora.http.comeback import Comeback
from schediora.http.lanes import OVERLOADED
from schediora.http.limiting import CallLimits
from schediora.http.operation import Request, Response, operation_asked
from schediora.metrics.measurements import UNMEASURED, Measurements

_METHODS = frozenset(falcon.HTTP_METHODS)
OUR_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""What is offered somewhere, and so written to the log; a stranger's method can be any text."""
SECRET_ADDRESSES = "/calendar/"
"""What lies below is known to one student alone: it goes to nobody else, and into no line of the log."""
USER_AGENT_CHARACTERS = 200
_OF_SECURITY = frozenset(
    {
        Code.INVALID_CREDENTIALS,
        Code.INVALID_REFRESH_TOKEN,
        Code.REFRESH_TOKEN_REUSED,
        Code.TOO_MANY_REQUESTS,
    }
)
"""Refusals that an operator wants to see many of: somebody may be trying doors."""
_NOT_ALLOWED = 405
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

Authenticate = Callable[[str, datetime], Arrival]
"""From an access token and the current instant to who is calling; raises Unauthenticated."""


class RequestLog:
    """Stamps the request's id, moment and client, answers HEAD like GET, and writes one log line a request.

    Headers are read from the WSGI environment: this is done for every call, and Falcon works their names out each time.
    """

    def __init__(self, clock: Clock, proxies: TrustedProxies, measurements: Measurements = UNMEASURED) -> None:
        self._clock = clock
        self._proxies = proxies
        self._measurements = measurements

    def process_request(self, req: Request, resp: Response) -> None:
        """Open the envelope."""
        context, env = req.context, req.env
        context.started = time.perf_counter()
        context.now = self._clock()
        context.address = self._proxies.client_of(
            req.remote_addr,
            forwarded_for=env.get("HTTP_X_FORWARDED_FOR"),
            forwarded=env.get("HTTP_FORWARDED"),
        )
        wanted = env.get("HTTP_X_REQUEST_ID")
        context.request_id = wanted if wanted and _REQUEST_ID.fullmatch(wanted) else str(uuid4())
        context.client = _shown(env.get("HTTP_USER_AGENT", "")[:USER_AGENT_CHARACTERS])
        log.begin_call(context.request_id, context.address, context.client)
        resp.say({"x-request-id": context.request_id})
        if req.method == "HEAD":
            context.head, req.method = True, "GET"

    def process_resource(self, req: Request, _resp: falcon.Response, resource: object, _params: dict[str, Any]) -> None:
        """Refuse what is too much, and a method that nobody has heard of with the list of those that are offered, where
        Falcon would say 400.
        """
        if OVERLOADED in req.env:
            raise Unavailable()
        if req.method not in _METHODS:
            raise falcon.HTTPMethodNotAllowed([name for name in OUR_METHODS if hasattr(resource, f"on_{name.lower()}")])

    def process_response(self, req: Request, resp: falcon.Response, _resource: object, _succeeded: bool) -> None:
        """Close the envelope; the route's template is logged, never the path or the query."""
        context = req.context
        if context.head:
            req.method = "HEAD"
        status = falcon.http_status_to_code(resp.status)
        if (req.method == "OPTIONS" or status == _NOT_ALLOWED) and (allowed := resp.get_header("Allow")):
            # Falcon counts the responders alone.
            resp.set_header("Allow", allowed.replace("GET", "GET, HEAD"))
        seconds = time.perf_counter() - context.started
        method = req.method if req.method in OUR_METHODS else "other"
        route = _route(req.uri_template)
        self._measurements.request(method, route, status, seconds)
        log.request_done(
            _level(status, context.code),
            request_id=context.request_id,
            address=context.address,
            method=method,
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
            user_id=context.user_id,
            user_agent=context.client,
            code=context.code,
        )
        log.end_call()


class Authentication:
    """Holds a database connection for the call and finds out who is calling, unless the operation is public."""

    def __init__(self, database: Database, comeback: Comeback, authenticate: Authenticate, limits: CallLimits) -> None:
        self._database = database
        self._comeback = comeback
        self._authenticate = authenticate
        self._limits = limits

    def process_resource(self, req: Request, _resp: falcon.Response, resource: object, _params: dict[str, Any]) -> None:
        """Let the caller in, or raise Unauthenticated, or LimitReached for who calls too often."""
        context = req.context
        record = context.operation = operation_asked(resource, req.method)
        if record is None:
            if not hasattr(resource, f"on_{req.method.lower()}"):
                self._limits.astray(req)
            return
        context.await_database = self._comeback.wait
        if record.public:
            self._limits.public(req, record)
        while True:
            try:
                if record.database:
                    self._database.connect(reuse_if_open=True)
                if not record.public:
                    arrival = self._authenticate(_bearer(req), context.now)
                    context.caller, context.state, context.sign_in = arrival.caller, arrival.state, arrival.sign_in
                break
            except Unauthenticated:
                self._limits.refused(req)
                raise
            except UNREACHABLE as problem:
                self._database.forget_writes()  # what was noted of the sign-in may be noted again
                self._comeback.wait(req, record, problem)
        self._database.forget_writes()
        if not record.public:
            self._limits.student(req, record)

    def process_response(self, req: Request, _resp: falcon.Response, _resource: object, succeeded: bool) -> None:
        """Give the connection back, whatever happened."""
        if not self._database.is_closed():
            self._database.close()
            if succeeded:
                self._comeback.succeeded(wrote=req.method != "GET")


def _level(status: int, code: str | None) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if code in _OF_SECURITY else logging.INFO


@functools.cache
def _route(template: str | None) -> str:
    """Return the template without Falcon's converters; there are as many as there are routes."""
    if template and template.startswith(SECRET_ADDRESSES):
        return f"{SECRET_ADDRESSES}..."
    return template.replace(":uuid}", "}") if template else "unmatched"


@functools.lru_cache(maxsize=1000)
def _shown(user_agent: str) -> str | None:
    """Return the start of a header that can be any text, without what does not print."""
    return "".join(filter(str.isprintable, user_agent)) or None


def _bearer(req: Request) -> str:
    scheme, _, token = str(req.env.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated()
    return token.strip()
