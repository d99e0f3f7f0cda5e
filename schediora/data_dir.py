"""One process at a time, on one machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schediora.errors import SetupError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, making it and its folder; waits for the holder, whose death frees it, too.

    Raises SetupError when the folder cannot be written.
    """
    make_data_dir(path.parent)
    try:
        stream = path.open("a")
    except OSError as problem:
        raise _not_writable(path.parent, problem) from None
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def make_data_dir(folder: Path) -> None:
    """Make `folder`, for its owner alone, unless it is there; raise SetupError when that cannot be done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise _not_writable(folder, problem) from None


def _not_writable(folder: Path, problem: OSError) -> SetupError:
    return SetupError(
        f"The data directory {folder} cannot be written ({problem.strerror}); choose another with --data-dir."
    )
