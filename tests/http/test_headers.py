"""What every answer tells browsers and caches, whatever was asked and whoever answers."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pytest
from falcon.testing import TestClient

from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.queue import Queue
from schediora.server.refusals import no_room
from schediora.settings.loading import load
from schediora.settings.values import Settings
from schediora.web.assets import load_assets
from tests.client import PASSWORD, PREFIX, Api, FrozenClock
from tests.conftest import KEYS
from tests.http.conftest import Answered, Web
from tests.http.test_every_operation import operations

FIXED = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
NO_STORE, PRIVATE, PUBLIC = "no-store", "private, no-cache", "no-cache"
SECRETS = {
    *("/auth/register", "/auth/login", "/auth/refresh", "/auth/logout"),
    *("/users/password", "/users/me/calendar", "/users/me/export"),
}
"""What answers tokens, an address that is one, or all that a student has."""
NO_PAGE = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
YEAR = "max-age=31536000; includeSubDomains"


class Said(Protocol):
    """Headers, by name in whatever case; None for one that is not there."""

    def __getitem__(self, name: str, /) -> Any: ...


def faults(said: Said, caching: str, *, private: bool = False, page: bool = False) -> Iterator[str]:
    expected = {**FIXED, "Cache-Control": caching}
    for name, value in expected.items():
        if said[name] != value:
            yield f"{name}: {said[name]}"
    if private and {part.strip() for part in (said["Vary"] or "").split(",")} != {"Authorization", "Origin"}:
        yield f"Vary: {said['Vary']}"
    policy = said["Content-Security-Policy"] or ""
    if {*NO_PAGE.split("; ")} - {*policy.split("; ")} or (policy == NO_PAGE) == page:
        yield f"Content-Security-Policy: {policy}"


def calls(web: Web) -> Iterator[tuple[str, str, Answered, bool]]:
    """Yield all that the document lists, asked well where that needs nothing, without a token, with what is too much
    and with a parameter that nobody knows; and whether one must be signed in for it.
    """
    for method, path, described in operations(web.call("GET", "/openapi.json").json):
        private, body = bool(described["security"]), b"{}" if "requestBody" in described else None
        kind = next(iter(described.get("requestBody", {}).get("content", {"": ""})))
        asked: list[tuple[str, Any]] = [
            ("as it is", web.call(method, path, body, kind=kind)),
            ("with a parameter", web.call(method, f"{path}?x=1", body, kind=kind)),
            ("without a token", web.call(method, path, body, kind=kind, token=None)),
        ]
        if body:
            asked.append(("too large", web.call(method, path, b" " * 2_000_000, kind=kind)))
            asked.append(("of no type", web.call(method, path, body, kind="a/b")))
        if method == "GET":
            asked.append(("HEAD", web.call("HEAD", path)))
        for how, answer in asked:
            yield f"{method} {path} {how}: {answer.status}", path, answer, private
        yield f"BREW {path}", path, web.call("BREW", path), False


def test_every_answer_of_every_call_says_who_may_keep_it(web: Web) -> None:
    wrong, met = [], set()
    for called, path, answer, private in calls(web):
        good = PRIVATE if private else PUBLIC
        secret = path in SECRETS and answer.status < 300 and not (path.endswith("calendar") and answer.status == 204)
        caching = NO_STORE if answer.status >= 400 or secret else good
        ours = answer.status != 413  # which the server answers, before anybody knows the call
        wrong += [f"{called} {fault}" for fault in faults(answer.headers, caching, private=private and ours)]
        met.add((answer.status, caching))
    assert wrong == []
    assert {(200, PRIVATE), (200, PUBLIC), (201, NO_STORE), (204, PRIVATE), (401, NO_STORE)} <= met
    assert {status for status, _ in met} >= {200, 201, 204, 401, 404, 405, 413, 415, 422}


def test_tokens_are_for_nobody_to_keep(web: Web) -> None:
    account = json.dumps({"email": "web@example.com", "password": PASSWORD}).encode()
    pair = web.call("POST", "/auth/login", account)
    again = json.dumps({"refresh_token": pair.json["refresh_token"]}).encode()
    change = json.dumps({"old_password": PASSWORD, "new_password": f"{PASSWORD} again"}).encode()
    for answer in (pair, web.call("POST", "/auth/refresh", again), web.call("PUT", "/users/password", change)):
        assert (answer.status, answer.headers["Cache-Control"]) == (200, NO_STORE)
        assert list(faults(answer.headers, NO_STORE)) == []


def test_what_has_not_changed_says_what_it_said_at_first(web: Web, api: Api) -> None:
    kept = ["/sessions", "/dashboard/summary", "/ai/plans/status/weekly", "/users/me", "/plans"]
    feed = web.call("POST", "/users/me/calendar").json["url"]
    for address in (*(PREFIX + path for path in kept), feed, "/", "/app.js"):
        headers = {"Authorization": f"Bearer {web.token}"}
        first = api.client.simulate_get(address, headers=headers)
        again = api.client.simulate_get(address, headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304), address
        said, repeated = dict(first.headers), dict(again.headers)
        for changing in ("content-type", "content-length", "x-request-id"):
            said.pop(changing, None)
            repeated.pop(changing, None)
        assert said == repeated, address


def test_pages_and_files_say_what_they_may_load(api: Api) -> None:
    for asset in load_assets():
        answer = api.client.simulate_get(asset.path)
        assert list(faults(_Case(answer.headers), PUBLIC, page=True)) == [], asset.path
    for method, path in (("GET", "/nowhere"), ("POST", "/"), ("GET", "/calendar/x.ics"), ("DELETE", "/docs")):
        answer = api.client.simulate_request(method, path)
        assert answer.status_code in (404, 405)
        assert list(faults(_Case(answer.headers), NO_STORE)) == [], path


class _Case(dict[str, Any]):
    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__((name.lower(), value) for name, value in headers.items())

    def __getitem__(self, name: str) -> Any:
        return self.get(name.lower())


@pytest.mark.parametrize(
    "request_text",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 300_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /api/v1/plans HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n",
    ],
    ids=["400", "505", "431", "501", "413"],
)
def test_what_the_server_refuses_by_itself_says_it_too(web: Web, request_text: bytes) -> None:
    answer = web.raw(request_text)
    assert answer.status >= 400
    assert list(faults(answer.headers, NO_STORE)) == []


def test_a_connection_that_is_one_too_many_is_told_so_too() -> None:
    head, _, _ = no_room().decode().partition("\r\n\r\n")
    said = _Case(dict(line.split(": ", 1) for line in head.split("\r\n")[1:]))
    assert list(faults(said, NO_STORE)) == []


def test_browsers_are_told_to_come_by_tls_once_they_have(
    settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher
) -> None:
    def told(headers: dict[str, str], peer: str = "127.0.0.1", **changed: str) -> str | None:
        given = {"database.url": settings.database_url, "data_dir": settings.data_dir}
        server = {f"server.{name}": value for name, value in changed.items()}
        own = load(overrides={**given, **server}).settings
        app = create_app(own, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
        answers = [
            TestClient(app).simulate_get(path, headers=headers, remote_addr=peer).headers
            for path in ("/", "/nowhere", f"{PREFIX}/users/me", f"{PREFIX}/health/live")
        ]
        (said,) = {answer.get("strict-transport-security") for answer in answers}
        return said

    assert told({}) is None
    for headers in (
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "HTTPS, http"},
        {"Forwarded": 'for=192.0.2.1;proto="https", for=10.0.0.1;proto=http'},
    ):
        assert told(headers) == YEAR, headers
        assert told(headers, peer="192.0.2.7") is None, headers
        assert told(headers, strict_transport_security="") is None
    for headers in ({"X-Forwarded-Proto": "http"}, {"Forwarded": "for=192.0.2.1;proto=http"}):
        assert told(headers) is None
    assert told({}, public_url="https://study.example.org") == YEAR
    assert told({}, public_url="https://study.example.org", strict_transport_security="max-age=60") == "max-age=60"
