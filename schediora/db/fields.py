"""Column types that mean the same on SQLite and Postgres."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import peewee


class InstantField(peewee.FieldDatabaseHook, peewee.Field):
    """An instant in UTC: timestamptz on Postgres, ISO 8601 text of fixed width on SQLite, so that text order is time
    order.
    """

    field_type = "INSTANT"
    _as_text = True

    def _db_hook(self, database: Any) -> None:
        self._as_text = not isinstance(database, peewee.PostgresqlDatabase)

    def db_value(self, value: datetime | None) -> Any:
        """Refuse naive values: an instant without an offset is a bug, not a default."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        moment = value.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if self._as_text else moment

    def python_value(self, value: Any) -> datetime | None:
        """Return the instant, aware and in UTC."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class EnumField(peewee.TextField):
    """One of a closed list of words, stored as text; the database CHECKs the list."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        self.enum = enum
        super().__init__(choices=[(str(member), str(member)) for member in enum], **options)

    def db_value(self, value: Any) -> str | None:
        """Return the word to store."""
        return None if value is None else str(self.enum(value))

    def python_value(self, value: Any) -> StrEnum | None:
        """Return the member that was stored."""
        return None if value is None else self.enum(value)
