"""Making the same student from a document: all of it in one transaction, or nothing."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from secrets import randbits
from typing import Any
from uuid import UUID

import peewee
from pydantic_core import to_json

from schediora.auth.errors import EmailTaken
from schediora.db.base import bound, new_id
from schediora.db.bulk import insert_rows
from schediora.models.ai import Job
from schediora.models.calendar import BusyCalendar, BusyTime
from schediora.models.planner import Plan, Session, SessionChanges, SessionUnit
from schediora.models.registry import table_name
from schediora.models.syllabus import SyllabusList
from schediora.models.users import Preferences, User
from schediora.planner.unit_memory import remember
from schediora.portability import parts
from schediora.portability.checking import IN_FLIGHT
from schediora.portability.errors import ImportRefused
from schediora.portability.queries import PAGE, Row, taken
from schediora.portability.schemas import Export, ExportedJob
from schediora.users.locking import count_change
from schediora.users.queries import user_by_email

_RANDOM_BITS = 62
"""Of a UUID, at its end (RFC 9562, section 5.7)."""
_FIRST_REVISION = 1
"""Of a student: the one that `count_change` counts for what is imported."""
_COUNTED_FOR = timedelta(days=2)
"""The tokens of a day are counted for a server as a whole, whose day may begin up to a day before another's."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was made: the student, and how many jobs were not, because they were still being worked on."""

    user: User
    unfinished_jobs: int


class _Ids:
    """The ids of a document, of which those that somebody has here already are given up for others."""

    def __init__(self, export: Export) -> None:
        series = {session.series_id for session in export.sessions if session.series_id}
        used = (
            taken(Plan.id, {plan.id for plan in export.plans})
            | taken(Session.id, {session.id for session in export.sessions})
            | taken(Session.series_id, series)
            | taken(Job.id, {job.id for job in export.jobs})
        )
        self._others = dict(_beside(used))

    def now(self, key: UUID) -> UUID:
        """Return what is called `key` in the document."""
        return self._others.get(key, key)

    def put(self, row: Row, *columns: str) -> Row:
        """Return a row with the ids in these columns as they are to be."""
        return row | {name: row[name] and self.now(row[name]) for name in columns}


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table's rows as the engine keeps them."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    advance: Callable[[int], None]

    @classmethod
    def of(
        cls, model: type[peewee.Model], user_id: UUID, rows: Iterable[Row], advance: Callable[[int], None]
    ) -> "_Rows":
        """Return the rows, each the student's where its table has an owner, with the defaults of what it leaves out."""
        fields = model._meta.columns
        kept = {name: field.default for name, field in fields.items() if field.default is not None}
        owned = {"user_id": user_id} if "user_id" in fields else {}
        whole = [
            {name: default() if callable(default) else default for name, default in kept.items()} | owned | row
            for row in rows
        ]
        columns = list(whole[0]) if whole else []
        values = [[_kept(fields[name], row[name]) for name in columns] for row in whole]
        return cls(table_name(model), columns, values, advance)

    def store(self) -> None:
        """Store them inside the caller's transaction."""
        if self.rows:
            insert_rows(bound(), self.table, self.columns, self.rows)
            self.advance(len(self.rows))


def _kept(field: Any, value: Any) -> Any:
    """Return a value as engines keep it, JSON as its text."""
    if isinstance(field, peewee.JSONField):
        return None if value is None else to_json(value).decode()
    return field.db_value(value)


def import_student(
    export: Export,
    email: str,
    password_hash: str,
    *,
    now: datetime,
    advance: Callable[[int], None] = lambda _rows: None,
) -> Imported:
    """Make the student of a document that was checked, under the address `email`, in its stored form.

    They get an id of their own: what was signed or kept for the one of the document is not for them. Their feed, their
    sign-ins and jobs that are just being worked on are not imported; `advance` is told how many more rows are there.
    Raises EmailTaken, and ImportRefused where the database does not take what is in the document.
    """
    jobs = [job for job in export.jobs if job.status not in IN_FLIGHT]
    account = parts.ACCOUNT.stored(export.account) | {
        "id": new_id(),
        "email": email,
        "password_hash": password_hash,
        "email_confirmed_at": None,  # by a link of another server's
    }
    ids = _Ids(export)
    # Worked out before the transaction, for which everybody waits who writes to SQLite.
    tables = [
        _Rows.of(model, account["id"], rows, advance) for model, rows in _rows_by_table(export, jobs, ids, now=now)
    ]
    try:
        with User.transaction():
            _refuse_taken(email)
            user = User.create(**account)
            for table in tables:
                table.store()
            _remember(user, export)
            count_change(user)
    except peewee.IntegrityError:
        _refuse_taken(email)
        raise ImportRefused("The file contradicts itself, or was imported at the same moment; nothing was.") from None
    except peewee.DataError:
        raise ImportRefused("Something in the file is more than the database takes; nothing was imported.") from None
    return Imported(user, len(export.jobs) - len(jobs))


