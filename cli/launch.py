"""What `serve` and `worker` share: the checks before the start, and the worker's life beside whatever else runs."""

import threading
from typing import TYPE_CHECKING

import typer

from .console import working

if TYPE_CHECKING:
    from schediora.settings.values import Settings
    from schediora.worker import Worker

SCHEMA_POLL_SECONDS = 2.0
DRAIN_SECONDS = 10.0
"""How long requests and jobs may go on after a signal, side by side; jobs are then handed back."""


def prepare(settings: "Settings") -> None:
    """Warn of unwise settings and see to the schema; for Postgres, say how.

    Raises SetupError when the database cannot be reached or the data directory cannot be written.
    """
    from schediora import log
    from schediora.settings.safety import warnings

    for name, sentence in warnings(settings).items():
        log.get_logger(__name__).warning("unwise_setting", setting=name, advice=sentence)
    if not ensure_schema(settings):
        typer.echo("Until the database is migrated, nothing but the health checks works. Run: schediora migrate")


def ensure_schema(settings: "Settings") -> bool:
    """Tell whether the schema can be worked with, after migrating SQLite, which has nobody else to do it.

    Raises NewerSchema for a newer one that is not compatible; one that is gets a warning.
    """
    from schediora import log
    from schediora.db import migrate
    from schediora.queue import make_queue_tables

    if settings.on_postgres:
        found = migrate.revisions(settings.database_url)
        found.refuse_incompatible()
    else:
        with working("Preparing the database"):
            found = migrate.upgrade(settings.database_url, then=lambda: make_queue_tables(settings))
    if found.newer:
        log.get_logger(__name__).warning("database_newer", detail=found.advice)
    return found.usable or not settings.on_postgres


def start_worker(worker: "Worker", settings: "Settings", stopping: threading.Event) -> threading.Thread:
    """Return a running thread: `worker` works as soon as the schema is there, and drains once `stopping` is set."""

    def work() -> None:
        while not _migrated(settings):
            if stopping.wait(SCHEMA_POLL_SECONDS):
                return
        worker.start()
        stopping.wait()
        worker.stop(seconds=DRAIN_SECONDS)

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    return thread


def _migrated(settings: "Settings") -> bool:
    from schediora.db import migrate
    from schediora.errors import SetupError

    try:
        return migrate.revisions(settings.database_url).usable
    except SetupError:
        return False
