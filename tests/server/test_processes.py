"""`schediora serve --processes 2`: what the parent is, what becomes of a process that dies, and how they stop."""

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import running_processes
from tests.live import STOP_SECONDS, Service, service
from tests.ports import free_port

PATIENCE_SECONDS = 60
PRODUCTION = {
    "SCHEDIORA_ENVIRONMENT": "production",
    "SCHEDIORA_AUTH__SECRET_KEY": "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6",
}
STUDENT = {"email": "kim@example.com", "password": "correct horse"}
WISH = {"goal": "Pass the exam", "topic": "Biology"}


def until(holds: Callable[[], bool], server: Service) -> None:
    """Wait until something holds; fail with the log when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, server.logged()[-3000:]
        time.sleep(0.05)


def children_of(server: Service) -> list[int]:
    assert server.process is not None
    return running_processes.children(server.process.pid)


def events(server: Service, name: str) -> list[dict[str, object]]:
    """The events of that name; a line that is still being written is not read yet."""
    told = [json.loads(line) for line in server.logged().splitlines(keepends=True) if line[:1] + line[-1] == "{\n"]
    return [line for line in told if line["event"] == name]


def counted(port: int, name: str) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def two(tmp_path: Path, port: int) -> Iterator[Service]:
    given = {**PRODUCTION, "SCHEDIORA_METRICS__PORT": str(port)}
    with service(tmp_path / "data", "serve", "--processes", "2", **given) as server:
        until(lambda: len(events(server, "serving")) == 1 and len(children_of(server)) == 3, server)
        yield server


def test_a_parent_without_threads_replaces_who_dies_and_stops_everybody_once(two: Service, port: int) -> None:
    assert two.process is not None
    assert running_processes.threads(two.process.pid) == 1
    assert len(running_processes.sockets(two.process.pid)) == 2, "one for the app and one for Prometheus"
    assert len(children_of(two)) == 3

    token = two.call("POST", "/auth/register", STUDENT).json["access_token"]
    job = two.call("POST", "/ai/plans/generate", WISH, token=token).json["job_id"]
    until(lambda: two.call("GET", f"/ai/jobs/{job}", token=token).json["status"] == "completed", two)
    for _ in range(30):
        assert two.call("GET", "/users/me", token=token).status == 200
    name = 'schediora_request_seconds_count{method="GET",route="/api/v1/users/me",status="200"}'
    assert counted(port, name) == 30

    victim = children_of(two)[0]
    os.kill(victim, signal.SIGKILL)
    until(lambda: victim not in children_of(two) and len(children_of(two)) == 3, two)
    [ended] = events(two, "process_ended")
    assert (ended["role"], ended["pid"], ended["how"]) == ("answers", victim, "signal SIGKILL")
    for _ in range(10):
        assert two.call("GET", "/users/me", token=token).status == 200
    assert counted(port, name) == 40
    folder = two.data_dir / "metrics" / str(port)
    assert not list(folder.glob(f"gauge_live*_{victim}.db"))

    left = children_of(two)
    two.process.send_signal(signal.SIGHUP)
    for child in left:
        os.kill(child, signal.SIGINT)  # as a terminal does
    assert two.stop(signal.SIGINT) == 0
    assert not any(map(running_processes.lives, left))
    assert len(events(two, "stopping")) == 1
    assert "Traceback" not in two.logged()


def test_children_do_not_outlive_a_parent_that_was_killed(two: Service) -> None:
    left = children_of(two)
    two.kill()
    assert running_processes.all_gone(left, seconds=STOP_SECONDS)
    assert "Traceback" not in two.logged()


def test_a_second_signal_ends_all_processes_at_once(two: Service) -> None:
    assert two.process is not None
    left = children_of(two)
    os.kill(left[0], signal.SIGSTOP)  # it cannot drain
    two.process.send_signal(signal.SIGTERM)
    time.sleep(1.5)
    assert two.stop(signal.SIGTERM) == -signal.SIGTERM
    assert running_processes.all_gone(left, seconds=STOP_SECONDS)
