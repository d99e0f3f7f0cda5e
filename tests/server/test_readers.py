"""Who reads slowly, never, or hangs up holds no thread, and little memory."""

import socket
import struct
import time
from contextlib import ExitStack

import pytest

from tests.sockets import BIG_BYTES, WAIT_SECONDS, Running, Start, get, read_answer

PIPELINED = 1000


def slowly(running: Running) -> socket.socket:
    """Return a connection that takes little at once."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(WAIT_SECONDS)
    connection.connect(("127.0.0.1", running.server.port))
    return connection


def test_many_requests_at_once_on_one_connection_are_answered_in_order(start: Start) -> None:
    running = start(threads=1)
    with running.connect() as connection:
        sent = b"".join(
            get("/", f"Content-Length: {len(str(number))}", method="POST") + str(number).encode()
            for number in range(PIPELINED)
        )
        connection.sendall(sent)
        answers = [read_answer(connection)[1] for _ in range(PIPELINED)]
    assert answers == [f"hello {number}".encode() for number in range(PIPELINED)]


def test_who_asks_for_much_at_once_and_reads_nothing_holds_no_thread_and_little_memory(start: Start) -> None:
    """Waitress kept a thread waiting as soon as 16 MiB were unread."""
    running = start(threads=1)
    with ExitStack() as stack:
        for _ in range(3):
            greedy = stack.enter_context(slowly(running))
            greedy.sendall(get("/big") * 50)
            assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        assert running.send(get("/", "Connection: close")).endswith(b"hello ")
        assert sum(environ["PATH_INFO"] == "/big" for environ in running.app.environments) == 3
        for _ in range(2):  # it gets on with the next as the last one is read
            assert len(read_answer(greedy)[1]) == BIG_BYTES
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)


@pytest.mark.parametrize("requests", [1, 50])
def test_who_never_reads_is_closed(start: Start, monkeypatch: pytest.MonkeyPatch, requests: int) -> None:
    monkeypatch.setattr("schediora.server.waitress_server._IDLE_SECONDS", 0.5)
    monkeypatch.setattr("schediora.server.waitress_server._POLL_SECONDS", 0.1)
    running = start(threads=1)
    with slowly(running) as greedy:
        greedy.sendall(get("/big") * requests)
        assert running.app.begun.acquire(timeout=WAIT_SECONDS)
        deadline = time.monotonic() + WAIT_SECONDS
        while running.server._connections():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("how", ["closed", "reset", "half-closed"])
def test_who_hangs_up_during_the_answer_holds_no_thread(start: Start, how: str) -> None:
    running = start(threads=1)
    connection = slowly(running)
    connection.sendall(get("/big"))
    assert running.app.begun.acquire(timeout=WAIT_SECONDS)
    connection.recv(1024)
    if how == "half-closed":
        connection.shutdown(socket.SHUT_WR)
        assert len(connection.recv(1024)) > 0
    if how == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    assert running.send(get("/", "Connection: close")).endswith(b"hello ")
