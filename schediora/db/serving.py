"""Who works on a SQLite database: any number of processes at once, or one that puts another file in its place."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schediora.data_dir import locked
from schediora.db.database import SQLITE_PREFIX, sqlite_path
from schediora.errors import SetupError

_LOCK = ".serving.lock"


@contextmanager
def used(url: str) -> Iterator[None]:
    """Note for as long as the block lasts that this process, and those that it forks, use the database at `url`.

    On SQLite only; Postgres looks after itself. Raises SetupError while a backup is put back.
    """
    if not url.startswith(SQLITE_PREFIX):
        yield
        return
    with locked(sqlite_path(url).parent / _LOCK, fcntl.LOCK_SH) as ours:
        if not ours:
            raise SetupError("A backup is being put back right now; start again when that is done.")
        yield


@contextmanager
def used_by_nobody(path: Path) -> Iterator[None]:
    """Keep everybody away from the SQLite database at `path`; raise SetupError when somebody uses it."""
    with locked(path.parent / _LOCK, fcntl.LOCK_EX) as ours:
        if not ours:
            raise SetupError(f"A server or a worker uses {path}; stop it, and try again.")
        yield
