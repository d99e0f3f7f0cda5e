"""`schediora serve` holds as many connections of one address as its settings say, and answers the others."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live import Service
from tests.prepared import prepared_service
from tests.sockets import WAIT_SECONDS, get, read_all, read_answer

LIVE = get("/api/v1/health/live")
STRANGERS = {"SCHEDIORA_SERVER__TRUSTED_PROXIES": "192.0.2.1"}


def connected(server: Service, stack: ExitStack) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=WAIT_SECONDS))


def sending(server: Service, stack: ExitStack) -> socket.socket:
    """Return a connection that was answered and has begun to ask again; whoever waited for the server may be on the
    way out still, so it may take more than one try.
    """
    for _ in range(100):
        connection = connected(server, stack)
        connection.sendall(LIVE)
        if b'"ok"' in connection.recv(65536):
            connection.sendall(LIVE[:10])
            return connection
        time.sleep(0.05)
    raise AssertionError("there is no room")


@pytest.mark.parametrize("trusted", [True, False])
def test_one_address_holds_as_many_connections_as_the_settings_say(tmp_path: Path, trusted: bool) -> None:
    given = {"SCHEDIORA_SERVER__CONNECTIONS_PER_ADDRESS": "2"} | ({} if trusted else STRANGERS)
    with prepared_service(tmp_path / "data", "serve", **given) as server, ExitStack() as stack:
        busy = [sending(server, stack) for _ in range(2)]
        third = connected(server, stack)
        if trusted:
            third.sendall(LIVE)
            assert b'"ok"' in read_answer(third)[1]
        else:
            assert b'"overloaded"' in read_all(third)
        for connection in busy:
            connection.sendall(LIVE[10:])
            assert b'"ok"' in read_answer(connection)[1]
