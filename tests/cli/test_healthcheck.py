"""`schediora healthcheck` tells a container by its exit code whether the server in it is ready."""

import socket
import threading
import time
from pathlib import Path

import pytest
from schediora_cli.healthcheck import LIVE, PATIENCE_SECONDS, READY

from schediora.routes import PREFIX
from tests import servers
from tests.cli.program import run
from tests.live import START_SECONDS
from tests.ports import free_port
from tests.prepared import PreparedService, prepared_service


def test_it_asks_where_the_health_checks_are() -> None:
    assert (f"{PREFIX}/health/live", f"{PREFIX}/health/ready") == (LIVE, READY)


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "localhost", "::", "::1"])
def test_a_server_that_is_ready_is_found_wherever_it_listens(host: str, tmp_path: Path) -> None:
    given = {"SCHEDIORA_SERVER__HOST": host, "SCHEDIORA_SERVER__PORT": str(free_port(host))}
    server = PreparedService(tmp_path / "data", "serve", **given)
    server.port = 0  # it comes from the settings, not from the command line
    try:
        server.launch()
        asked = run("healthcheck", folder=tmp_path, **given)
        deadline = time.monotonic() + START_SECONDS
        while asked.returncode != 0 and time.monotonic() < deadline:
            time.sleep(0.2)
            asked = run("healthcheck", folder=tmp_path, **given)
        assert asked.returncode == 0, asked.stderr
        assert '"status":"ready"' in asked.stdout
        assert run("healthcheck", "--live", folder=tmp_path, **given).returncode == 0
        other = run("healthcheck", "--port", 1, folder=tmp_path, **given)
        assert (other.returncode, len(other.stderr.splitlines())) == (1, 1)
        assert "Nothing answers at http://" in other.stderr
    finally:
        server.kill()


def test_one_that_runs_but_is_not_ready_is_live_only(postgres_server: str, tmp_path: Path) -> None:
    url = servers.create_database(postgres_server)
    with prepared_service(tmp_path / "data", "serve", SCHEDIORA_DATABASE__URL=url) as server:
        asked = run("healthcheck", "--port", server.port, folder=tmp_path)
        assert asked.returncode == 1
        assert "503" in asked.stderr
        assert run("healthcheck", "--live", "--port", server.port, folder=tmp_path).returncode == 0
    servers.drop_database(postgres_server, url)


def test_one_that_never_answers_is_given_up(tmp_path: Path) -> None:
    assert PATIENCE_SECONDS < 5
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = run("healthcheck", "--port", silent.getsockname()[1], folder=tmp_path)
    assert asked.returncode == 1
    assert "timed out" in asked.stderr


def test_one_that_speaks_another_language_is_not_ours(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def babble() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"220 mail ready\r\n")

        speaker = threading.Thread(target=babble)
        speaker.start()
        asked = run("healthcheck", "--port", other.getsockname()[1], folder=tmp_path)
        speaker.join()
    assert asked.returncode == 1
    assert "Traceback" not in asked.stderr


def test_wrong_settings_are_no_reserved_exit_code(tmp_path: Path) -> None:
    assert run("healthcheck", folder=tmp_path, SCHEDIORA_SERVER__PORT="many").returncode == 1