def rows_of(export: Export) -> int:
    """Return how many rows `advance` is told of at the most."""
    of_lists: tuple[Sequence[object], ...] = (
        export.plans,
        export.sessions,
        export.session_changes,
        export.lists,
        export.busy_times,
        export.jobs,
    )
    return sum(map(len, of_lists)) + (export.preferences is not None)


def _refuse_taken(email: str) -> None:
    if user_by_email(email):
        raise EmailTaken("A student with this address is there already; import under another one, or delete that one.")


def _rows_by_table(
    export: Export, jobs: Sequence[ExportedJob], ids: _Ids, *, now: datetime
) -> Iterator[tuple[type[peewee.Model], Iterable[Row]]]:
    """Yield the tables in an order in which they can be stored, each with its rows as they are to be."""
    preferences = [export.preferences] if export.preferences else []
    yield Preferences, map(parts.PREFERENCES.stored, preferences)
    yield Plan, (ids.put(row, "id") for row in map(parts.PLANS.stored, export.plans))
    yield Session, (_session(row, ids) for row in map(parts.SESSIONS.stored, export.sessions))
    yield SessionChanges, (ids.put(row, "session_id") for row in map(parts.CHANGES.stored, export.session_changes))
    yield SessionUnit, _session_units(export, ids)
    yield SyllabusList, map(parts.LISTS.stored, export.lists)
    yield BusyCalendar, _calendar(export, now)
    yield BusyTime, map(parts.BUSY_TIMES.stored, export.busy_times)
    yield Job, (_job(row, ids, now) for row in map(parts.JOBS.stored, jobs))


def _session(row: Row, ids: _Ids) -> Row:
    builds_on = row["builds_on"] and [str(ids.now(UUID(key))) for key in row["builds_on"]]
    return ids.put(row, "id", "plan_id", "series_id") | {"builds_on": builds_on, "revision": _FIRST_REVISION}


def _job(row: Row, ids: _Ids, now: datetime) -> Row:
    """Return a job as it is to be; what another server paid for today is nothing of this one's allowance."""
    old = row["created_at"] <= now - _COUNTED_FOR
    return ids.put(row, "id", "plan_id") | {"usage": row["usage"] if old else None}


def _session_units(export: Export, ids: _Ids) -> Iterator[Row]:
    """Yield what the sessions are found by."""
    for session in export.sessions:
        for key in dict.fromkeys(unit.key for unit in session.units or ()):
            yield {"session_id": ids.now(session.id), "unit": key}


def _calendar(export: Export, now: datetime) -> Iterator[Row]:
    """Yield the calendar, to be read again at the next opportunity."""
    if export.busy_calendar is not None:
        yield {"upload": new_id(), "text": zlib.compress(export.busy_calendar.encode()), "due_at": now}


def _remember(user: User, export: Export) -> None:
    """Work out what is remembered of the units of the sessions."""
    keys = sorted({unit.key for session in export.sessions for unit in session.units or ()})
    for first in range(0, len(keys), PAGE):
        remember(user.id, keys[first : first + PAGE])


def _beside(ids: Iterable[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Yield for each id another one of the same moment, in the same order: what is listed by age stays in its order."""
    for moment, of_moment in groupby(sorted(ids), key=lambda key: key.int >> _RANDOM_BITS):
        olds = list(of_moment)
        for old, rest in zip(olds, sorted(randbits(_RANDOM_BITS) for _ in olds), strict=True):
            yield old, UUID(int=(moment << _RANDOM_BITS) | rest)
