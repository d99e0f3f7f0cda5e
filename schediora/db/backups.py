"""A backup of a SQLite database while it is written to, and putting one back; each is whole or not there at all."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schediora.clock import utc_now
from schediora.data_dir import exclusive, make_data_dir
from schediora.db.copies import to_disk
from schediora.db.migrate import MIGRATE_LOCK
from schediora.db.revisions import Revisions, history, read_revisions
from schediora.db.serving import used_by_nobody
from schediora.errors import SetupError

_BUSY_SECONDS = 10.0
_MAGIC = b"SQLite format 3\0"
"""How every database begins (SQLite's documentation, "Database File Format", section 1.3.1)."""
_AHEAD = 1_000_000
"""More changes than a student makes between a backup and the day on which it is put back."""
_COUNT_AHEAD = "UPDATE users SET planner_revision = planner_revision + ?"

_Rows = Callable[[str], list[Any]]


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the schema of what was put back stands, and where the database before it was put, if there was one."""

    revisions: Revisions
    replaced: Path | None


def back_up(path: Path, to: Path) -> int:
    """Copy the database at `path` as it is at one moment to the new file `to`, and return the copy's bytes.

    Others may write meanwhile. The copy is checked, for its owner alone, and on the disk. Raises SetupError, and leaves
    nothing, when there is no database, `to` is there already, or the copy cannot be made.
    """
    if not path.exists():
        raise SetupError(f"There is no database {path} to copy.")
    if to.exists():
        raise SetupError(f"{to} is there already; name a new file.")
    with _unfinished(to) as draft:
        _copy(path, draft)
        _require_whole(draft, named=path)
        _put(draft, to)
    return to.stat().st_size


def restore(backup: Path, path: Path) -> Restored:
    """Put `backup` in the place of the database at `path`, which is put aside.

    Whenever it is interrupted, there is the old database or the new one. Devices that ask for what has changed begin
    anew. Raises SetupError, and changes nothing, when
    somebody uses the database, when the backup is damaged or is none of ours, or when it is newer than this version
    and cannot be used with it.
    """
    if not backup.is_file():
        raise SetupError(f"There is no file {backup}.")
    make_data_dir(path.parent)
    with used_by_nobody(path), exclusive(path.parent / MIGRATE_LOCK), _unfinished(path) as draft:
        _copy(backup, draft)
        _require_whole(draft, named=backup)
        found = _revisions(draft, named=backup)
        found.refuse_incompatible()
        _count_ahead(draft)
        replaced = _put_aside(path) if path.exists() else None
        for companion in _companions(path):
            companion.unlink(missing_ok=True)
        draft.replace(path)
        to_disk(path.parent)
    return Restored(found, replaced)


def _count_ahead(draft: Path) -> None:
    """Let no student's revision be one that was given out since the backup was made: a device that was told of changes
    up to it would wait for those after it, and miss that they are undone.
    """
    with closing(sqlite3.connect(draft)) as connection, connection:
        connection.execute(_COUNT_AHEAD, (_AHEAD,))


def copy_key(key: Path, to: Path) -> None:
    """Copy the signing key to the new file `to`, for its owner alone. Raises SetupError, and leaves nothing."""
    try:
        content = key.read_bytes()
    except OSError as problem:
        raise SetupError(f"The signing key {key} cannot be read: {problem.strerror}.") from None
    if to.exists():
        raise SetupError(f"{to} is there already; name a new file.")
    with _unfinished(to) as draft:
        draft.write_bytes(content)
        to_disk(draft)
        _put(draft, to)


@contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """Yield an empty file beside `to`, for its owner alone, which is gone afterwards unless it was moved."""
    try:
        handle, name = tempfile.mkstemp(prefix=f"{to.name}.", suffix=".unfinished", dir=to.parent)
    except OSError as problem:
        raise SetupError(f"{to.parent} cannot be written: {problem.strerror}.") from None
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    except OSError as problem:
        raise SetupError(f"{to} cannot be written: {problem.strerror or problem}.") from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _copy(path: Path, draft: Path) -> None:
    try:
        # A connection of its own, which sees one moment of the database and what is in its log.
        with closing(sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)) as reader:
            reader.execute("VACUUM INTO ?", (str(draft),))
    except sqlite3.Error as problem:
        raise SetupError(f"{path} cannot be copied ({problem}); see that it is a whole database.") from None
    to_disk(draft)


def _require_whole(copy: Path, *, named: Path) -> None:
    with _reading(copy, named=named) as rows:
        if rows("PRAGMA integrity_check(1)") != [("ok",)]:
            raise SetupError(f"{named} is damaged; use another backup.")
        if broken := rows("PRAGMA foreign_key_check"):
            raise SetupError(f"{named} is damaged: {len(broken)} rows have lost their parents; use another backup.")


def _revisions(copy: Path, *, named: Path) -> Revisions:
    with _reading(copy, named=named) as rows:
        tables = [str(name) for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = read_revisions(tables, rows, history())
    if found.current is None:
        raise SetupError(f"{named} is no backup of Schediora's.")
    return found


@contextmanager
def _reading(copy: Path, *, named: Path) -> Iterator[_Rows]:
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            yield lambda sql: connection.execute(sql).fetchall()
    except sqlite3.Error as problem:
        raise SetupError(f"{named} is damaged ({problem}); use another backup.") from None


def _put(draft: Path, to: Path) -> None:
    """Give `draft` the name `to`, which nobody may have taken meanwhile."""
    try:
        os.link(draft, to)
    except FileExistsError:
        raise SetupError(f"{to} is there already; name a new file.") from None
    except OSError:  # a file system without second names
        draft.rename(to)
    to_disk(to.parent)


def _put_aside(path: Path) -> Path:
    """Keep the database at `path` under another name, too; nothing of it is left in a log beside it.

    A damaged one, whose log cannot be written back, takes its log along.
    """
    aside = path.with_name(f"{path.name}.{utc_now():%Y%m%dT%H%M%S%fZ}.before-restore")
    if not _closed_up(path):
        for companion in _companions(path):
            if companion.exists():
                companion.rename(aside.with_name(companion.name.replace(path.name, aside.name, 1)))
    try:
        os.link(path, aside)
    except OSError:  # a file system without second names
        path.rename(aside)
    return aside


def _closed_up(path: Path) -> bool:
    """Write the log back into the database and remove it; tell whether that could be done.

    Raises SetupError when somebody has the database open, who would go on writing into the old one.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:  # SQLite would throw away a log that belongs to no database
            return False
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem) or "busy" in str(problem):
            raise SetupError(f"Somebody uses {path}; stop every program that has it open, and try again.") from None
        return False
    except sqlite3.Error:
        return False
    return True


def _companions(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal"))
