"""Many students like the sample student: one of them lives through the weeks, the others are copies of their rows."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schediora.db.base import new_id
from schediora.db.bulk import count_anew, insert_rows
from schediora.db.database import Database, PostgresDatabase
from schediora.models.registry import MODELS
from schediora.models.schema import SchemaRevision
from schediora.models.users import User

from .sample_week import add_sample_student

STUDENTS_AT_ONCE = 500
"""A transaction's worth: whoever stops in the middle leaves whole students."""
_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")

Row = tuple[Any, ...]
Fill = Callable[[Mapping[str, str], str], Any]
"""From the new ids by the old ones, and the new address, to a value."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A table, its columns, and its rows, each with what is another student's own in it."""

    table: str
    columns: Sequence[str]
    rows: Sequence[tuple[Row, Sequence[tuple[int, Fill]]]]


def address_of(number: int) -> str:
    """Return the address of the student of that number, from 1."""
    return f"student{number:06}@schediora.dev"


def missing_of(count: int) -> list[str]:
    """Return the addresses of those of the students 1 to `count` who are not there yet."""
    there = {user.email for user in User.select(User.email).where(User.email.startswith("student"))}
    return [address for address in map(address_of, range(1, count + 1)) if address not in there]


def add_students(
    database: Database, addresses: Sequence[str], password_hash: str, *, default_timezone: str, now: datetime
) -> Iterator[tuple[int, int]]:
    """Make students with these addresses; yield, at each step, how many students and rows were stored."""
    if not addresses:
        return
    first, *others = addresses
    with User.transaction():
        add_sample_student(password_hash, email=first, default_timezone=default_timezone, now=now)
        patterns = _patterns(database, User.get(User.email == first).id, first)
    rows = sum(len(pattern.rows) for pattern in patterns)
    yield 1, rows
    for start in range(0, len(others), STUDENTS_AT_ONCE):
        some = others[start : start + STUDENTS_AT_ONCE]
        with User.transaction():
            _store(database, patterns, some)
        yield len(some), rows * len(some)
    count_anew(database)


def _patterns(database: Database, student: UUID, address: str) -> list[_Pattern]:
    """Return the student's rows, in an order in which they can be stored."""
    found = (_rows_of(database, model, student) for model in MODELS if model is not SchemaRevision)
    return [
        _Pattern(table, columns, [(row, _own_values(row, address)) for row in rows])
        for table, columns, rows in found
        if rows
    ]


def _rows_of(database: Database, model: Any, student: UUID) -> tuple[str, list[str], list[Row]]:
    """Return the table, its columns and the student's rows, as text where the engine keeps them as something else."""
    table, columns = model._meta.table_name, [field.column_name for field in model._meta.sorted_fields]
    on_postgres = isinstance(database, PostgresDatabase)
    shown = ", ".join(f'"{name}"::text' if on_postgres else f'"{name}"' for name in columns)
    if model is User:
        where = f"id = {database.param}"
    elif "user_id" in columns:
        where = f"user_id = {database.param}"
    elif "session_id" in columns:
        where = f"session_id IN (SELECT id FROM study_sessions WHERE user_id = {database.param})"
    else:
        return table, columns, []  # such as what limits have counted: nobody's
    sql = f"SELECT {shown} FROM {table} WHERE {where}"
    return table, columns, database.execute_sql(sql, [student if on_postgres else student.hex]).fetchall()


def _own_values(row: Row, address: str) -> list[tuple[int, Fill]]:
    """Return which values of `row` differ from student to student, their address and ids, and how each is made."""
    own: list[tuple[int, Fill]] = []
    for place, value in enumerate(row):
        if value == address:
            own.append((place, lambda _ids, email: email))
        elif isinstance(value, str) and _ID.search(value):
            own.append((place, _with_ids(re.split(f"({_ID.pattern})", value))))
    return own


def _with_ids(parts: Sequence[str]) -> Fill:
    """Return what puts a text together again from `parts`, of which every second is an id."""
    if len(parts) == 3 and not parts[0] and not parts[2]:
        return lambda ids, _email: ids[parts[1]]
    return lambda ids, _email: "".join(ids[part] if place % 2 else part for place, part in enumerate(parts))


class _NewIds(dict[str, str]):
    """Fresh ids for old ones, each in the form in which the old one is written."""

    def __missing__(self, old: str) -> str:
        plain, fresh = old.replace("-", ""), new_id().hex
        self[plain], self[_dashed(plain)] = fresh, _dashed(fresh)
        return self[old]


def _dashed(plain: str) -> str:
    """Return an id of 32 hexadecimal digits as RFC 9562 writes it, at a fifth of the cost of `str(UUID(...))`."""
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def _store(database: Database, patterns: Sequence[_Pattern], addresses: Sequence[str]) -> None:
    students = [(_NewIds(), address) for address in addresses]
    for pattern in patterns:
        insert_rows(database, pattern.table, pattern.columns, _rows_for(students, pattern))


def _rows_for(students: Sequence[tuple[_NewIds, str]], pattern: _Pattern) -> Iterator[list[Any]]:
    for ids, address in students:
        for row, own in pattern.rows:
            values = list(row)
            for place, fill in own:
                values[place] = fill(ids, address)
            yield values
