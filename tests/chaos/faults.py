"""What breaks around the service, for so many seconds each, and is whole again afterwards."""

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg

from tests.server_process import Running

_KILLS_EVERY_SECONDS = 0.05
_EVERYBODY = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


def restarted(server: Running, seconds: float, how: signal.Signals = signal.SIGINT) -> None:
    """Stop a server (Postgres: `-m fast`), leave it stopped, and start it again with its data."""
    server.stop(how)
    time.sleep(seconds)
    server.start()


def read_only(postgres: Running, seconds: float) -> None:
    """Let Postgres take no writes, as a primary that was demoted, and then again."""
    with psycopg.connect(postgres.address, autocommit=True) as administrator:
        administrator.execute("SET default_transaction_read_only = off")
        for state, pause in (("on", seconds), ("off", 0.0)):
            administrator.execute(f"ALTER SYSTEM SET default_transaction_read_only = {state}".encode())
            administrator.execute("SELECT pg_reload_conf()")
            time.sleep(pause)


def connections_ended(url: str, seconds: float) -> int:
    """End every connection to the database, again and again; return how many those were."""
    ended, until = 0, time.monotonic() + seconds
    with psycopg.connect(url, autocommit=True) as administrator:
        name = administrator.info.dbname
        while time.monotonic() < until:
            ended += len(administrator.execute(_EVERYBODY, (name,)).fetchall())
            time.sleep(_KILLS_EVERY_SECONDS)
    return ended


def locked(path: Path, seconds: float) -> None:
    """Hold the lock of a SQLite database for writing, as another program."""
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path | None]:
    """Yield a disk of its own in `folder`, None where this account may mount none."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no room on `disk`, and take what is given back for as long as the body runs."""
    filler, over = disk / "filler", threading.Event()

    def fill() -> None:
        with filler.open("ab", buffering=0) as file:
            while not over.wait(0.02):
                with suppress(OSError):
                    while True:
                        file.write(os.urandom(4096))

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        yield
    finally:
        over.set()
        filling.join()
        filler.unlink()
