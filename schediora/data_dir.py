"""The data directory: made for its owner alone and kept so, and one process in it at a time where that matters."""

import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from schediora.errors import SetupError

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_ANYBODY_ELSE = 0o077
_EVERYBODY = 0o007
_NOBODYS_FOLDERS = ("lost+found", "metrics")
"""The system's, and that in which our own processes count together."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """What was readable to others and is no longer, and what still is."""

    mended: tuple[Path, ...]
    exposed: tuple[Path, ...]


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, making it and its folder; waits for the holder, whose death frees it, too.

    Raises SetupError when the folder cannot be written.
    """
    with _opened(path) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def locked(path: Path, how: int) -> Iterator[bool]:
    """Hold the lock file `path`, making it and its folder, shared or alone (`fcntl.LOCK_SH`, `LOCK_EX`), without
    waiting; yield whether it could be had. Forked processes hold it along.

    Raises SetupError when the folder cannot be written.
    """
    with _opened(path) as stream:
        try:
            fcntl.flock(stream, how | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _opened(path: Path) -> TextIO:
    make_data_dir(path.parent)
    try:
        return path.open("a")
    except OSError as problem:
        raise _not_writable(path.parent, problem) from None


def make_data_dir(folder: Path) -> None:
    """Make `folder`, for its owner alone, unless it is there; raise SetupError when that cannot be done."""
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as problem:
        raise _not_writable(folder, problem) from None


def make_private(folder: Path, names: Iterable[str]) -> Privacy:
    """Set `folder`, if it is there and ours alone, to 0700 and the files in it that are called like `names` (patterns)
    to 0600.

    A folder of somebody else, or with folders in it, is shared by its operator: only its files are seen to. Of a file
    of somebody else only what everybody may do is our business, as a group may have been let in on purpose.
    """
    open_to_others = _open_to_others(folder, names)
    for path, mode in open_to_others.items():
        try:
            path.chmod(mode)
        except OSError:  # whether it matters is seen below: some file systems know no modes, and some say so
            continue
    still = tuple(path for path in open_to_others if _is_exposed(path, os.geteuid()))
    return Privacy(tuple(path for path in open_to_others if path not in still), still)


def exposed(folder: Path, names: Iterable[str]) -> tuple[Path, ...]:
    """Return what `make_private` would close, and change nothing."""
    return tuple(_open_to_others(folder, names))


def _open_to_others(folder: Path, names: Iterable[str]) -> dict[Path, int]:
    """Return what others can read of `folder` and the files called like `names`, with the mode that it should have."""
    us = os.geteuid()
    if not folder.is_dir():
        return {}
    found = {path: _FILE_MODE for name in names for path in sorted(folder.glob(name)) if path.is_file()}
    if _is_ours_alone(folder, us):
        found[folder] = _FOLDER_MODE
    return {path: mode for path, mode in found.items() if _is_exposed(path, us)}


def _is_exposed(path: Path, us: int) -> bool:
    try:
        found = path.stat()
    except OSError:  # SQLite's companions come and go
        return False
    return bool(found.st_mode & (_ANYBODY_ELSE if found.st_uid == us else _EVERYBODY))


def _is_ours_alone(folder: Path, us: int) -> bool:
    found = folder.stat()
    if found.st_uid != us or found.st_mode & stat.S_ISVTX:
        return False
    try:
        return not any(entry.is_dir() and entry.name not in _NOBODYS_FOLDERS for entry in folder.iterdir())
    except OSError:
        return False


def _not_writable(folder: Path, problem: OSError) -> SetupError:
    return SetupError(
        f"The data directory {folder} cannot be written ({problem.strerror}); choose another with --data-dir."
    )
