"""Bringing a database's schema to the newest revision, safely also when several processes do it at once."""

import importlib.resources
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import Script

from schediora.data_dir import exclusive
from schediora.db.copies import copy_before
from schediora.db.database import SQLITE_PREFIX, sqlite_path
from schediora.db.ends import End, PostgresEnd, SqliteEnd
from schediora.db.postgres import PostgresConnection, connect_postgres, require_utf8
from schediora.db.revisions import SCRIPTS_PACKAGE, Revisions, read_revisions, unreachable
from schediora.db.revisions import history as history
from schediora.db.revisions import revisions as revisions
from schediora.db.serving import used_by_nobody
from schediora.errors import SetupError

MIGRATE_LOCK = ".migrate.lock"
ADVISORY_LOCK = 0x5C4ED10A
"""Postgres's advisory lock key for migrating: any number, as long as every replica uses the same one."""
_PATIENCE = """SELECT set_config('lock_timeout', '30s', true), set_config('statement_timeout', '0', true),
set_config('idle_in_transaction_session_timeout', '0', true)"""
"""A migration may take long, but waits for others no longer than that."""

_NOBODY_ELSE = "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE"


def upgrade(url: str, *, also: Sequence[str] = (), then: Callable[[], None] = lambda: None) -> Revisions:
    """Migrate the database at `url` to the newest revision, and return where it stood before.

    One process at a time does so, and reads the revision inside its lock, so that a second caller finds nothing left to
    do: on SQLite it holds a file lock beside the database and calls `then` before letting go; on Postgres it is one
    transaction with an advisory lock, in which the statements `also` are run, too. SQLite is copied first.

    A newer database is never touched: raises NewerSchema unless it is compatible, else returns. Raises SetupError when
    the database cannot be reached, is not UTF-8 or cannot be changed.
    """
    if url.startswith(SQLITE_PREFIX):
        path = sqlite_path(url)
        with exclusive(path.parent / MIGRATE_LOCK), _connection(url) as connection:
            before = _revisions(connection)
            before.refuse_incompatible()
            if not before.usable:
                _upgrade_sqlite(connection, path)
            then()
            return before
    with _connection(url) as connection, connection.begin():
        connection.exec_driver_sql(_PATIENCE)
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        before = _revisions(connection)
        before.refuse_incompatible()
        if not before.usable:
            _run(connection)
        for statement in () if before.newer else also:
            connection.exec_driver_sql(statement)
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


class Workshop:
    """A database in one transaction, to be migrated step by step."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        driver: Any = connection.connection.driver_connection
        self.end: End = SqliteEnd(driver) if connection.dialect.name == "sqlite" else PostgresEnd(driver)

    def revisions(self) -> Revisions:
        """Return where the schema stands."""
        return _revisions(self._connection)

    def bring_to(self, revision: str) -> None:
        """Migrate to `revision`."""
        _run(self._connection, revision)

    def clear(self, tables: Sequence[str]) -> None:
        """Drop `tables`, of which no others but these may refer to any."""
        for table in tables:
            self._connection.exec_driver_sql(f'DROP TABLE "{table}"{self._cascade}')

    def run(self, statements: Sequence[str]) -> None:
        """Run statements of Postgres's, on Postgres alone."""
        for statement in statements if self._cascade else ():
            self._connection.exec_driver_sql(statement)

    @property
    def _cascade(self) -> str:
        return " CASCADE" if isinstance(self.end, PostgresEnd) else ""


@contextmanager
def workshop(url: str) -> Iterator[Workshop]:
    """Yield the database at `url`, which nobody else uses, in one transaction that ends with the block.

    What is raised inside takes everything back. Raises SetupError when the database is used, cannot be reached, is not
    UTF-8 or cannot be changed, or is newer than this version can work with.
    """
    if url.startswith(SQLITE_PREFIX):
        path = sqlite_path(url)
        with ExitStack() as held:
            held.enter_context(used_by_nobody(path))
            held.enter_context(exclusive(path.parent / MIGRATE_LOCK))
            connection = held.enter_context(_connection(url))
            held.enter_context(_changing_sqlite(connection))
            yield _checked(connection)
        return
    with _connection(url) as connection, connection.begin():
        connection.exec_driver_sql(_PATIENCE)
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        ours = _checked(connection)
        if ours.end.tables():
            connection.exec_driver_sql(_NOBODY_ELSE.format(", ".join(f'"{name}"' for name in ours.end.tables())))
        yield ours


def _checked(connection: sa.Connection) -> Workshop:
    _revisions(connection).refuse_incompatible()
    return Workshop(connection)


@contextmanager
def _changing_sqlite(connection: sa.Connection) -> Iterator[None]:
    # Recreating a table with foreign keys on would cascade-delete its children, so they are checked afterwards instead.
    connection.exec_driver_sql("PRAGMA journal_mode = wal")
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise SetupError(f"This would have left {len(broken)} rows without their parents; nothing was changed.")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def _upgrade_sqlite(connection: sa.Connection, path: Path) -> None:
    with _changing_sqlite(connection):
        if sa.inspect(connection).get_table_names():
            copy_before(path, history()[-1])
        _run(connection)


def _run(connection: sa.Connection, revision: str = "head") -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


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
    """Yield a connection to a UTF-8 database; raise SetupError when there is none or something goes wrong with it."""
    on_sqlite = url.startswith(SQLITE_PREFIX)
    if on_sqlite:
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"isolation_level": None, "timeout": 30})
    else:
        engine = sa.create_engine("postgresql+psycopg://", poolclass=sa.NullPool, creator=lambda: _psycopg(url))
    try:
        with engine.connect() as connection:
            asked = "PRAGMA encoding" if on_sqlite else "SHOW server_encoding"
            require_utf8(str(connection.exec_driver_sql(asked).scalar()))
            connection.rollback()  # so that whoever comes next begins, and ends, a transaction of their own
            yield connection
    except (sa.exc.DBAPIError, psycopg.Error) as problem:
        raise SetupError(unreachable(getattr(problem, "orig", None) or problem)) from None
    finally:
        engine.dispose()


def _psycopg(url: str) -> PostgresConnection:
    """Return a connection as SQLAlchemy expects it: one that begins a transaction with the first statement."""
    connection = connect_postgres(url)
    connection.autocommit = False
    return connection
