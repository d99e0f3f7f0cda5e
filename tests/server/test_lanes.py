"""Each kind of call has threads of its own; what is too much is refused at once, and who has gone is not worked for."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from schediora.http.lanes import LONGEST_WAIT_SECONDS, OVERLOADED, PATIENCE_SECONDS, WAITS_UNTIL, Lane
from schediora.server import lanes as server_lanes
from schediora.server.lanes import Workers
from tests.sockets import WAIT_SECONDS, Running, Start, eventually, get, read_answer

WRITES = Lane("writes", 1, methods=frozenset({"POST"}))
FIRST = Lane("first", 1, frozenset({("GET", "/first")}), patient=True)


def hold(stack: ExitStack, running: Running, count: int) -> list[socket.socket]:
    """Ask for what takes until it is told, so often, and return once as many as have threads have begun."""
    held = [stack.enter_context(running.connect()) for _ in range(count)]
    for connection in held:
        connection.sendall(get("/held"))
    return held


def test_calls_of_other_lanes_do_not_wait_for_a_lane_that_is_at_work(start: Start) -> None:
    running = start(threads=1, lanes=[WRITES, FIRST], always=["/live"])
    with ExitStack() as stack:
        held = hold(stack, running, 3)
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        for request in (get("/first", "Connection: close"), get("/live", "Connection: close")):
            assert running.send(request).endswith(b"hello ")
        assert running.send(get("/live", "Connection: close", method="HEAD")).startswith(b"HTTP/1.1 200")
        assert running.send(get("/x", "Content-Length: 1", "Connection: close", method="POST") + b"1").endswith(b"1")
        assert b" 400 " in running.send(b"nonsense\r\n\r\n")
        running.app.may_end.set()
        assert [read_answer(connection)[1] for connection in held] == [b"at last"] * 3


def test_what_is_always_answered_waits_for_no_thread(start: Start) -> None:
    running = start(threads=1, lanes=[WRITES, FIRST], always=["/live"])
    with ExitStack() as stack:
        held = hold(stack, running, 1)
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        connection = stack.enter_context(running.connect())
        connection.sendall(b"".join([get("/live"), get("/raises"), get("/live"), get("/live", "Connection: close")]))
        assert read_answer(connection)[1] == b"hello "
        running.app.may_end.set()  # what comes after a slow call on the same connection waits for it
        assert b" 500 " in read_answer(connection)[0]
        assert [read_answer(each)[1] for each in held] == [b"at last"]
        many = stack.enter_context(running.connect())
        many.sendall(get("/live") * 500)
        assert [read_answer(many)[1] for _ in range(500)] == [b"hello "] * 500


def test_the_application_is_told_until_when_a_call_may_wait(start: Start) -> None:
    running = start()
    before = time.monotonic()
    running.send(get("/", "Connection: close"))
    [environ] = running.app.environments
    assert before <= environ[WAITS_UNTIL] - LONGEST_WAIT_SECONDS <= time.monotonic()
    assert OVERLOADED not in environ


def test_a_call_that_would_wait_too_long_is_refused_at_once_and_none_that_would_not(start: Start) -> None:
    """By how long calls took: for one thread, two may wait that take half of the time that is waited for."""
    running = start(threads=1, lanes=[FIRST])
    workers = running.server._lanes._rest
    with ExitStack() as stack:
        hold(stack, running, 3)
        eventually(lambda: workers._waiting.qsize() == 2)
        workers._usual_seconds = 0.6 * PATIENCE_SECONDS
        workers._ended_at, workers._stalled_at = float("inf"), float("-inf")  # others end all the time
        refused = stack.enter_context(running.connect())
        for _ in range(2):  # it keeps its connection
            refused.sendall(get("/refused"))
            assert read_answer(refused)[1] == b"hello "
        told = [environ for environ in running.app.environments if environ["PATH_INFO"] == "/refused"]
        assert [environ.get(OVERLOADED) for environ in told] == [True, True]
        running.send(get("/first", "Connection: close"))
        assert OVERLOADED not in running.app.environments[-1]
        workers._usual_seconds = 0.4 * PATIENCE_SECONDS
        stack.enter_context(running.connect()).sendall(get("/waits"))
        eventually(lambda: workers._waiting.qsize() == 3)
        running.app.may_end.set()
        eventually(lambda: running.app.environments[-1]["PATH_INFO"] == "/waits")
        assert OVERLOADED not in running.app.environments[-1]


def test_a_patient_lane_refuses_nobody_for_being_many_and_an_idle_one_nobody_for_having_been_slow() -> None:
    patient, slow = Workers(FIRST), Workers(Lane("slow", 2))
    for workers in (patient, slow):
        workers._usual_seconds = 60.0
    assert patient.has_room()
    assert slow.has_room()


def test_calls_make_way_for_those_that_go_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter is shared out by threads, not by who matters most."""
    slept = list[float]()
    monkeypatch.setattr("schediora.server.lanes.time.sleep", slept.append)
    ahead = Workers(FIRST)
    others = Workers(Lane("others", 1), ahead=[ahead])
    for waits in (False, True):
        if waits:
            ahead.add(Still(lambda: None))
        others.add(Still(lambda: None))
        others.work_off()
        assert bool(slept) == waits
    ahead.work_off()
    assert len(slept) == 1, "who goes ahead waits for nobody"


