"""`schediora` as a process of its own that need not load anything: a fork of one that has.

What a command loads takes longer than it then runs. Commands as a shell starts them are those of `tests/live.py`.
"""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from schediora_cli.main import run as run_command

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.everything", "tests.prepared"])


class Fork:
    """A running command, as `subprocess.Popen` has it."""

    def __init__(self, process: ForkServerProcess, command: Sequence[str]) -> None:
        assert process.pid is not None
        self.pid: int = process.pid
        self._process = process
        self._command = command

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once it has ended; raise TimeoutExpired when that takes longer."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._command, timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would (kill -9)."""
        self.send_signal(signal.SIGKILL)


def fork(
    command: Sequence[str],
    *,
    folder: Path,
    variables: Mapping[str, str],
    files: tuple[int, int, int],
    first: Callable[[], object] | None = None,
) -> Fork:
    """Start `command` in `folder` with an environment of `variables` alone, and standard input, output and error in
    `files`. In the fork, `first` is called before the command begins.
    """
    arguments = (list(command), folder, dict(variables), [DupFd(number) for number in files], first)
    # What a test leaves behind ends with the tests.
    process = _forks.Process(target=_become, args=arguments, daemon=True)
    process.start()
    return Fork(process, command)


def _become(
    command: list[str], folder: Path, variables: dict[str, str], files: list[Any], first: Callable[[], object] | None
) -> None:
    """Be `command` in a fresh fork, to its end."""
    for number, file in enumerate(files):
        os.dup2(file.detach(), number)
    sys.stdin = os.fdopen(0)
    sys.stdout = os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    tempfile.tempdir = None
    os.chdir(folder)
    sys.argv = command
    try:
        if first:
            first()
        run_command()
    finally:
        atexit._run_exitfuncs()
