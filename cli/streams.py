"""Standard input, output and error: closed from the start, or without a reader later, they stop nothing."""

import os
import sys
from contextlib import suppress
from typing import TextIO


def open_closed_streams() -> None:
    """Put nothing in the place of each standard stream that is closed.

    Else the next file that is opened, the database perhaps, would get its number and whatever is printed to it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which takes the lowest number that is free
            os.set_inheritable(number, True)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def let_go_of_broken_streams() -> None:
    """Forget what nobody reads any more; the interpreter would end with code 120 for it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            forget(stream)


def forget(stream: TextIO) -> None:
    """Send what `stream` holds, and all that follows, nowhere."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
