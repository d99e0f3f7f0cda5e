"""Deleting what nobody needs any more: each domain its own rows, in small batches, once an hour."""

from datetime import datetime, timedelta
from typing import Protocol

from schediora import log
from schediora.ai import purging as ai
from schediora.auth import purging as auth
from schediora.clock import Clock
from schediora.db.database import Database, connected
from schediora.http import idempotency
from schediora.mail import purging as mail
from schediora.planner import purging as planner
from schediora.rate_limits import database_counts

_log = log.get_logger(__name__)

EVERY = timedelta(hours=1)
BATCH_ROWS = 200
"""A batch is over in milliseconds, so that no student waits for it; the rest is left for the next step."""


class Purge(Protocol):
    """Deletes up to `rows` rows that are of no use at `now` and returns how many."""

    def __call__(self, now: datetime, *, rows: int) -> int:
        """Delete them."""


PURGES: tuple[Purge, ...] = (auth.purge, planner.purge, ai.purge, idempotency.purge, mail.purge, database_counts.purge)


class Purger:
    """Deletes in steps: one after the other while there is something to delete, then none for an hour."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._due: datetime | None = None
        self._purged = 0

    def step(self) -> int:
        """Delete a batch, if it is time to, and return how many rows that were."""
        now = self._clock()
        if self._due is not None and now < self._due:
            return 0
        with connected(self._database):
            gone = sum(purge(now, rows=BATCH_ROWS) for purge in PURGES)
        self._purged += gone
        if not gone:
            self._due = now + EVERY
            if self._purged:
                _log.info("purged", rows=self._purged)
            self._purged = 0
        return gone
