"""Giving metrics beside whatever else a process does."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schediora.db.database import Database
    from schediora.metrics.measurements import Measurements
    from schediora.settings.values import Settings


@contextmanager
def measuring(settings: "Settings", database: "Database") -> "Iterator[Measurements]":
    """Yield what takes down what this process does; Prometheus fetches it where the settings give it a port.

    Raises SetupError when that cannot be listened on.
    """
    from schediora.metrics.measurements import UNMEASURED

    if not settings.metrics.port:
        yield UNMEASURED
        return

    from schediora.ai.queries import active_jobs
    from schediora.clock import utc_now
    from schediora.db.database import connected
    from schediora.metrics.prometheus import PrometheusMeasurements, Read, exposed, of_this_process

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
    registry = of_this_process()
    counts = PrometheusMeasurements(registry)
    given = exposed(settings.metrics.host, settings.metrics.port, registry, reads)
    with given, counts.sampling(lambda: database.connections_in_use):
        yield counts
