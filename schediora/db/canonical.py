"""Values as neither engine keeps them but both understand, so that rows can be carried over and compared.

Of Postgres's types, which say what a column means, there are those that the models use. Canonical are: a UUID as 32
hexadecimal digits, an instant as ISO text in UTC with microseconds, a day as ISO text, JSON as text with sorted keys.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN_ID = re.compile("[0-9a-f]{32}")
_DIGEST_BYTES = 16
_CHECKSUM = 1 << (8 * _DIGEST_BYTES)


class NotStorable(ValueError):
    """Postgres cannot store this."""


def from_sqlite(kind: str) -> Callable[[Any], Value]:
    """Return what makes a value that SQLite keeps for a column of Postgres's type `kind` canonical."""
    return _FROM_SQLITE.get(kind, as_it_is)


def from_postgres(kind: str) -> Callable[[Any], Value]:
    """Return what makes a value that psycopg reads from a column of the type `kind` canonical."""
    return _FROM_POSTGRES.get(kind, as_it_is)


def to_sqlite(kind: str) -> Callable[[Any], Value]:
    """Return what makes a canonical value one that SQLite keeps, written as the models write it."""
    return _escaped if kind == "jsonb" else as_it_is


def to_postgres(kind: str) -> Callable[[Any], Any]:
    """Return what makes a canonical value one that COPY takes; raises NotStorable for text that Postgres refuses."""
    return _TO_POSTGRES.get(kind, _text)


def as_it_is(value: Any) -> Any:
    """Return a value that is canonical already."""
    return value


class Checksum:
    """A number over canonical rows that does not depend on their order."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Count `rows` in."""
        for row in rows:
            digest = blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()
            self._sum += int.from_bytes(digest, "big")
        self.rows += len(rows)

    @property
    def text(self) -> str:
        """Return it in hexadecimal."""
        return f"{self._sum % _CHECKSUM:0{2 * _DIGEST_BYTES}x}"


def _instant(value: str | datetime | None) -> str | None:
    if value is None:
        return None
    moment = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _uuid(value: str | None) -> str | None:
    return value if value is None or _PLAIN_ID.fullmatch(value) else UUID(value).hex


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _json_text(value: str | None) -> str | None:
    return None if value is None else _json(json.loads(value))


def _plain(value: Any) -> Any:
    """Return JSON with whole numbers written in one way: Postgres makes no difference between 1e2 and 100."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return {key: _plain(entry) for key, entry in value.items()} if isinstance(value, dict) else value


def _escaped(value: str | None) -> str | None:
    return None if value is None else json.dumps(json.loads(value), separators=(",", ":"))


def _text(value: Any) -> Any:
    if isinstance(value, str) and not value.isascii() and _SURROGATE.search(value):
        raise NotStorable("text that is no UTF-8")
    if isinstance(value, str) and "\0" in value:
        raise NotStorable("a NUL character")
    return value


def _json_for_postgres(value: str | None) -> str | None:
    if value is None:
        return None
    if "\\u0000" in value and "\0" in "".join(_texts(json.loads(value))):
        raise NotStorable("a NUL character")
    if "NaN" in value or "Infinity" in value:
        json.loads(value, parse_constant=_refuse)
    return str(_text(value))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    entries = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for entry in entries for text in _texts(entry)]


def _refuse(name: str) -> Any:
    raise NotStorable(f"the number {name}")


_FROM_SQLITE: dict[str, Callable[[Any], Value]] = {
    "uuid": _uuid,
    "timestamp with time zone": _instant,
    "jsonb": _json_text,
    "boolean": lambda value: None if value is None else int(value),
}
_FROM_POSTGRES: dict[str, Callable[[Any], Value]] = {
    "uuid": lambda value: None if value is None else value.hex,
    "timestamp with time zone": _instant,
    "date": lambda value: value.isoformat() if isinstance(value, date) else None,
    "jsonb": _json,
    "boolean": lambda value: None if value is None else int(value),
}
_TO_POSTGRES: dict[str, Callable[[Any], Any]] = {
    "jsonb": _json_for_postgres,
    "boolean": lambda value: None if value is None else bool(value),
}
