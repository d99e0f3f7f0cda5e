"""Opening the database that a URL names: pooled SQLite or pooled Postgres, with one way to say "transaction" and
"snapshot".
"""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import peewee
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

IDLE_SECONDS_BEFORE_PING = 5.0
"""A connection used more recently is taken without a round trip: the ping costs 100 to 235 us, most of a poll's
database time."""
CONNECT_SECONDS = 5
POOL_WAIT_SECONDS = 5
BUSY_MILLISECONDS = 10_000
SQLITE_PREFIX = "sqlite:///"
_READING = "DEFERRED"

UNREACHABLE = (peewee.OperationalError, peewee.InterfaceError)
"""What the engines raise when the database cannot be asked right now."""


class SqliteDatabase(PooledSqliteDatabase):
    """SQLite in WAL mode. Writers take the lock when they begin: read-then-write under deferred locks fails with
    "busy".

    Whoever waits for that lock sleeps, longer each time, while newcomers take it. So the writers of this process take
    turns first, and only those of other processes are waited for in that way.
    """

    def __init__(self, path: str, *, connections: int) -> None:
        self._turn = threading.Lock()
        self._own = threading.local()
        super().__init__(
            path,
            max_connections=connections,
            timeout=POOL_WAIT_SECONDS,
            lock_type="IMMEDIATE",
            returning_clause=True,
            check_same_thread=False,
            # synchronous=FULL: what a student was told is stored survives a power cut, too.
            pragmas={
                "busy_timeout": BUSY_MILLISECONDS,
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "FULL",
            },
        )

    def begin(self, lock_type: str | None = None) -> None:
        """Begin a transaction; one that may write waits for this thread's turn."""
        if lock_type == _READING:
            super().begin(lock_type)
            return
        if not self._turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise peewee.OperationalError("database is locked")
        self._own.turn = True
        try:
            super().begin(lock_type)
        except BaseException:
            self._pass_on()
            raise

    def commit(self) -> None:
        """Commit, and let the next writer have its turn; a commit that fails is rolled back, which does."""
        super().commit()
        self._pass_on()

    def rollback(self) -> None:
        """Roll back, and let the next writer have its turn."""
        try:
            super().rollback()
        finally:
            self._pass_on()

    def snapshot(self) -> AbstractContextManager[Any]:
        """Several reads of one moment, without a writer's lock."""
        return self.transaction(_READING)  # type: ignore[no-any-return]  # playhouse is untyped

    def _pass_on(self) -> None:
        if getattr(self._own, "turn", False):
            self._own.turn = False
            self._turn.release()


class PostgresDatabase(PooledPostgresqlDatabase):
    """Postgres through psycopg 3; a pooled connection is pinged only after it has idled."""

    def __init__(self, url: str, *, connections: int) -> None:
        self._returned_at: dict[int, float] = {}
        super().__init__(
            url,
            max_connections=connections,
            timeout=POOL_WAIT_SECONDS,
            stale_timeout=600,
            prefer_psycopg3=True,
            connect_timeout=CONNECT_SECONDS,
            options="-c timezone=UTC -c statement_timeout=30000",
            application_name="schediora",
        )

    def snapshot(self) -> AbstractContextManager[Any]:
        """Several reads of one moment, without a writer's lock."""
        return self.transaction("REPEATABLE READ")  # type: ignore[no-any-return]  # playhouse is untyped

    def _can_reuse(self, conn: Any) -> bool:
        self._returned_at[self.conn_key(conn)] = time.monotonic()
        return bool(super()._can_reuse(conn))

    def _is_closed(self, conn: Any) -> bool:
        returned = self._returned_at.pop(self.conn_key(conn), 0.0)
        if time.monotonic() - returned < IDLE_SECONDS_BEFORE_PING:
            return bool(conn.closed)
        return bool(super()._is_closed(conn))


Database = SqliteDatabase | PostgresDatabase


def open_database(url: str, *, connections: int) -> Database:
    """Return the pool for `url` (`sqlite:///path` or `postgresql://...`); nothing is connected yet."""
    if url.startswith(SQLITE_PREFIX):
        return SqliteDatabase(str(sqlite_path(url)), connections=connections)
    return PostgresDatabase(url, connections=connections)


def sqlite_path(url: str) -> Path:
    """Return the file that a `sqlite:///` URL names."""
    return Path(url.removeprefix(SQLITE_PREFIX))


@contextmanager
def connected(database: Database) -> Iterator[None]:
    """Hold a pooled connection on this thread and give it back; safe to nest."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()
