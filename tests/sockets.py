"""A small application behind the real HTTP server, and HTTP over bare sockets to talk to it."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from schediora.server.listening import listen
from schediora.server.waitress_server import Server

BIG_BYTES = 20_000_000
WAIT_SECONDS = 15.0


class Application:
    """A small WSGI application whose slow answers say when they have begun."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Event()
        self.environments: list[WSGIEnvironment] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.environments.append(environ)
        body = environ["wsgi.input"].read()
        match environ["PATH_INFO"]:
            case "/held":
                self.begun.release()
                self.may_end.wait(WAIT_SECONDS)
                answer = b"at last"
            case "/big":
                self.begun.release()
                answer = bytes(BIG_BYTES)
            case "/unchanged":
                start_response("304 Not Modified", [("ETag", '"a"')])
                return []
            case "/gone":
                start_response("204 No Content", [])
                return []
            case "/raises":
                raise ValueError("a secret")
            case "/raises-os-error":
                raise OSError("a secret")
            case _:
                answer = b"hello " + body
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
        return [answer]


class Running:
    """A server in a thread of its own."""

    def __init__(self, **options: Any) -> None:
        self.app = Application()
        listening = options.pop("listening", None) or listen("127.0.0.1", 0)
        self.server = Server(self.app, listening=listening, **{"threads": 4, **options})
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=WAIT_SECONDS)

    def send(self, request: bytes) -> bytes:
        """Return everything that is answered until the server closes the connection."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)

    def has_ended(self) -> bool:
        self.thread.join(WAIT_SECONDS)
        return not self.thread.is_alive()


Start = Callable[..., Running]
"""Starts a server with the given options; it is stopped when the test is over."""


@contextlib.contextmanager
def starting() -> Iterator[Start]:
    """Yield what starts servers, and stop them all at the end."""
    with contextlib.ExitStack() as stack:

        def start(**options: Any) -> Running:
            running = Running(**options)
            stack.callback(running.thread.join, WAIT_SECONDS)
            stack.callback(running.server.stop)
            stack.callback(running.app.may_end.set)
            return running

        yield start


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def read_all(connection: socket.socket) -> bytes:
    """Return everything until the server closes the connection."""
    received = bytearray()
    while packet := connection.recv(65536):
        received += packet
    return bytes(received)


def read_headers(connection: socket.socket) -> bytes:
    """Return the headers of one answer with the empty line after them, and read no further."""
    received = b""
    while b"\r\n\r\n" not in received:
        packet = connection.recv(1)
        assert packet, "the connection closed early"
        received += packet
    return received


def read_answer(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the headers and the body of one answer, whose length its headers say."""
    headers = read_headers(connection)
    length = next(
        int(line.split(b":")[1]) for line in headers.splitlines() if line.lower().startswith(b"content-length")
    )
    body = b""
    while len(body) < length:
        packet = connection.recv(length - len(body))
        assert packet, "the connection closed early"
        body += packet
    return headers, body


def get(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    """Return a request without a body."""
    return "\r\n".join((f"{method} {path} HTTP/{version}", "Host: test", *headers, "", "")).encode()


def wait_until_refused(port: int) -> None:
    """Return once the server has stopped listening."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        # Who connects at the very moment is reset.
        with contextlib.suppress(ConnectionResetError):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS).close()
            except ConnectionRefusedError:
                return
        time.sleep(0.01)
    raise AssertionError("the server still accepts connections")
