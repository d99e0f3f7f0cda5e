"""Many rows at once, in the way in which each engine takes them fastest: 20,000 and more a second."""

from collections.abc import Iterable, Sequence
from typing import Any

from schediora.db.database import Database, PostgresDatabase, as_peewees

COUNT_ANEW = "ANALYZE"
"""Postgres plans a statement by how many rows it knows of. After many came at once it counts them within minutes by
itself; until then it may read all that a student ever did where it was to read a week."""


def insert_rows(database: Database, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store `rows` inside the caller's transaction, on this thread's connection.

    Values are as the engine keeps them; Postgres takes the text of any of them. Raises what Peewee raises.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    connection: Any = database.connection()
    with as_peewees:
        if isinstance(database, PostgresDatabase):
            with connection.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def count_anew(database: Database) -> None:
    """Have Postgres know of the rows that were stored; SQLite's plans go by the statements alone."""
    if isinstance(database, PostgresDatabase):
        database.execute_sql(COUNT_ANEW)
