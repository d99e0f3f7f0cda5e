"""The hottest reads as plain SQL, written once and run as they are: building a query costs far more than running it."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from schediora.db.base import Table


class Statement:
    """SQL that both engines understand, with `?` where a value goes.

    Where they differ, `postgres` is the same with as many values for Postgres, and `sql` is SQLite's own.
    """

    def __init__(self, sql: str, *, postgres: str | None = None) -> None:
        self._by_mark = {"?": sql, "%s": (postgres or sql).replace("%", "%%").replace("?", "%s")}

    def rows(self, *values: object) -> Sequence[tuple[Any, ...]]:
        """Run on the bound database and return every row, as the engine gives it."""
        database: Any = Table._meta.database
        cursor = database.execute_sql(self._by_mark[database.param], self._given(database.param, values))
        return cursor.fetchall()  # type: ignore[no-any-return]  # Peewee's cursors are untyped

    @staticmethod
    def _given(mark: str, values: Sequence[object]) -> Sequence[object]:
        return values if mark == "%s" else [_text(value) for value in values]


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
    """Return `value` as SQLite stores it: ids as 32 hex digits, instants and days as ISO text of fixed width."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else value
