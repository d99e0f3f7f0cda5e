"""The `schediora` command as a process of its own, run to its end."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.live import COMMAND

PATIENCE_SECONDS = 60


def run(*arguments: object, folder: Path, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` with what is `given` to read, by default nothing, and its output in pipes."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=folder,
        env=environment(variables),
        input=given,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with `variables`, without settings of a developer's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SCHEDIORA_")} | dict(variables)
