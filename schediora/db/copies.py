"""Copies of a SQLite database from before it was migrated, so that an upgrade can be taken back."""

import glob
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from schediora.clock import utc_now
from schediora.errors import SetupError

KEPT = 3
_UNFINISHED = "unfinished"


def copy_before(path: Path, revision: str) -> Path:
    """Copy the database at `path`, which is about to be brought to `revision`, beside it, and return the copy.

    For its owner alone, whole or not there at all, and on the disk; the newest three are kept. The caller holds the
    writer's lock, so nothing is written meanwhile. Raises SetupError, as without a copy nothing is to be changed.
    """
    copy = path.with_name(f"{path.name}.{utc_now():%Y%m%dT%H%M%S%fZ}.before-{revision}")
    unfinished = path.with_name(f"{path.name}.{_UNFINISHED}")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("VACUUM INTO ?", (str(unfinished),))
        to_disk(unfinished)
        unfinished.rename(copy)
        to_disk(copy.parent)
        for old in sorted(path.parent.glob(f"{glob.escape(path.name)}.*.before-*"))[:-KEPT]:
            old.unlink()
    except (OSError, sqlite3.Error) as problem:
        unfinished.unlink(missing_ok=True)
        reason = getattr(problem, "strerror", None) or problem
        raise SetupError(
            f"The database could not be copied to {copy} before migrating it ({reason}), so nothing was changed; make "
            "room there and try again."
        ) from None
    return copy


def to_disk(path: Path) -> None:
    """Have what was written to a file, or the names in a folder, survive a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
