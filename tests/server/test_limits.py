"""A request has 20 s for its head and 60 s for its body (here: less), and holds little while it is on its way."""

import json
import resource
import socket
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from schediora.server.request_reader import Limits
from tests.sockets import Running, Start, get, read_all, read_answer, read_headers

SHORT = 0.3
LONG = 60.0
POST = get("/", "Content-Length: 100", "X-Request-ID: mine", method="POST")


def timed_out(connection: socket.socket) -> dict[str, str]:
    """Return the problem that ends the connection, which must be 408."""
    head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 "))
    assert b"\r\nConnection: close" in head
    assert b"\r\nContent-Type: application/problem+json" in head
    problem: dict[str, str] = json.loads(body)
    assert problem["code"] == "request_timeout"
    assert 0 < len(problem["detail"]) <= 200
    return problem


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"G", id="one byte"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: te", id="half a field"),
        pytest.param(b"\r\n\r\nGET / HTTP/1.1\r\n", id="after line ends"),
        pytest.param(get("/") + b"GET", id="the second request"),
    ],
)
def test_a_head_that_does_not_arrive_in_time_ends_in_408(start: Start, begun: bytes) -> None:
    running = start(limits=Limits(head_seconds=SHORT, body_seconds=LONG))
    with running.connect() as connection:
        connection.sendall(begun)
        if begun.startswith(get("/")):
            assert read_answer(connection)[1] == b"hello "
        timed_out(connection)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(POST, id="nothing of it"),
        pytest.param(POST + b"half", id="half of it"),
        pytest.param(get("/", "Transfer-Encoding: chunked", method="POST") + b"5\r\nhel", id="half a chunk"),
    ],
)
def test_a_body_that_does_not_arrive_in_time_ends_in_408(start: Start, begun: bytes) -> None:
    running = start(limits=Limits(head_seconds=LONG, body_seconds=SHORT))
    with running.connect() as connection:
        connection.sendall(begun)
        problem = timed_out(connection)
    assert (problem["request_id"] == "mine") is begun.startswith(POST)
    assert running.app.environments == []


@pytest.mark.parametrize("slow", ["head", "body"])
def test_a_trickle_gets_no_more_time_than_a_pause(start: Start, slow: str) -> None:
    head_seconds, body_seconds = (SHORT, LONG) if slow == "head" else (LONG, SHORT)
    running = start(limits=Limits(head_seconds=head_seconds, body_seconds=body_seconds))
    with running.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: " if slow == "head" else POST)
        connection.settimeout(SHORT / 10)
        answer = b""
        for _ in range(90):  # one byte each; far more than the time allows, far fewer than the body has
            connection.sendall(b"x")
            try:
                answer = connection.recv(65536)
                break
            except TimeoutError:
                continue
    assert b" 408 " in answer.splitlines()[0]


def test_a_phone_that_keeps_its_connection_is_not_cut(start: Start) -> None:
    running = start(limits=Limits(head_seconds=SHORT, body_seconds=SHORT))
    with running.connect() as connection:
        time.sleep(5 * SHORT)  # connected, and nothing asked yet
        for ending in (b"", b"\r\n"):  # old clients send a line end after a body
            connection.sendall(get("/", "Content-Length: 3", method="POST") + b"you" + ending)
            assert read_answer(connection)[1] == b"hello you"
            time.sleep(5 * SHORT)
        connection.sendall(get("/"))
        assert read_answer(connection)[1] == b"hello "


def test_the_clock_stands_while_the_answer_before_is_worked_on(start: Start) -> None:
    running = start(limits=Limits(head_seconds=SHORT, body_seconds=SHORT))
    with running.connect() as connection:
        connection.sendall(get("/held") + b"GET / HTTP/1.1\r\n")
        time.sleep(5 * SHORT)
        running.app.may_end.set()
        assert read_answer(connection)[1] == b"at last"
        connection.sendall(b"Host: test\r\n\r\n")
        assert read_answer(connection)[1] == b"hello "


def test_a_client_that_awaits_100_continue_has_the_bodys_time(start: Start) -> None:
    running = start(limits=Limits(head_seconds=LONG, body_seconds=SHORT))
    with running.connect() as connection:
        connection.sendall(get("/", "Expect: 100-continue", "Content-Length: 3", method="POST"))
        assert read_headers(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
        timed_out(connection)


def test_many_unfinished_bodies_hold_little_memory_and_no_disk(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_file(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a body went to disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_file)
    running = start()
    bodies = 200
    sent = 250 * 1024
    before = _resident_bytes()
    with ExitStack() as stack:
        connections = [stack.enter_context(running.connect()) for _ in range(bodies)]
        for connection in connections:
            connection.sendall(get("/", "Content-Length: 262144", method="POST") + bytes(sent))
        for connection in connections:  # what was sent is read when the rest is answered
            connection.sendall(bytes(262144 - sent - 1))
        assert _answers(running) == b"hello "
        assert _resident_bytes() - before < bodies * 128 * 1024
        for connection in connections:
            connection.sendall(b"x")
            assert read_headers(connection).startswith(b"HTTP/1.1 200")


def _answers(running: Running) -> bytes:
    with running.connect() as connection:
        connection.sendall(get("/"))
        return read_answer(connection)[1]


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
