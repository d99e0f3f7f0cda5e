"""What both engines are asked alike: the schema, jobs that nobody takes, and whether the past lies in the past."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.db.revisions import history, read_revisions
from schediora.doctor.finding import Finding, ok, warning, wrong

CLOCK_TOLERANCE = timedelta(seconds=30)
"""Tokens, leases and weeks are told by the clock; a minute off, jobs change hands and tokens end early."""
WAITING_TOO_LONG = timedelta(minutes=1)
"""The app gives up after 90 s."""
_STAMPED = ("users", "refresh_tokens", "study_sessions", "ai_jobs")
"""Tables whose ids begin with the instant at which they were made (UUIDv7, RFC 9562 section 5.7)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that answers `rows` to SQL without values and has `tables`."""

    rows: Callable[[str], Sequence[Any]]
    tables: Collection[str]
    on_postgres: bool


def schema_findings(database: Opened, now: datetime) -> Iterator[Finding]:
    """Look at the schema and, where there is one, at what it holds."""
    found = read_revisions(database.tables, database.rows, history())
    if found.up_to_date:
        yield ok("migrations", f"The schema is up to date (revision {found.current}).")
    elif found.newer:
        yield (warning if found.compatible else wrong)("migrations", found.advice)
    else:
        at = f"The schema is at revision {found.current} of {found.newest}"
        if found.current is None:
            at = "There is no schema yet"
        if database.on_postgres:
            yield wrong("migrations", f"{at}; run: schediora migrate")
        else:
            yield warning("migrations", f"{at}; the next start migrates it.")
    if found.usable:
        yield _waiting_jobs(database, now)
        yield _newest(database, now)


def clock_finding(whose: str, theirs: datetime, ours: datetime) -> Finding:
    """Compare this machine's clock with another's."""
    apart = abs(theirs - ours)
    if apart > CLOCK_TOLERANCE:
        return wrong(
            "clock",
            f"This machine's clock and that of {whose} are {apart.total_seconds():.0f} s apart; let NTP set both.",
        )
    return ok("clock", f"It agrees with that of {whose}.")


def _waiting_jobs(database: Opened, now: datetime) -> Finding:
    (waiting, since) = database.rows("SELECT count(*), min(created_at) FROM ai_jobs WHERE status = 'queued'")[0]
    if not waiting:
        return ok("jobs", "No job waits.")
    oldest = since if isinstance(since, datetime) else datetime.fromisoformat(since)
    if now - oldest < WAITING_TOO_LONG:
        return ok("jobs", f"{waiting} wait to be taken, none for longer than a minute.")
    return warning(
        "jobs",
        f"{waiting} wait to be taken, the oldest since {oldest:%Y-%m-%d %H:%M} UTC; start `schediora serve` or "
        "`schediora worker`, or more of them.",
    )


def _newest(database: Opened, now: datetime) -> Finding:
    ids = [row[0] for table in _STAMPED for row in database.rows(f"SELECT id FROM {table} ORDER BY id DESC LIMIT 1")]
    made = [_made_at(key if isinstance(key, UUID) else UUID(key)) for key in ids]
    if made and max(made) > now + CLOCK_TOLERANCE:
        return wrong(
            "clock",
            f"The newest row was stored at {max(made):%Y-%m-%d %H:%M} UTC, and this machine's clock says "
            f"{now:%Y-%m-%d %H:%M}; let NTP set it.",
        )
    return ok("clock", "Nothing that is stored comes from the future.")


def _made_at(key: UUID) -> datetime:
    """Return the instant in a UUIDv7; one that cannot be an instant is none."""
    try:
        return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)