def test_calls_wait_while_none_ends_and_longer_than_otherwise_right_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none ends, something is away; there are not too many."""
    workers = Workers(Lane("one", 1))
    for _ in range(2):
        workers.add(Still(lambda: None))
    workers._usual_seconds = PATIENCE_SECONDS
    now = workers._ended_at = 1000.0
    monkeypatch.setattr("schediora.server.lanes.time.monotonic", lambda: now)
    assert not workers.has_room()
    now += 1
    assert workers.has_room()
    workers._ended_at = now
    assert workers.has_room()
    now = workers._ended_at = now + 5
    assert not workers.has_room()


def test_one_slow_call_says_little_of_the_next_ones() -> None:
    workers = Workers(Lane("one", 1))
    workers.start()
    slow = Still(lambda: time.sleep(0.2))
    slow.asked_at = time.monotonic()
    workers.add(slow)
    workers.shutdown(time.monotonic() + WAIT_SECONDS)
    assert workers._usual_seconds < 0.2 / 16


def test_what_has_waited_for_longer_than_anybody_waits_is_refused(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_lanes, "LONGEST_WAIT_SECONDS", 0.2)
    running = start(threads=1)
    with ExitStack() as stack:
        hold(stack, running, 1)
        late = stack.enter_context(running.connect())
        late.sendall(get("/late"))
        time.sleep(0.4)
        running.app.may_end.set()
        read_answer(late)
    assert running.app.environments[-1][OVERLOADED] is True


def test_nobody_works_for_who_hung_up_while_waiting(start: Start) -> None:
    running = start(threads=1)
    with ExitStack() as stack:
        hold(stack, running, 1)
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        for _ in range(20):
            with running.connect() as gone:
                gone.sendall(get("/gone"))
        stays = stack.enter_context(running.connect())
        stays.sendall(get("/stays"))
        eventually(lambda: running.server._lanes._rest._waiting.qsize() == 21)
        time.sleep(0.2)
        running.app.may_end.set()
        assert read_answer(stays)[1] == b"hello "
    asked = [environ["PATH_INFO"] for environ in running.app.environments]
    assert asked == ["/held", "/stays"]


class Still:
    """A connection on whose call nobody has begun."""

    requests: list[Any]
    asked_at = 0.0
    overloaded = vanished = cancelled = False

    def __init__(self, serve: Callable[[], object]) -> None:
        self._serve = serve

    def service(self) -> None:
        self._serve()

    def cancel(self) -> None:
        self.cancelled = True


def test_shutting_down_ends_the_threads_and_drops_what_none_has_begun() -> None:
    workers, go = Workers(Lane("one", 1)), threading.Event()
    workers.start()
    begun, waiting = Still(lambda: go.wait(WAIT_SECONDS)), Still(lambda: None)
    begun.asked_at = waiting.asked_at = time.monotonic()
    workers.add(begun)
    eventually(lambda: workers._waiting.qsize() == 0)
    workers.add(waiting)
    workers.shutdown(time.monotonic())
    assert (begun.cancelled, waiting.cancelled) == (False, True)
    go.set()


def test_a_call_that_raises_ends_no_thread() -> None:
    workers, answered = Workers(Lane("one", 1)), threading.Event()
    workers.start()

    def fail() -> None:
        raise LookupError

    for serve in (fail, answered.set):
        client = Still(serve)
        client.asked_at = time.monotonic()
        workers.add(client)
    assert answered.wait(WAIT_SECONDS)
    workers.shutdown(time.monotonic() + WAIT_SECONDS)
