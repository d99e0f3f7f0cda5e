"""One process at a time, on one machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schediora.errors import SetupError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, making it and its folder; waits for the holder, and the kernel frees it when a process dies.

    Raises SetupError when the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a")
    except OSError as problem:
        raise SetupError(
            f"The data directory {path.parent} cannot be written ({problem.strerror}); choose another with --data-dir."
        ) from None
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
