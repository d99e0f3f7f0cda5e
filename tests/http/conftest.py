import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any

import pytest

from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.queue import Queue
from schediora.server.listening import listen
from schediora.server.waitress_server import Server
from schediora.settings.values import Settings
from tests.client import PASSWORD, PREFIX, FrozenClock
from tests.conftest import KEYS

WAIT_SECONDS = 20.0
JSON = "application/json"


@dataclass(frozen=True)
class Answered:
    """What came back over the wire."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


class Web:
    """The API behind the real HTTP server, called as `http.client` sends it; every error must be one the app can
    show.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        account = {"email": "web@example.com", "password": PASSWORD}
        self.token = self.call("POST", "/auth/register", json.dumps(account).encode(), token=None).json["access_token"]

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        token: str | None = "",
        kind: str | None = JSON,
        **headers: str,
    ) -> Answered:
        """Send it below the prefix, as the student unless `token` is None; underscores in `headers` stand for
        hyphens.
        """
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if kind is not None and body is not None:
            sent["Content-Type"] = kind
        if token is not None:
            sent["Authorization"] = f"Bearer {token or self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=WAIT_SECONDS)
        try:
            connection.request(method, PREFIX + path, body=body, headers=sent)
            response = connection.getresponse()
            answered = Answered(response.status, response.headers, response.read())
        finally:
            connection.close()
        if answered.status >= 400 and method != "HEAD":
            is_shown_by_the_app(answered)
        return answered

    def raw(self, request: bytes) -> Answered:
        """Send what may be no HTTP at all, as it is."""
        with socket.create_connection(("127.0.0.1", self._server.port), timeout=WAIT_SECONDS) as connection:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return Answered(response.status, response.headers, response.read())


def is_shown_by_the_app(answered: Answered) -> None:
    """Assert that the answer is problem+json with a sentence that fits a phone (RFC 9457)."""
    assert answered.headers["Content-Type"] == "application/problem+json"
    problem = answered.json
    assert problem["status"] == answered.status
    assert problem["request_id"] == answered.headers["X-Request-ID"]
    assert {"type", "title", "code"} <= problem.keys()
    sentences = [problem["detail"], *(fault["detail"] for fault in problem.get("errors", []))]
    for sentence in sentences:
        assert 10 < len(sentence) <= 200
        assert sentence[0].isupper()
        assert sentence[-1] in ".!?"
    assert len(sentences) <= 51


@pytest.fixture
def web(settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher) -> Iterator[Web]:
    """The API over the test's database, behind the real server."""
    app = create_app(settings, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
    server = Server(app, listening=listen("127.0.0.1", 0), threads=2)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Web(server)
    finally:
        server.stop()
        thread.join(WAIT_SECONDS)
