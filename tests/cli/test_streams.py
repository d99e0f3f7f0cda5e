"""Neither a closed stream nor one that loses its reader stops a command or changes its exit code."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import PATIENCE_SECONDS, environment
from tests.live import COMMAND, Service, service

STUDENT = {"email": "kim@example.com", "password": "correct horse"}
CLOSED = ("2>&-", "1>&-", "0<&-", "0<&- 1>&- 2>&-")


def shell(line: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["bash", "-c", f'exec "{COMMAND}" {line}'],
        cwd=folder,
        env=environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        *((command, "2>&-") for command in ("config", "migrate", "seed", "version", "openapi", "--help")),
        *(("version", closed) for closed in CLOSED),
        ("seed", "0<&- 1>&- 2>&-"),
    ],
)
def test_a_stream_that_is_closed_stops_no_command(command: str, closed: str, tmp_path: Path) -> None:
    assert shell(f"{command} {closed}", tmp_path).returncode == 0


@pytest.mark.parametrize(("command", "code"), [("config --config nowhere.toml", 2), ("healthcheck --port 1", 1)])
def test_a_sentence_that_nobody_can_read_keeps_its_exit_code(command: str, code: int, tmp_path: Path) -> None:
    assert shell(f"{command} 2>&-", tmp_path).returncode == code
    assert shell(f"{command} 2>/dev/full", tmp_path).returncode == code


def test_output_that_could_not_be_kept_is_no_success(tmp_path: Path) -> None:
    failed = shell("config >/dev/full", tmp_path)
    assert failed.returncode == 1
    assert failed.stderr == b"schediora: The disk is full; make room and try again.\n"


@pytest.mark.parametrize("closed", CLOSED)
def test_a_server_runs_without_streams_and_writes_into_no_file_of_its_own(closed: str, tmp_path: Path) -> None:
    server = Service(tmp_path / "data", "serve")
    line = f'exec "{COMMAND}" serve --port {server.port} --data-dir data {closed}'
    server.process = subprocess.Popen(["bash", "-c", line], cwd=tmp_path, env=environment({}))
    server.log.touch()
    try:
        server.wait_until_it_answers()
        assert server.call("POST", "/auth/register", STUDENT).status == 201
        standard = [os.readlink(f"/proc/{server.process.pid}/fd/{number}") for number in range(3)]
        assert not [target for target in standard if target.startswith(str(tmp_path / "data"))]
        assert server.stop() == 0
    finally:
        server.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_whose_log_pipe_is_closed_goes_on_and_ends_in_order(how: signal.Signals, tmp_path: Path) -> None:
    server = Service(tmp_path / "data", "serve")
    server.log.touch()
    command = [COMMAND, "serve", "--port", str(server.port), "--data-dir", "data"]
    server.process = subprocess.Popen(
        command, cwd=tmp_path, env=environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert server.process.stdout is not None
    assert server.process.stderr is not None
    try:
        server.process.stdout.close()
        server.wait_until_it_answers()
        server.process.stderr.close()
        assert [server.call("GET", "/health/ready").status for _ in range(5)] == [200] * 5
        assert server.stop(how) == 0
    finally:
        server.kill()


def test_a_server_whose_log_fills_the_disk_goes_on(tmp_path: Path) -> None:
    with service(tmp_path / "data", "serve") as server:
        assert server.stop() == 0
    with open("/dev/full", "wb") as full:
        command = [COMMAND, "serve", "--port", str(server.port), "--data-dir", "data"]
        server.process = subprocess.Popen(command, cwd=tmp_path, env=environment({}), stdout=full, stderr=full)
    try:
        server.wait_until_it_answers()
        assert server.call("GET", "/health/ready").status == 200
        assert server.stop() == 0
    finally:
        server.kill()
