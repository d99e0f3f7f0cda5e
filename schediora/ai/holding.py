"""The jobs that this process holds: their leases are renewed while they are worked on, and parted with in the end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from schediora import log
from schediora.ai import leases
from schediora.ai.leases import Lease
from schediora.clock import Clock
from schediora.db.database import Database, connected
from schediora.db.outages import Outages

_log = log.get_logger("schediora.job")

HEARTBEAT_SECONDS = 3.0


class Holding:
    """The leases of one process. Safe to call from any thread; `outages` are told of where a lease is parted with."""

    def __init__(self, database: Database, clock: Clock, outages: Outages) -> None:
        self._database = database
        self._clock = clock
        self._outages = outages
        self._beats = Outages(_log, "heartbeat_failed", over="heartbeat_resumed")
        self._held: dict[UUID, Lease] = {}
        self._change = threading.Condition()

    @contextmanager
    def holds(self, lease: Lease) -> Iterator[None]:
        """Hold a lease while the body runs."""
        with self._change:
            self._held[lease.token] = lease
        try:
            yield
        finally:
            with self._change:
                del self._held[lease.token]
                self._change.notify_all()

    def heartbeat(self) -> None:
        """Renew every lease that is held; a failure is logged and the next beat tries again."""
        with self._change:
            tokens = [lease.token for lease in self._held.values()]
        if not tokens:
            return
        try:
            with connected(self._database):
                leases.renew(tokens, now=self._clock())
            self._beats.succeeded(wrote=True)
        except Exception as error:
            self._beats.failed(error)

    def drain(self, seconds: float) -> None:
        """Wait up to `seconds` for the jobs in flight, then hand the rest back without counting an attempt."""
        with self._change:
            self._change.wait_for(lambda: not self._held, timeout=seconds)
            rest = list(self._held.values())
        for lease in rest:
            if self.part_with(lease, leases.hand_back):
                _log.info("job_handed_back", job_id=str(lease.job.id))

    def part_with(self, lease: Lease, how: Callable[..., object]) -> bool:
        """Tell whether the lease could be given up; one that could not runs out by itself."""
        try:
            with connected(self._database):
                how(lease, now=self._clock())
        except Exception as error:
            self._outages.failed(error)
            return False
        return True
