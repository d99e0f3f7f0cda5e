"""`schediora serve` and `schediora worker`: what they say, how they start and how they stop."""

import json
import re
import signal
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest
from schediora_cli.addresses import address_in_the_network

from tests import servers
from tests.cli.program import run
from tests.live import Service, service
from tests.prepared import PreparedService, prepared_service

PATIENCE_SECONDS = 60
STUDENT = {"email": "kim@example.com", "password": "correct horse"}
PRODUCTION = {
    "SCHEDIORA_ENVIRONMENT": "production",
    "SCHEDIORA_AUTH__SECRET_KEY": "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6",
}
WISH = {"goal": "Pass the exam", "topic": "Biology"}


def until(holds: Callable[[], bool], server: Service) -> None:
    """Wait until something holds; fail with the log when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, server.logged()
        time.sleep(0.05)


def plan(server: Service) -> tuple[str, str]:
    """Register, ask for a plan, and return the token and the job's path."""
    token = server.call("POST", "/auth/register", STUDENT).json["access_token"]
    job = server.call("POST", "/ai/plans/generate", WISH, token=token).json
    return token, f"/ai/jobs/{job['job_id']}"


def test_an_empty_directory_is_all_it_needs(tmp_path: Path) -> None:
    with service(tmp_path / "data", "serve") as server:
        assert server.call("GET", "/health/ready").status == 200
        said = server.logged()
        assert f"http://127.0.0.1:{server.port}/api/v1" in said
        assert str(tmp_path / "data") in said
        assert f"schediora seed --data-dir {tmp_path / 'data'}" in said
        key = tmp_path / "data" / "secret_key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert server.process is not None
        maps = Path(f"/proc/{server.process.pid}/maps")
        assert not maps.exists() or "sqlalchemy" not in maps.read_text(), "it is for migrations, and 25 MB"
        token, job = plan(server)
        until(lambda: server.call("GET", job, token=token).json["status"] == "completed", server)


def test_open_to_the_network_it_names_an_address_that_a_phone_can_reach(tmp_path: Path) -> None:
    reachable = address_in_the_network("0.0.0.0")
    with prepared_service(tmp_path / "data", "serve", "--host", "0.0.0.0") as server:
        said = server.logged()
    named = re.findall(rf"http://(\S+):{server.port}/api/v1", said)
    assert "127.0.0.1" in named
    assert "0.0.0.0" not in named
    assert (reachable in named) == (reachable is not None)


def test_in_production_the_start_is_one_event_and_no_banner(tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", **PRODUCTION) as server:
        assert server.call("GET", "/health/ready").status == 200
        assert server.stop() == 0
    told = [json.loads(line) for line in server.logged().splitlines()]
    [start] = [line for line in told if line["event"] == "serving"]
    assert start["address"] == f"http://127.0.0.1:{server.port}/api/v1"
    assert start["data"] == str(tmp_path / "data")
    assert start["version"] == version("schediora")


@pytest.mark.parametrize(("level", "told"), [("WARNING", False), ("info", True)])
def test_the_log_begins_at_its_level(level: str, told: bool, tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", SCHEDIORA_LOG__LEVEL=level, **PRODUCTION) as server:
        assert server.call("GET", "/health/ready").status == 200
        assert server.stop() == 0
    assert ("health/ready" in server.logged()) == told


def test_what_is_unwise_is_warned_of_at_the_start_without_its_secrets(tmp_path: Path) -> None:
    given = {"SCHEDIORA_AI__BASE_URL": "http://models.example/v1", "SCHEDIORA_AI__API_KEY": "sk-top-secret"}
    with prepared_service(tmp_path / "data", "serve", **given) as server:
        said = server.logged()
    [line] = [line for line in said.splitlines() if "unwise_setting" in line]
    assert "ai.base_url" in line
    assert "sk-top-secret" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order_though_it_comes_twice(number: signal.Signals, tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve") as server:
        assert server.call("GET", "/health/live").status == 200
        assert server.process is not None
        server.process.send_signal(number)
        assert server.stop(number) == 0
        assert "Traceback" not in server.logged()
        assert server.logged().count("Stopping") == 1


def test_the_key_and_the_data_are_kept(tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve") as server:
        token = server.call("POST", "/auth/register", STUDENT).json["access_token"]
        assert server.stop() == 0
    with prepared_service(tmp_path / "data", "serve") as server:
        assert server.call("GET", "/users/me", token=token).json["email"] == STUDENT["email"]


def test_two_on_one_empty_directory_at_once_are_safe(tmp_path: Path) -> None:
    data = tmp_path / "data"
    pair = [PreparedService(data, "serve"), PreparedService(data, "serve")]
    pair[1].log = tmp_path / "second.log"
    try:
        for server in pair:
            server.launch()
        for server in pair:
            server.wait_until_it_answers()
            assert server.call("GET", "/health/ready").status == 200, server.logged()
        token = pair[0].call("POST", "/auth/register", STUDENT).json["access_token"]
        assert pair[1].call("GET", "/users/me", token=token).status == 200
        assert [server.stop() for server in pair] == [0, 0]
    finally:
        for server in pair:
            server.kill()


def test_an_unmigrated_postgres_is_served_but_not_ready(postgres_server: str, tmp_path: Path) -> None:
    url = servers.create_database(postgres_server)
    with prepared_service(tmp_path / "data", "serve", SCHEDIORA_DATABASE__URL=url) as server:
        assert "schediora migrate" in server.logged()
        refused = server.call("GET", "/health/ready")
        assert (refused.status, refused.json["checks"]["migrations"]) == (503, "pending")
        assert run("migrate", folder=tmp_path, SCHEDIORA_DATABASE__URL=url).returncode == 0
        assert server.call("GET", "/health/ready").status == 200
        token, job = plan(server)
        until(lambda: server.call("GET", job, token=token).json["status"] == "completed", server)
        assert "Traceback" not in server.logged()
        assert server.stop() == 0
    servers.drop_database(postgres_server, url)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_no_line_of_an_answered_request_is_lost_at_a_stop(how: signal.Signals, tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", **PRODUCTION) as server:
        calls = _two_hundred_calls(server)
        assert server.stop(how) == 0
        logged = server.logged()
    assert [number for number in calls if logged.count(f'"call-{number}"') != 1] == []


def test_lines_are_there_in_a_moment_whatever_becomes_of_the_process(tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", **PRODUCTION) as server:
        calls = _two_hundred_calls(server)
        until(lambda: all(f'"call-{number}"' in server.logged() for number in calls), server)
        server.kill()
        assert [number for number in calls if server.logged().count(f'"call-{number}"') != 1] == []


def _two_hundred_calls(server: Service) -> range:
    """Have so many calls answered, four at a time, which are named by their numbers."""
    calls = range(200)
    with ThreadPoolExecutor(4) as callers:
        list(callers.map(lambda number: server.call("GET", "/", headers={"X-Request-ID": f"call-{number}"}), calls))
    return calls
