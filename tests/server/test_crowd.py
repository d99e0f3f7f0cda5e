"""Who finds no room is told so; one address cannot take all of it, and keeps its busy connections."""

import json
import resource
import socket
import time
from contextlib import ExitStack

import pytest

from schediora.server import crowd, waitress_listener
from schediora.server.waitress_listener import MAX_TURNED_AWAY
from tests.sockets import WAIT_SECONDS, Running, Start, eventually, get, read_all, read_answer

OTHER = "127.0.0.2"
IDLE = 5000


@pytest.fixture
def just_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, take everybody for an app that starts, of whom the longest idle one closes first."""
    monkeypatch.setattr(crowd, "_STARTING_SECONDS", 2 * WAIT_SECONDS)
    monkeypatch.setattr(crowd, "_GONE_SECONDS", 2 * WAIT_SECONDS)


def connected(running: Running, *, source: str = "127.0.0.1") -> socket.socket:
    """Return a connection from `source` on which something was asked and answered, so that it is idle."""
    connection = socket.create_connection(
        ("127.0.0.1", running.server.port), timeout=WAIT_SECONDS, source_address=(source, 0)
    )
    connection.sendall(get("/"))
    assert read_answer(connection)[1] == b"hello "
    return connection


def assert_turned_away(connection: socket.socket) -> None:
    head, _, body = read_all(connection).partition(b"\r\n\r\n")
    headers = head.decode().splitlines()
    problem = json.loads(body)
    assert headers[0] == "HTTP/1.1 503 Service Unavailable"
    assert {"Content-Type: application/problem+json", "Retry-After: 2", "Connection: close"} <= set(headers)
    assert f"X-Request-ID: {problem['request_id']}" in headers
    assert (problem["status"], problem["code"]) == (503, "overloaded")
    assert 0 < len(problem["detail"]) <= 200


def test_the_connection_past_the_limit_is_told_so_and_there_is_room_again_later(start: Start) -> None:
    running = start(connections=3)
    with ExitStack() as stack:
        inside = [stack.enter_context(connected(running)) for _ in range(3)]
        for connection in inside:
            connection.sendall(get("/")[:10])
        with running.connect() as silent, running.connect() as asking:
            assert_turned_away(silent)
            asking.sendall(get("/", "Content-Length: 1000000", method="POST") + bytes(1_000_000))
            assert_turned_away(asking)
        inside[0].close()
        _eventually_inside(running)
        inside[1].sendall(get("/")[10:])
        assert read_answer(inside[1])[1] == b"hello "


def test_thousands_who_are_idle_stop_nobody_and_each_goes_on_when_it_likes(start: Start) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    running = start(connections=IDLE + 10)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2 * IDLE + 1000, most), most))  # we are the phones as well
    with ExitStack() as stack:
        phones = [stack.enter_context(running.connect()) for _ in range(IDLE)]
        for phone in (running.connect(), phones[0], phones[IDLE // 2], phones[-1]):
            with phone:
                for _ in range(3):
                    phone.sendall(get("/"))
                    assert read_answer(phone)[1] == b"hello "


@pytest.mark.usefixtures("just_begun")
def test_where_there_is_no_room_the_longest_idle_one_makes_some(start: Start) -> None:
    running = start(connections=3)
    with connected(running) as busy, connected(running) as oldest, connected(running, source=OTHER) as newest:
        busy.sendall(get("/")[:10])
        _settle(running, busy=1)
        with connected(running, source=OTHER):
            assert oldest.recv(1) == b""
            newest.sendall(get("/"))
            assert read_answer(newest)[1] == b"hello "
            busy.sendall(get("/")[10:])
            assert read_answer(busy)[1] == b"hello "


def test_a_flood_past_the_limit_is_told_so_as_well(start: Start) -> None:
    running = start(connections=1)
    with connected(running) as inside, ExitStack() as stack:
        inside.sendall(get("/")[:10])
        for _ in range(3 * MAX_TURNED_AWAY):
            connection = stack.enter_context(running.connect())
            assert_turned_away(connection)
        assert len(running.server._sockets) < 2 * MAX_TURNED_AWAY


@pytest.mark.usefixtures("just_begun")
def test_one_address_past_its_limit_loses_its_longest_idle_connection(start: Start) -> None:
    running = start(connections_per_address=3)
    with connected(running, source=OTHER) as elsewhere, ExitStack() as stack:
        oldest, busy, newest = (stack.enter_context(connected(running)) for _ in range(3))
        oldest.sendall(get("/"))  # used again, it is no longer the one that is idle for longest
        read_answer(oldest)
        _settle(running)
        busy.sendall(get("/held"))
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        with connected(running):
            assert newest.recv(1) == b""
            oldest.sendall(get("/"))
            assert read_answer(oldest)[1] == b"hello "
            elsewhere.sendall(get("/"))
            assert read_answer(elsewhere)[1] == b"hello "
            running.app.may_end.set()
            assert read_answer(busy)[1] == b"at last"


def test_one_address_past_its_limit_is_told_so_where_none_is_idle(start: Start) -> None:
    running = start(connections_per_address=2)
    with connected(running) as sending, connected(running) as working:
        sending.sendall(b"GET / HT")
        working.sendall(get("/held"))
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        with running.connect() as third:
            assert_turned_away(third)
        connected(running, source=OTHER).close()
        sending.sendall(b"TP/1.1\r\nHost: test\r\n\r\n")
        assert read_answer(sending)[1] == b"hello "


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"connections_per_address": 0}, id="no limit"),
        pytest.param({"connections_per_address": 1, "trusts": lambda address: address == "127.0.0.1"}, id="a proxy"),
    ],
)
def test_no_limit_and_a_trusted_proxy_are_not_counted(start: Start, options: dict[str, object]) -> None:
    running = start(**options)
    with ExitStack() as stack:
        for connection in [stack.enter_context(connected(running)) for _ in range(5)]:
            connection.sendall(get("/"))
            assert read_answer(connection)[1] == b"hello "


def test_a_refused_client_that_lingers_still_counts(start: Start) -> None:
    running = start(connections_per_address=1)
    with running.connect() as refused:
        refused.sendall(b"nonsense\r\n\r\n")
        assert b" 400 " in refused.recv(65536)
        with running.connect() as second:
            assert_turned_away(second)
    _eventually_inside(running)


@pytest.mark.parametrize("threads", [1, 4])
def test_some_paths_and_all_refusals_are_answered_while_every_thread_is_at_work(start: Start, threads: int) -> None:
    running = start(threads=threads, always=["/live"])
    with ExitStack() as stack:
        held = [stack.enter_context(running.connect()) for _ in range(threads + 1)]
        for connection in held:
            connection.sendall(get("/held"))
        for _ in range(threads):
            assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        with running.connect() as live:
            for method in ("GET", "GET"):
                live.sendall(get("/live?x", method=method))
                assert read_answer(live)[1] == b"hello "
        assert b"malformed_request" in running.send(b"nonsense\r\n\r\n")


def _settle(running: Running, *, busy: int = 0) -> None:
    """Wait until the threads are done with what they have answered, and only so many connections are busy."""
    deadline = time.monotonic() + WAIT_SECONDS
    while sum(not connection.idle for connection in running.server._connections()) != busy:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.05)


def _eventually_inside(running: Running) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with running.connect() as connection:
            connection.sendall(get("/"))
            if connection.recv(65536).startswith(b"HTTP/1.1 200"):
                return
    raise AssertionError("there is no room any more")


def test_a_process_beside_others_lets_in_one_and_leaves_the_next_to_them_for_a_moment(start: Start) -> None:
    """The first one to wake would have all that connect together, such as a proxy's connections."""
    running, pause = start(beside_others=True), waitress_listener._PAUSE_BESIDE_OTHERS_SECONDS
    with ExitStack() as stack:
        began = time.monotonic()
        for _ in range(20):
            stack.enter_context(running.connect())
        eventually(lambda: len(running.server._connections()) == 20)
        assert time.monotonic() - began >= 19 * pause > 0
