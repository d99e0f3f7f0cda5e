"""The nginx block of the operators' page, run as it stands there in front of a real server."""

import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.live import Answer, Service
from tests.prepared import prepared_service
from tests.proxy import CLIENT, Proxy, nginx
from tests.server_process import HOST

LIAR = "192.0.2.1"
FEED = "Zx2vJmW0b1Qk3r8cTn5yHg"
JSON = {"Content-Type": "application/json"}
LOG_SECONDS = 10
"""The lines of requests are written many at once, after the answers."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Proxy]]:
    data = tmp_path_factory.mktemp("served") / "data"
    production = {"SCHEDIORA_ENVIRONMENT": "production", "SCHEDIORA_AUTH__SECRET_KEY": secrets.token_urlsafe(48)}
    with ExitStack() as stack:
        server = stack.enter_context(prepared_service(data, "serve", **production))
        yield server, stack.enter_context(nginx(server.port))


def assert_is_a_problem(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json["status"], answer.json["code"]) == (status, code)
    assert 0 < len(answer.json["detail"]) <= 200
    assert answer.json["request_id"] == answer.headers["x-request-id"]


def test_requests_go_through_with_the_clients_address(served: tuple[Service, Proxy]) -> None:
    server, proxy = served
    body = json.dumps({"email": "kim@example.com", "password": "correct horse"}).encode()
    lie = {"X-Forwarded-For": LIAR, "Forwarded": f"for={LIAR}"}
    made = proxy.call("POST", "/api/v1/auth/register", JSON | lie, body)
    assert made.status == 201
    me = proxy.call("GET", "/api/v1/users/me", {"Authorization": f"Bearer {made.json['access_token']}"})
    assert me.json["email"] == "kim@example.com"
    deadline = time.monotonic() + LOG_SECONDS
    while "/users/me" not in (said := server.logged()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert f'"address": "{CLIENT}"' in said
    assert LIAR not in said


def test_our_own_errors_pass_as_they_are(served: tuple[Service, Proxy]) -> None:
    _, proxy = served
    assert_is_a_problem(proxy.call("GET", "/api/v1/nothing"), 404, "not_found")
    large = proxy.call("POST", "/api/v1/auth/login", JSON, b" " * 1_000_000)
    assert_is_a_problem(large, 413, "body_too_large")


def test_the_proxys_own_refusals_have_a_detail(served: tuple[Service, Proxy]) -> None:
    _, proxy = served
    announced = JSON | {"Content-Length": "3000000"}
    assert_is_a_problem(proxy.call("POST", "/api/v1/auth/login", announced), 413, "body_too_large")
    assert_is_a_problem(proxy.call("GET", "/" + "x" * 8_500), 414, "malformed_request")
    assert_is_a_problem(proxy.call("GET", "/", {"X-Long": "x" * 8_500}), 400, "malformed_request")


def test_a_server_that_is_down_is_a_problem_with_a_detail() -> None:
    with socket.socket() as nobody:
        nobody.bind((HOST, 0))  # bound and not listening: refused
        with nginx(nobody.getsockname()[1]) as proxy:
            answer = proxy.call("GET", "/api/v1/dashboard/summary")
            assert_is_a_problem(answer, 502, "overloaded")
            assert answer.headers["retry-after"] == "5"
            assert proxy.call("GET", f"/calendar/{FEED}.ics").status == 502
            assert proxy.logged().count("/api/v1/dashboard/summary") > 1
            assert FEED not in proxy.logged()


@contextmanager
def dying() -> Iterator[int]:
    """Yield the port of a server that takes each request and closes without an answer, as one that is killed does."""
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65_536)

        threading.Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def test_what_may_be_done_twice_goes_on_to_another_machine_when_its_own_dies(served: tuple[Service, Proxy]) -> None:
    server, proxy = served
    body = json.dumps({"email": "ayu@example.com", "password": "correct horse"}).encode()
    pair = proxy.call("POST", "/api/v1/auth/register", JSON, body).json
    token = {"Authorization": f"Bearer {pair['access_token']}"}
    plan = json.dumps({"title": "Cells", "topic": "Biology", "duration_minutes": 30}).encode()
    assert proxy.call("POST", "/api/v1/plans", JSON | token, plan).status == 201
    [session] = proxy.call("GET", "/api/v1/sessions", token).json
    tick, again = b'{"status": "done"}', json.dumps({"refresh_token": pair["refresh_token"]}).encode()
    found = []
    for method, path, sent in (
        ("GET", "/sessions", None),
        ("PATCH", f"/sessions/{session['id']}", tick),
        ("POST", "/auth/login", body),
        ("POST", "/auth/refresh", again),
        ("POST", "/plans", plan),
    ):
        with dying() as first, nginx(first, server.port) as before_both:
            found.append((method, path, before_both.call(method, f"/api/v1{path}", JSON | token, sent).status))
    assert [status for _, _, status in found] == [200, 200, 200, 200, 502], found
    assert len(proxy.call("GET", "/api/v1/plans", token).json) == 1
