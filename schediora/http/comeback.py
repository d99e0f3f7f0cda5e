"""Waiting for a database that is away: a restart, a failover, a connection that was ended.

What ends within 8 s costs nobody an error: calls wait for it and are run again where that is safe, which it is for
reads, and for writes of which nothing can have been stored. Once it has lasted longer, calls are answered at once
that it cannot be asked, but for those that insist.
"""

import time

from schediora.db.database import UNREACHABLE, Database
from schediora.db.outages import Outages, disk_is_full, passes
from schediora.http.lanes import LONGEST_WAIT_SECONDS, WAITS_UNTIL
from schediora.http.operation import Operation, Request

PAUSE_SECONDS = 0.1
"""Between two tries; what is lost with a connection alone is tried again at once."""
_FORGOTTEN_SECONDS = 10.0
"""So long after the last failure the next one is of another outage."""


class Comeback:
    """Lets calls wait until the database is there again."""

    def __init__(self, database: Database, outages: Outages) -> None:
        self._database = database
        self._outages = outages
        self._since: dict[bool, float] = {}
        """When an outage began and when it was last met, by whether it keeps writes or reads from being answered: a
        standby answers reads."""
        self._met: dict[bool, float] = {}

    def wait(self, req: Request, record: Operation, problem: Exception) -> None:
        """Return with a connection when the call that failed with `problem` may be run again, or raise `problem`."""
        reads = req.method == "GET"
        until = self._until(req, reads=reads, insists=record.insists)
        again = reads or record.insists or not self._database.may_have_written
        waits = passes(problem) or (record.insists and disk_is_full(problem))
        if not again or not waits or time.monotonic() >= until:
            raise problem
        self._outages.failed(problem)
        pause = PAUSE_SECONDS if req.context.failed_before else 0.0
        req.context.failed_before = True
        gone = req.env.get("waitress.client_disconnected", lambda: False)
        while True:
            self._database.close()
            time.sleep(pause)
            if gone():
                raise problem
            try:
                self._database.connect(reuse_if_open=True)
                self._database.forget_writes()
                return
            except UNREACHABLE:
                if time.monotonic() >= until:
                    raise
            pause = PAUSE_SECONDS

    def succeeded(self, *, wrote: bool) -> None:
        """Note that a call was answered well."""
        if self._since:
            self._since.pop(True, None)
            if wrote:
                self._since.pop(False, None)
        self._outages.succeeded(wrote=wrote)

    def _until(self, req: Request, *, reads: bool, insists: bool) -> float:
        now = time.monotonic()
        if now - self._met.get(reads, now) > _FORGOTTEN_SECONDS:
            self._since.pop(reads, None)
        self._met[reads] = now
        since = self._since.setdefault(reads, now)
        until = float(req.env.get(WAITS_UNTIL, 0.0))
        return until if insists else min(until, since + LONGEST_WAIT_SECONDS)
