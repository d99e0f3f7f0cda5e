"""A real `schediora` process and real HTTP, as the app would meet it."""

import json as jsonlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from tests.ports import free_port

COMMAND = str(Path(sys.executable).with_name("schediora"))
USUAL = {"SCHEDIORA_SERVER__PROCESSES": "1", "SCHEDIORA_LIMITS__ENABLED": "false"}
"""One process on Postgres as well: several would make the tests slower and show nothing. And nobody is refused for
asking again and again. Those about several processes, and about limits, say so.
"""
LIMITED = {"SCHEDIORA_LIMITS__ENABLED": "true"}
START_SECONDS = 60
STOP_SECONDS = 20
"""A stop may take 15 s; the rest is for a machine that does other things as well."""


@dataclass(frozen=True)
class Answer:
    """A status, headers and what the body says."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return jsonlib.loads(self.body)


class Process(Protocol):
    """A process that was started, as `subprocess.Popen` has it."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: signal.Signals, /) -> None: ...

    def kill(self) -> None: ...


class Service:
    """A `schediora serve` or `schediora worker` process over a data directory; can die and be started again."""

    program = COMMAND

    def __init__(self, data_dir: Path, *arguments: str, **variables: str) -> None:
        self.data_dir = data_dir
        self.log = data_dir.parent / f"{data_dir.name}-{arguments[0]}.log"
        self._arguments = arguments
        self._variables = variables
        self.port = free_port() if arguments[0] == "serve" else 0
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    def start(self) -> "Service":
        """Start the process; a server is waited for until it answers."""
        self.launch()
        if self.port:
            self.wait_until_it_answers()
        return self

    def launch(self) -> None:
        """Start the process."""
        listen = ["--port", str(self.port)] if self.port else []
        command = [self.program, *self._arguments, "--data-dir", str(self.data_dir), *listen]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHEDIORA_")}
        with self.log.open("ab") as log:
            self.process = self.begun(command, kept | USUAL | self._variables, log)

    def begun(self, command: list[str], variables: dict[str, str], log: IO[bytes]) -> Process:
        """Return the process of `command`, which writes to `log`."""
        return subprocess.Popen(command, stdout=log, stderr=log, env=variables, cwd=self.data_dir.parent)

    def kill(self) -> None:
        """End it as a power cut would (kill -9)."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; return its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)

    def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        token: str | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 12.0,
    ) -> Answer:
        """Send one request; 12 s is as long as the app waits."""
        sent = dict(headers or {})
        if json is not None:
            body = jsonlib.dumps(json).encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as problem:
            with problem:
                return Answer(problem.code, dict(problem.headers), problem.read())

    def logged(self) -> str:
        """All that the process has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_it_answers(self) -> None:
        """Wait until the server takes requests; fail with its log when it does not."""
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if self.call("GET", "/health/live").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not answer:\n{self.logged()[-2000:]}")


@contextmanager
def service(data_dir: Path, *arguments: str, **variables: str) -> Iterator[Service]:
    """Run a process and make sure that it is gone afterwards."""
    with started(Service(data_dir, *arguments, **variables)) as running:
        yield running


@contextmanager
def started(running: Service) -> Iterator[Service]:
    """Start a process and make sure that it is gone afterwards."""
    try:
        running.start()
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            running.kill()
