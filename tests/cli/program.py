"""The `schediora` command as a process of its own, run to its end.

What a command loads, longer than it then runs, is loaded once: each process is a fork of one that has it. Commands as
a shell starts them are those of `tests/live.py`.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from schediora_cli.main import run as run_command

from tests.live import COMMAND

PATIENCE_SECONDS = 60

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.cli.everything", "tests.cli.program"])


def run(*arguments: object, folder: Path, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` with what is `given` to read, by default nothing, and its output in files."""
    command = [COMMAND, *map(str, arguments)]
    with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        read.write(given.encode())
        read.seek(0)
        files = [DupFd(one.fileno()) for one in (read, said, wrong)]
        process = _forks.Process(target=_become, args=(command, folder, environment(variables), files))
        process.start()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(command, PATIENCE_SECONDS)
        said.seek(0)
        wrong.seek(0)
        return subprocess.CompletedProcess(command, process.exitcode, said.read().decode(), wrong.read().decode())


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with `variables`, without settings of a developer's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SCHEDIORA_")} | dict(variables)


def _become(command: list[str], folder: Path, variables: dict[str, str], files: list[Any]) -> None:
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
        run_command()
    finally:
        atexit._run_exitfuncs()
