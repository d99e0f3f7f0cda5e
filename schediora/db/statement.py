"""The hottest reads and changes as plain SQL, written once and run as they are: building a query costs far more than
running it.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from schediora.db.base import bound
from schediora.db.plans import Fixed

_OF_LIST = "IN ?"


class Statement:
    """SQL that both engines understand, with `?` where a value goes; `IN ?` takes a list of them.

    Where they differ, `postgres` is the same with as many values for Postgres, and `sql` is SQLite's own.
    """

    def __init__(self, sql: str, *, postgres: str | None = None) -> None:
        self._by_mark = {
            "?": sql.replace(_OF_LIST, "IN (SELECT value FROM json_each(?))"),
            "%s": Fixed((postgres or sql).replace(_OF_LIST, "= ANY (?)")),
        }

    def rows(self, *values: object) -> Sequence[tuple[Any, ...]]:
        """Run on the bound database and return every row, as the engine gives it."""
        return self._run(values).fetchall()  # type: ignore[no-any-return]  # Peewee's cursors are untyped

    def run(self, *values: object) -> int:
        """Run on the bound database what returns no rows, and return how many it touched."""
        return int(self._run(values).rowcount)

    def _run(self, values: Sequence[object]) -> Any:
        database = bound()
        mark = database.param
        return database.execute_sql(self._by_mark[mark], values if mark == "%s" else [_text(value) for value in values])


class Writes:
    """Several changes of different tables in one transaction, each with `?` where a value goes; the last is the one
    that counts. Postgres takes them in one round trip, as parts of one statement.
    """

    def __init__(self, *parts: str) -> None:
        *others, last = parts
        named = ", ".join(f"part{number} AS ({part})" for number, part in enumerate(others))
        self._together = Statement(f"WITH {named} {last}" if named else last)
        self._each = [(Statement(part), part.count("?")) for part in parts]

    def run(self, *values: object) -> int:
        """Run on the bound database with the values of all parts in turn; return how many rows the last one touched."""
        if bound().param == "%s":
            return self._together.run(*values)
        touched = start = 0
        for statement, taken in self._each:
            touched = statement.run(*values[start : start + taken])
            start += taken
        return touched


def as_id(value: UUID | str) -> UUID:
    """Return an id that a row holds."""
    return value if isinstance(value, UUID) else UUID(value)


def as_day(value: date | str) -> date:
    """Return a local day that a row holds."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def as_instant(value: datetime | str) -> datetime:
    """Return an instant that a row holds, aware and in UTC."""
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)


def as_json(value: Any) -> Any:
    """Return what a JSON column of a row holds; Postgres gives it read already."""
    return json.loads(value) if isinstance(value, str) else value


def _text(value: object) -> object:
    """Return `value` as SQLite stores it: ids as 32 hex digits, instants and days as ISO text of fixed width, and lists
    as JSON.
    """
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, list):
        return json.dumps([_text(each) for each in value])
    return value.isoformat() if isinstance(value, date) else value
