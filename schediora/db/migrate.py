"""Bringing a database's schema to the newest revision, safely also when several processes do it at once."""

import functools
import importlib.resources
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from schediora.data_dir import exclusive
from schediora.db.database import CONNECT_SECONDS, SQLITE_PREFIX, sqlite_path
from schediora.db.revisions import Revisions, read_revisions
from schediora.errors import SetupError

SCRIPTS_PACKAGE = "schediora_migrations"
ADVISORY_LOCK = 0x5C4ED10A
"""Postgres's advisory lock key for migrating: any number, as long as every replica uses the same one."""
LOCK_TIMEOUT = "30s"


@functools.cache
def history() -> tuple[str, ...]:
    """Return every revision that this version of Schediora ships, oldest first."""
    found = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]
    if not found:
        raise SetupError("This installation of Schediora has no migrations; install it again.")
    return tuple(reversed(found))


def revisions(url: str) -> Revisions:
    """Compare the database at `url` with the newest revision; raises SetupError when it cannot be reached."""
    if url.startswith(SQLITE_PREFIX) and not sqlite_path(url).exists():
        return Revisions(None, history()[-1])
    with _connection(url) as connection:
        return _revisions(connection)


def upgrade(url: str, *, then: Callable[[], None] = lambda: None) -> Revisions:
    """Migrate the database at `url` to the newest revision, do what else has to be done, and return where it stood
    before.

    On SQLite one process at a time holds a file lock beside the database, on Postgres an advisory lock; both read the
    revision inside it, so a second caller finds nothing left to do.
    """
    if url.startswith(SQLITE_PREFIX):
        path = sqlite_path(url)
        with exclusive(path.parent / ".migrate.lock"), _connection(url) as connection:
            before = _upgrade_sqlite(connection)
            then()
            return before
    with _connection(url) as connection:
        connection.execute(sa.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            before = _revisions(connection)
            connection.commit()  # so that Alembic begins, and commits, a transaction of its own
            if not before.up_to_date:
                _run(connection)
            then()
        finally:
            connection.rollback()
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()
        return before


def script(url: str) -> str:
    """Return the SQL that makes an empty database of the kind of `url` up to date, without touching it."""
    out = StringIO()
    config = _config(out)
    config.attributes["url"] = url
    command.upgrade(config, "head", sql=True)
    return out.getvalue()


def write_revision(url: str, message: str, number: str) -> Path:
    """Write the migration from the database at `url`, which is up to date, to the models, and return its file; for
    contributors.
    """
    with _connection(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        written = command.revision(config, message=message, autogenerate=True, rev_id=number)
    if not isinstance(written, Script):
        raise SetupError("Nothing was written.")
    return Path(written.path)


def _upgrade_sqlite(connection: sa.Connection) -> Revisions:
    # Recreating a table with foreign keys on would cascade-delete its children, so they are checked afterwards instead.
    connection.exec_driver_sql("PRAGMA journal_mode = wal")
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    before = _revisions(connection)
    if not before.up_to_date:
        _run(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            connection.exec_driver_sql("ROLLBACK")
            raise SetupError(
                f"The migration would have left {len(broken)} rows without their parents; nothing was changed."
            )
    connection.exec_driver_sql("COMMIT")
    return before


def _run(connection: sa.Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revisions(connection: sa.Connection) -> Revisions:
    tables = sa.inspect(connection).get_table_names()
    return read_revisions(tables, lambda sql: connection.exec_driver_sql(sql).fetchall(), history())


def _config(output: StringIO | None = None) -> Config:
    config = Config(output_buffer=output) if output else Config()
    folder = importlib.resources.files(SCRIPTS_PACKAGE)
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    if url.startswith(SQLITE_PREFIX):
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"isolation_level": None, "timeout": 30})
    else:
        # Its own URLs know one host; libpq's, which may name several, go to libpq as they are.
        engine = sa.create_engine(
            "postgresql+psycopg://",
            poolclass=sa.NullPool,
            creator=lambda: psycopg.connect(url, connect_timeout=CONNECT_SECONDS),
        )
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.DBAPIError as problem:
        reason = str(problem.orig).strip().splitlines()[0]
        raise SetupError(f"The database cannot be reached or changed: {reason}.") from None
    finally:
        engine.dispose()
