"""Executing this program anew, as it was called: what was installed meanwhile is what runs then."""

import os
import sys
from collections.abc import Mapping
from typing import NoReturn


def command() -> list[str]:
    """Return what this process was called with, the program first.

    A script is called by its own name rather than by its interpreter's: a link on its way may lead to a newer release.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *sys.argv[1:]]
    script = sys.argv[0]
    if os.path.isfile(script) and os.access(script, os.X_OK):
        return list(sys.argv)
    return [sys.executable, *sys.orig_argv[1:]]


def execute_anew(environment: Mapping[str, str]) -> NoReturn:
    """Put the program in the place of this process, which keeps its number; raise OSError when that cannot be done."""
    called = command()
    # The executable of one file would run what it has unpacked already (PyInstaller's manual, "Environment variables").
    fresh = {"PYINSTALLER_RESET_ENVIRONMENT": "1"} if getattr(sys, "frozen", False) else {}
    os.execve(called[0], called, {**environment, **fresh})
