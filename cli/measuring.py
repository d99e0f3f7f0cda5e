"""Giving metrics beside whatever else a process does."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from schediora.db.database import Database
    from schediora.metrics.measurements import Measurements
    from schediora.settings.values import Settings


@dataclass(frozen=True, slots=True)
class Together:
    """Several processes count together, and one of them gives what all have counted."""

    directory: Path
    gives: bool


def where_it_is_given(settings: "Settings") -> "list[socket.socket]":
    """Return the sockets on which Prometheus is listened for; raise SetupError when that cannot be done."""
    from schediora.errors import SetupError
    from schediora.server.listening import CannotListen, listen

    host, port = settings.metrics.host, settings.metrics.port
    try:
        return listen(host, port) if port else []
    except CannotListen as problem:
        raise SetupError(
            f"Metrics cannot be given on {host} port {port} ({problem.reason}); choose another with metrics.port, "
            "one for each process."
        ) from None


@contextmanager
def measuring(
    settings: "Settings",
    database: "Database",
    listening: "Sequence[socket.socket]",
    *,
    together: Together | None = None,
) -> "Iterator[Measurements]":
    """Yield what takes down what this process does; Prometheus fetches it on the sockets that are `listening`, if any,
    unless it is given by another of the processes that count `together`.
    """
    from schediora.metrics.measurements import UNMEASURED

    if not listening:
        yield UNMEASURED
        return

    from schediora.ai.queries import active_jobs
    from schediora.clock import utc_now
    from schediora.db.database import connected
    from schediora.metrics.prometheus import PrometheusMeasurements, Read, exposed, of_all_processes, of_this_process

    def jobs() -> dict[str, float]:
        with connected(database):
            found = active_jobs()
        return {status: found[status][0] if status in found else 0 for status in ("queued", "running")}

    def oldest() -> dict[str, float]:
        with connected(database):
            found = active_jobs()
        return {status: (utc_now() - since).total_seconds() for status, (_, since) in found.items()}

    def room() -> dict[str, float]:
        return {str(settings.data_dir): shutil.disk_usage(settings.data_dir).free}

    reads = (
        Read("schediora_jobs_active", "Jobs that have not ended, of all students.", "state", jobs),
        Read("schediora_job_oldest_seconds", "For how long the oldest of them has been there.", "state", oldest),
        Read("schediora_disk_free_bytes", "Room where the data directory is.", "folder", room),
    )
    counts = PrometheusMeasurements(None if together else (registry := of_this_process()))
    with ExitStack() as held:
        if together:
            registry = of_all_processes(together.directory)
        if not together or together.gives:
            held.enter_context(exposed(listening, registry, reads))
        held.enter_context(counts.sampling(lambda: database.connections_in_use))
        yield counts
