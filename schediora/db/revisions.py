"""Where a database's schema stands, seen from this version of Schediora: behind it, level with it, or ahead of it.

A database is ahead after an upgrade whose code was then rolled back. Older code cannot read the newer migrations, so
each says in the database itself, in the table `schema_revisions`, whether the code before it can work with the result.

SQLAlchemy and Alembic are not asked: to import them takes a quarter of a start, and 25 MB.
"""

import functools
import importlib.resources
import re
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from schediora.db.database import SQLITE_PREFIX, sqlite_path
from schediora.db.postgres import connect_postgres, require_utf8
from schediora.errors import SetupError

SCRIPTS_PACKAGE = "schediora_migrations"
_SCRIPT = re.compile(r"(\d{4})_\w+\.py")
_LOCKED_SECONDS = 30.0


class NewerSchema(SetupError):
    """The database is newer than this version of Schediora; install the newer version."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """Where a database stands and where the code wants it; `current` is None for a database without a schema.

    `newer` means that the code does not know `current`; `compatible` that it can work with it all the same, which is
    so only if every revision after the code's newest says so.
    """

    current: str | None
    newest: str
    newer: bool = False
    compatible: bool = False

    @property
    def up_to_date(self) -> bool:
        """Whether there is nothing to migrate and nothing to be careful about."""
        return self.current == self.newest

    @property
    def usable(self) -> bool:
        """Whether requests can be served."""
        return self.up_to_date or (self.newer and self.compatible)

    @property
    def advice(self) -> str:
        """One sentence on a newer database: both revisions and what to do."""
        where = f"The database is at revision {self.current}, newer than {self.newest}, which this version of Schediora"
        if self.compatible:
            return f"{where} was made for; it works with both, so go on and install the newer version when you can."
        return (
            f"{where} was made for, and cannot be used with it: install the version that migrated the database, "
            "or restore the copy from before."
        )

    def refuse_incompatible(self) -> None:
        """Raise NewerSchema for a newer schema that does not say that this version can work with it."""
        if self.newer and not self.compatible:
            raise NewerSchema(self.advice)


@functools.cache
def history() -> tuple[str, ...]:
    """Return every revision that this version of Schediora ships, oldest first: each script's name begins with its own,
    and they follow each other by number.
    """
    names = [entry.name for entry in importlib.resources.files(SCRIPTS_PACKAGE).joinpath("versions").iterdir()]
    found = sorted(script[1] for script in map(_SCRIPT.fullmatch, names) if script)
    if not found:
        raise SetupError("This installation of Schediora has no migrations; install it again.")
    return tuple(found)


def revisions(url: str) -> Revisions:
    """Compare the database at `url` with the newest revision; raises SetupError when it cannot be reached, or is not
    UTF-8.
    """
    try:
        return _of_sqlite(url) if url.startswith(SQLITE_PREFIX) else _of_postgres(url)
    except (sqlite3.Error, psycopg.Error) as problem:
        raise SetupError(unreachable(problem)) from None


def unreachable(problem: BaseException) -> str:
    """Return the sentence on a database with which something went wrong, without the lines after its first."""
    return f"The database cannot be reached or changed: {str(problem).strip().splitlines()[0]}."


def _of_sqlite(url: str) -> Revisions:
    path = sqlite_path(url)
    if not path.exists():
        return Revisions(None, history()[-1])
    with closing(sqlite3.connect(path, timeout=_LOCKED_SECONDS, isolation_level=None)) as connection:
        ((encoding,),) = connection.execute("PRAGMA encoding")
        require_utf8(encoding)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return read_revisions(tables, lambda sql: connection.execute(sql).fetchall(), history())


def _of_postgres(url: str) -> Revisions:
    with closing(connect_postgres(url)) as connection:

        def rows(sql: Any) -> list[Any]:
            return connection.execute(sql).fetchall()

        ((encoding,),) = rows("SHOW server_encoding")
        require_utf8(encoding)
        tables = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")]
        return read_revisions(tables, rows, history())


def read_revisions(tables: Collection[str], rows: Callable[[str], Sequence[Any]], history: Sequence[str]) -> Revisions:
    """Return where a database stands that has `tables` and answers SQL with `rows`; `history` is the code's own, oldest
    first.
    """
    newest = history[-1]
    # In this order: a migration that commits in between is then seen as done and explained, or as not done yet.
    current = _first(rows("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else None
    if current is None or current in history:
        return Revisions(current, newest)
    said: dict[str, tuple[str | None, bool]] = {}
    if "schema_revisions" in tables:
        found = rows("SELECT revision, follows, compatible FROM schema_revisions")
        said = {revision: (follows, bool(compatible)) for revision, follows, compatible in found}
    return Revisions(current, newest, newer=True, compatible=_compatible(current, newest, said))


def _compatible(current: str, newest: str, said: Mapping[str, tuple[str | None, bool]]) -> bool:
    """Tell whether every step from `newest` to `current` says that it is; what is not said is not so."""
    at: str | None = current
    for _ in said:
        follows, compatible = said.get(at or "", (None, False))
        if not compatible:
            return False
        if follows == newest:
            return True
        at = follows
    return False


def _first(found: Sequence[Any]) -> str | None:
    return str(found[0][0]) if found else None
