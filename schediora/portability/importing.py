"""Making the same student from a document: all of it in one transaction, or nothing."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from secrets import randbits
from uuid import UUID

import peewee

from schediora.auth.errors import EmailTaken
from schediora.db.base import new_id
from schediora.models.ai import Job
from schediora.models.calendar import BusyCalendar
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from schediora.planner.unit_memory import keep_units, remember
from schediora.portability import parts
from schediora.portability.checking import IN_FLIGHT
from schediora.portability.errors import ImportRefused
from schediora.portability.parts import Part
from schediora.portability.queries import PAGE, Row, taken
from schediora.portability.schemas import Export, ExportedJob
from schediora.users.queries import user_by_email

_RANDOM_BITS = 62
"""Of a UUID, at its end (RFC 9562, section 5.7)."""
_SESSIONS_AT_ONCE = 50
"""Of which each has 100 units at the most: engines take some 30,000 values in one statement."""
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
    account = parts.ACCOUNT.stored(export.account) | {"id": new_id(), "email": email, "password_hash": password_hash}
    try:
        with User.transaction():
            _refuse_taken(email)
            ids = _Ids(export)
            user = User.create(**account, planner_revision=1)
            for part, rows in _rows_by_part(export, jobs, ids, now):
                _store(part, user, rows, advance)
            _store_calendar(user, export, now)
            _remember(user, export, ids)
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


def _rows_by_part(
    export: Export, jobs: Sequence[ExportedJob], ids: _Ids, now: datetime
) -> Iterator[tuple[Part, Iterable[Row]]]:
    """Yield the tables in an order in which they can be stored, each with its rows as they are to be."""
    preferences = [export.preferences] if export.preferences else []
    yield parts.PREFERENCES, map(parts.PREFERENCES.stored, preferences)
    yield parts.PLANS, (ids.put(row, "id") for row in map(parts.PLANS.stored, export.plans))
    yield parts.SESSIONS, (_session(row, ids) for row in map(parts.SESSIONS.stored, export.sessions))
    yield parts.CHANGES, (ids.put(row, "session_id") for row in map(parts.CHANGES.stored, export.session_changes))
    yield parts.LISTS, map(parts.LISTS.stored, export.lists)
    yield parts.BUSY_TIMES, map(parts.BUSY_TIMES.stored, export.busy_times)
    yield parts.JOBS, (_job(row, ids, now) for row in map(parts.JOBS.stored, jobs))


def _session(row: Row, ids: _Ids) -> Row:
    builds_on = row["builds_on"] and [str(ids.now(UUID(key))) for key in row["builds_on"]]
    return ids.put(row, "id", "plan_id", "series_id") | {"builds_on": builds_on}


def _job(row: Row, ids: _Ids, now: datetime) -> Row:
    """Return a job as it is to be; what another server paid for today is nothing of this one's allowance."""
    old = row["created_at"] <= now - _COUNTED_FOR
    return ids.put(row, "id", "plan_id") | {"usage": row["usage"] if old else None}


def _store(part: Part, user: User, rows: Iterable[Row], advance: Callable[[int], None]) -> None:
    owned = {} if part is parts.CHANGES else {"user_id": user.id}
    waiting = iter(rows)
    while page := [row | owned for row in islice(waiting, PAGE)]:
        part.model.insert_many(page).execute()
        advance(len(page))


def _store_calendar(user: User, export: Export, now: datetime) -> None:
    """Keep the calendar, to be read again at the next opportunity."""
    if export.busy_calendar is not None:
        text = zlib.compress(export.busy_calendar.encode())
        BusyCalendar.create(user=user, upload=new_id(), text=text, due_at=now)


def _remember(user: User, export: Export, ids: _Ids) -> None:
    """Let the sessions be found by their units, and work out what is remembered of these."""
    found: dict[UUID, list[str]] = {}
    for session in export.sessions:
        found[ids.now(session.id)] = [unit.key for unit in session.units or ()]
        if len(found) >= _SESSIONS_AT_ONCE:
            keep_units(user.id, found)
            found = {}
    keep_units(user.id, found)
    keys = sorted({unit.key for session in export.sessions for unit in session.units or ()})
    for first in range(0, len(keys), PAGE):
        remember(user.id, keys[first : first + PAGE])


def _beside(ids: Iterable[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Yield for each id another one of the same moment, in the same order: what is listed by age stays in its order."""
    for moment, of_moment in groupby(sorted(ids), key=lambda key: key.int >> _RANDOM_BITS):
        olds = list(of_moment)
        for old, rest in zip(olds, sorted(randbits(_RANDOM_BITS) for _ in olds), strict=True):
            yield old, UUID(int=(moment << _RANDOM_BITS) | rest)
