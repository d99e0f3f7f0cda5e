"""The two ends of a copy, on either engine: read as it was at one moment, filled in the caller's transaction."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from schediora.db import canonical
from schediora.db.canonical import NotStorable, Row
from schediora.db.database import SQLITE_PREFIX, sqlite_path
from schediora.db.postgres import connect_postgres
from schediora.errors import SetupError

ROWS_AT_ONCE = 1000
_COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position"""
_ONE_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_PATIENCE = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"

Columns = dict[str, str]
"""Postgres's type by a column's name, in their order; empty where the engine does not say what a column means."""


class SqliteEnd:
    """A SQLite database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, statement: str) -> Sequence[Any]:
        """Return all rows that a statement has."""
        return self._connection.execute(statement).fetchall()

    def tables(self) -> list[str]:
        """Return the names of the tables."""
        return [name for (name,) in self.ask("SELECT name FROM sqlite_master WHERE type = 'table'")]

    def columns(self, table: str) -> Columns:
        """Return the columns of `table`."""
        return {name: "" for _, name, *_ in self.ask(f'PRAGMA table_info("{table}")')}

    def rows(self, table: str, columns: Columns) -> Iterator[list[Row]]:
        """Yield canonical rows, many at a time."""
        read = [canonical.from_sqlite(kind) for kind in columns.values()]
        cursor = self._connection.execute(f'SELECT {_quoted(columns)} FROM "{table}"')
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield _through(read, found)

    def insert(self, table: str, columns: Columns, rows: Sequence[Row]) -> None:
        """Store canonical rows."""
        write = [canonical.to_sqlite(kind) for kind in columns.values()]
        marks = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table}" ({_quoted(columns)}) VALUES ({marks})'
        self._connection.executemany(statement, _through(write, rows))


class PostgresEnd:
    """A Postgres database."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def ask(self, statement: str) -> Sequence[Any]:
        """Return all rows that a statement has."""
        return self._connection.execute(statement.encode()).fetchall()

    def tables(self) -> list[str]:
        """Return the names of the tables."""
        return [name for (name,) in self.ask("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")]

    def columns(self, table: str) -> Columns:
        """Return the columns of `table` with their types."""
        return dict(self._connection.execute(_COLUMNS, [table]).fetchall())

    def rows(self, table: str, columns: Columns) -> Iterator[list[Row]]:
        """Yield canonical rows, many at a time."""
        read = [canonical.from_postgres(kind) for kind in columns.values()]
        with self._connection.cursor(name="copying") as cursor:
            cursor.execute(f'SELECT {_quoted(columns)} FROM "{table}"'.encode())
            while found := cursor.fetchmany(ROWS_AT_ONCE):
                yield _through(read, found)

    def insert(self, table: str, columns: Columns, rows: Sequence[Row]) -> None:
        """Store canonical rows; raise SetupError for what Postgres cannot store."""
        write = [canonical.to_postgres(kind) for kind in columns.values()]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._connection.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(
                    [
                        _storable(change, value, table, name, row)
                        for change, value, name in zip(write, row, columns, strict=True)
                    ]
                )


End = SqliteEnd | PostgresEnd


@contextmanager
def opened_to_read(url: str) -> Iterator[End]:
    """Yield the database at `url` as it is at this moment, whatever is written meanwhile; nothing is changed in it.

    Raises SetupError when it cannot be reached.
    """
    try:
        if url.startswith(SQLITE_PREFIX):
            with closing(_sqlite(url)) as connection:
                connection.execute("BEGIN")
                yield SqliteEnd(connection)
            return
        with closing(connect_postgres(url)) as server:
            server.execute(_PATIENCE)
            server.execute(_ONE_MOMENT)
            yield PostgresEnd(server)
    except (sqlite3.Error, psycopg.OperationalError) as problem:
        said = str(problem).strip().splitlines()[0].rstrip(".")
        raise SetupError(f"The database to copy from cannot be read: {said}.") from None


def _sqlite(url: str) -> sqlite3.Connection:
    path = sqlite_path(url)
    if not path.is_file():
        raise SetupError(f"There is no database {path} to copy from.")
    # Opened to write where that is allowed: else SQLite could not clean up the files that it makes beside it.
    mode = "rw" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "ro"
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None, timeout=10)
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _quoted(columns: Columns) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _through(changes: Sequence[Callable[[Any], Any]], rows: Sequence[Sequence[Any]]) -> list[Row]:
    changed = [(place, change) for place, change in enumerate(changes) if change is not canonical.as_it_is]
    return [_changed(row, changed) for row in rows]


def _changed(row: Sequence[Any], changed: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, change in changed:
        values[place] = change(values[place])
    return tuple(values)


def _storable(change: Callable[[Any], Any], value: Any, table: str, column: str, row: Row) -> Any:
    try:
        return change(value)
    except NotStorable as problem:
        raise SetupError(
            f"Postgres cannot store {problem}, which is in {column} of the row of {table} that begins with {row[0]!r}; "
            "remove it there, and copy again."
        ) from None
