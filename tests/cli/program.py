"""The `schediora` command as a process of its own, run to its end, as a fork of one that has loaded everything."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.forks import fork
from tests.live import COMMAND

PATIENCE_SECONDS = 60


def run(*arguments: object, folder: Path, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` with what is `given` to read, by default nothing, and its output in files."""
    command = [COMMAND, *map(str, arguments)]
    with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        read.write(given.encode())
        read.seek(0)
        files = (read.fileno(), said.fileno(), wrong.fileno())
        process = fork(command, folder=folder, variables=environment(variables), files=files)
        try:
            code = process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        said.seek(0)
        wrong.seek(0)
        return subprocess.CompletedProcess(command, code, said.read().decode(), wrong.read().decode())


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with `variables`, without settings of a developer's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SCHEDIORA_")} | dict(variables)
