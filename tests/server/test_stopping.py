"""The HTTP server stops as an operator needs it: what was asked is answered, and nothing hangs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schediora.server.listening import listen
from schediora.server.signals import SAME_SIGNAL_SECONDS
from schediora.server.waitress_server import Server
from tests.sockets import (
    BIG_BYTES,
    WAIT_SECONDS,
    Application,
    Running,
    Start,
    get,
    read_answer,
    read_headers,
    wait_until_refused,
)

ROOT = Path(__file__).parents[2]
PROGRAM = """
import time
from schediora.server.listening import listen
from schediora.server.waitress_server import Server
from schediora.server.signals import StopSignals

def app(environ, start_response):
    print("begun", flush=True)
    time.sleep(60 if environ["PATH_INFO"] == "/long" else 1)
    start_response("200 OK", [("Content-Length", "7")])
    return [b"in time"]

server = Server(app, listening=listen("127.0.0.1", 0), threads=1)
StopSignals().then(server.stop)
print(server.port, flush=True)
server.run()
"""


@pytest.fixture
def running(start: Start) -> Running:
    return start()


def test_stopping_answers_what_was_asked_and_refuses_what_comes_later(start: Start) -> None:
    running = start(threads=1)
    with running.connect() as working, running.connect() as queued, running.connect() as uploading:
        working.sendall(get("/held"))
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        queued.sendall(get("/"))
        uploading.sendall(get("/", "Expect: 100-continue", "Content-Length: 3", method="POST"))
        read_headers(uploading)
        running.server.stop()
        wait_until_refused(running.server.port)
        uploading.sendall(b"you")
        running.app.may_end.set()

        for connection, body in ((working, b"at last"), (queued, b"hello "), (uploading, b"hello you")):
            head, answered = read_answer(connection)
            assert answered == body
            assert b"Connection: close" in head
            assert connection.recv(1) == b""
    assert running.has_ended()


def test_stopping_lets_a_slow_reader_finish_a_long_answer(running: Running) -> None:
    with running.connect() as connection:
        connection.sendall(get("/big"))
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        running.server.stop()
        wait_until_refused(running.server.port)
        assert read_answer(connection)[1] == bytes(BIG_BYTES)
    assert running.has_ended()


def test_stopping_closes_idle_connections(start: Start) -> None:
    running = start(drain_seconds=10 * WAIT_SECONDS)
    with running.connect() as used, running.connect() as unused:
        used.sendall(get("/"))
        read_answer(used)
        running.server.stop()
        running.server.stop()
        assert used.recv(1) == b""
        assert unused.recv(1) == b""
        assert running.has_ended()


def test_stopping_waits_no_longer_than_it_was_told(start: Start) -> None:
    running = start(drain_seconds=0.2)
    with running.connect() as connection:
        connection.sendall(get("/held"))
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        running.server.stop()
        assert connection.recv(1) == b""
        assert running.has_ended()
        assert not running.app.may_end.is_set()


def test_a_server_stopped_before_it_runs_returns_at_once_and_frees_its_port() -> None:
    server = Server(Application(), listening=listen("127.0.0.1", 0), threads=1)
    server.stop()
    server.run()
    server.stop()
    successor = Server(Application(), listening=listen("127.0.0.1", server.port), threads=1)
    successor.stop()
    successor.run()


@contextlib.contextmanager
def working(*wrapper: str, path: str = "/") -> Iterator[tuple[subprocess.Popen[str], socket.socket]]:
    """Run a server as a process group of its own that works on a request, and yield it and the client."""
    command = [*wrapper, sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS) as connection:
                connection.sendall(get(path))
                assert process.stdout.readline() == "begun\n"
                yield process, connection
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_drains_and_ends_the_process_with_exit_code_0(number: signal.Signals) -> None:
    with working() as (process, connection):
        process.send_signal(number)
        assert read_answer(connection)[1] == b"in time"
        assert process.wait(WAIT_SECONDS) == 0


def test_a_signal_that_arrives_twice_is_one() -> None:
    """So it does from a terminal: to the whole process group, and once more from the one-file executable's parent."""
    with working() as (process, connection):
        os.killpg(process.pid, signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert read_answer(connection)[1] == b"in time"
        assert process.wait(WAIT_SECONDS) == 0


def test_a_second_signal_ends_the_process_at_once() -> None:
    with working(path="/long") as (process, _):
        process.send_signal(signal.SIGTERM)
        time.sleep(SAME_SIGNAL_SECONDS + 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == -signal.SIGTERM


def test_a_hangup_that_was_ignored_from_the_start_stays_ignored() -> None:
    with working("nohup") as (process, connection):
        process.send_signal(signal.SIGHUP)
        assert read_answer(connection)[1] == b"in time"
        connection.sendall(get("/"))
        assert read_answer(connection)[1] == b"in time"
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0
