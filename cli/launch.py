"""What the commands share: the checks before the start, and the worker's life beside whatever else runs."""

import gc
import os
import shlex
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from .console import FAILED, say, working
from .explaining import explain

if TYPE_CHECKING:
    from schediora.settings.values import Settings
    from schediora.worker import Worker

DATA_FILES = ("schediora*.db*", "queue.db*", ".*.lock")
KEY_FILES = ("secret_key*",)
"""What we keep in the data directory: SQLite's files and copies, the queue and the locks; a key unless one is named."""
SCHEMA_POLL_SECONDS = 2.0
DRAIN_SECONDS = 10.0
"""How long requests and jobs may go on after a signal, side by side; jobs are then handed back."""


def prepare(settings: "Settings") -> None:
    """Warn of unwise settings, close the data directory to others and see to the schema; for Postgres, say how.

    Raises SetupError when the database cannot be reached, or the data directory cannot be written or kept private.
    """
    from schediora.log import get_logger
    from schediora.settings.safety import warnings

    _log = get_logger(__name__)
    for name, sentence in warnings(settings).items():
        _log.warning("unwise_setting", setting=name, advice=sentence)
    if elsewhere := direct_url_elsewhere(settings):
        _log.warning("unwise_setting", setting="database.direct_url", advice=elsewhere)
    close_data_dir(settings)
    if ensure_schema(settings, apart=True):
        return
    if settings.production:
        _log.warning("migrations_pending", advice="Run: schediora migrate")
    else:
        say("Until the database is migrated, nothing but the health checks works. Run: schediora migrate")


def direct_url_elsewhere(settings: "Settings") -> str | None:
    """Return what is wrong where the two URLs of Postgres lead to different databases; a server that is away is said
    elsewhere.
    """
    direct_url = settings.direct_database_url
    if direct_url == settings.database_url:
        return None

    import psycopg

    from schediora.db.postgres import lead_to_one_database

    try:
        if lead_to_one_database(settings.database_url, direct_url):
            return None
    except psycopg.Error:
        return None
    return (
        "It leads to another database than database.url, so that migrations would miss it and jobs be taken up late; "
        "name the same database of the same server."
    )


def close_data_dir(settings: "Settings") -> None:
    """Make what lies in the data directory readable to its owner alone, and log what had to be changed.

    Raises SetupError in production when something stays readable to others.
    """
    from schediora.data_dir import make_private
    from schediora.errors import SetupError
    from schediora.log import get_logger

    _log = get_logger(__name__)
    ours = [*DATA_FILES, *(() if settings.auth.secret_key.get_secret_value().strip() else KEY_FILES)]
    found = make_private(settings.data_dir, ours)
    if found.mended:
        names = [str(path) for path in found.mended]
        _log.warning("data_made_private", paths=names, advice="They could be read by others.")
    if not found.exposed:
        return
    names = [str(path) for path in found.exposed]
    if settings.production:
        raise SetupError(
            f"Others can read {', '.join(names)}, and that cannot be changed; as the owner run: "
            f"chmod go= {shlex.join(names)}"
        )
    _log.warning("data_exposed", paths=names, advice="Others can read them; production refuses that.")


def ensure_schema(settings: "Settings", *, apart: bool = False) -> bool:
    """Tell whether the schema can be worked with, after migrating SQLite, which has nobody else to do it; `apart`: in a
    process of its own, whose memory goes with it, while this one imports what a server needs.

    Raises NewerSchema for a newer one that is not compatible; one that is gets a warning.
    """
    from schediora.db.revisions import revisions
    from schediora.log import get_logger

    found = revisions(settings.database_url)
    found.refuse_incompatible()
    if not settings.on_postgres and not (found.usable and _has_queue(settings)):
        if apart:
            _apart(lambda: _migrate_sqlite(settings))
        else:
            _migrate_sqlite(settings)
    if found.newer:
        _log = get_logger(__name__)
        _log.warning("database_newer", advice=found.advice)
    return found.usable or not settings.on_postgres


def _has_queue(settings: "Settings") -> bool:
    return bool(settings.queue.url.get_secret_value()) or (settings.data_dir / "queue.db").exists()


def _migrate_sqlite(settings: "Settings") -> None:
    from schediora.db import migrate
    from schediora.queue import make_queue_tables

    with working("Preparing the database"):
        migrate.upgrade(settings.database_url, then=lambda: make_queue_tables(settings))


def _apart(work: Callable[[], None]) -> None:
    """Do `work` in a process of its own; exits as that does when something goes wrong."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        code = FAILED
        try:
            work()
            code = 0
        except Exception as problem:
            code = explain(problem).exit_code
        finally:
            sys.stderr.flush()
            os._exit(code)

    import schediora.app
    import schediora.server.waitress_server  # noqa: F401  # what takes longest of the rest of the start

    _, status = os.waitpid(pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise typer.Exit(code if code > 0 else FAILED)


def keep_for_good() -> None:
    """Spare the garbage collector what the start has made: looking through it again when the process ends takes longer
    than the rest of a stop.
    """
    gc.collect()
    gc.freeze()


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
    from schediora.db.revisions import revisions
    from schediora.errors import SetupError

    try:
        return revisions(settings.database_url).usable
    except SetupError:
        return False
