"""A SQLite database, looked at without writing to it."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from schediora.db.postgres import require_utf8
from schediora.doctor.database import Opened, schema_findings
from schediora.doctor.finding import Finding, ok, reason, warning, wrong
from schediora.errors import SetupError

_OLDEST = (3, 35)
"""The first that answers with what it wrote (RETURNING)."""
_CHECK_SECONDS = 5.0
_STEPS = 100_000
"""The database is asked this often, in its virtual machine's steps, whether the check has taken long enough."""


def sqlite_findings(path: Path, now: datetime) -> Iterator[Finding]:
    """Look at the database at `path`."""
    if sqlite3.sqlite_version_info < _OLDEST:
        yield wrong("database", f"SQLite is {sqlite3.sqlite_version}; install a Python that comes with 3.35 or newer.")
        return
    if not path.exists():
        yield ok("database", f"There is none yet; the first start makes {path} (SQLite {sqlite3.sqlite_version}).")
        return
    try:
        with closing(sqlite3.connect(_without_writing(path), uri=True, timeout=_CHECK_SECONDS)) as connection:
            yield from _looked_at(connection, path, now)
    except sqlite3.Error as problem:
        yield wrong(
            "database",
            f"{path} cannot be read ({reason(problem)}); see that it is Schediora's and ours, or restore a backup.",
        )


def _looked_at(connection: sqlite3.Connection, path: Path, now: datetime) -> Iterator[Finding]:
    def rows(sql: str) -> list[tuple[object, ...]]:
        return connection.execute(sql).fetchall()

    try:
        require_utf8(str(rows("PRAGMA encoding")[0][0]))
    except SetupError as problem:
        yield wrong("database", problem.detail)
        return
    size = path.stat().st_size
    damage = _damage(connection)
    if damage:
        yield wrong("database", f"{path} is damaged ({damage}); restore a backup.")
    else:
        checked = "whole" if damage is not None else "whole as far as was looked"
        yield ok("database", f"{path} is {checked}, {_megabytes(size)} of UTF-8 (SQLite {sqlite3.sqlite_version}).")
    if shutil.disk_usage(path.parent).free < 2 * size:
        yield warning(
            "disk",
            f"A migration copies the database first, and beside {path} there is no room for that; make "
            f"{_megabytes(2 * size)} free.",
        )
    tables = [str(name) for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    yield from schema_findings(Opened(rows, tables, on_postgres=False), now)


def _damage(connection: sqlite3.Connection) -> str | None:
    """Return the first thing that is wrong with the file, empty when nothing is, None when it took too long to tell."""
    until = time.monotonic() + _CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as problem:
        if "interrupted" in str(problem):
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)
    return "" if said == "ok" else said.splitlines()[-1]


def _without_writing(path: Path) -> str:
    """Return the URL that opens `path` and leaves no file behind: without a log beside it nobody has it open."""
    unused = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return f"file:{quote(str(path))}?mode=ro{unused}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
