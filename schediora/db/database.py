"""Opening the database that a URL names: pooled SQLite or pooled Postgres, with one way to say "transaction" and
"snapshot".
"""

import select
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import peewee
import psycopg
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase
from psycopg.pq import TransactionStatus

from schediora.db.plans import Fixed
from schediora.db.postgres import LOCAL_LIMITS, PostgresConnection, connect_postgres
from schediora.db.warm import WarmConnections
from schediora.db.writes import OfThread, RemembersWrites

IDLE_SECONDS_BEFORE_PING = 5.0
"""A connection used more recently is taken without a round trip: the ping costs 100 to 235 us, most of a poll's
database time."""
IDLE_SECONDS_BEFORE_LOOKING = 0.1
"""A connection used more recently is taken as it is: a look costs a call to the system. Calls notice a connection that
was ended just now by their first statement, and try again."""
STALE_SECONDS = 600
"""A connection that was opened longer ago is replaced, so that a server that was moved is found."""
UNREACHABLE_SECONDS = 0.25
"""How long a server that could not be reached is not tried again."""
POOL_WAIT_SECONDS = 5
BUSY_MILLISECONDS = 10_000
SQLITE_PREFIX = "sqlite:///"
_READING = "DEFERRED"
_READS = ("SELECT", "\n    SELECT", "SHOW")
"""How statements begin that store nothing, as Peewee and we write them."""

_GONE = frozenset({"25006", "25P03", "25P04"})
"""SQLSTATEs that are no defect of ours, although psycopg calls them internal: the server is read-only, or ended a
transaction that took too long."""
as_peewees: Any = cast(Any, peewee).__exception_wrapper__
"""Turns what an engine's driver raises inside into what Peewee raises."""

UNREACHABLE = (peewee.OperationalError, peewee.InterfaceError)
"""What the engines raise when the database cannot be asked right now."""


class WaitedTooLong(peewee.OperationalError):
    """Another thread of this process wrote for as long as one waits for a lock."""


class SqliteDatabase(RemembersWrites, WarmConnections, PooledSqliteDatabase):
    """SQLite in WAL mode. Writers take the lock when they begin: read-then-write under deferred locks fails with
    "busy".

    Whoever waits for that lock sleeps, longer each time, while newcomers take it. So the writers of this process take
    turns first, and only those of other processes are waited for in that way.
    """

    def __init__(self, path: str, *, connections: int) -> None:
        self._turn = threading.Lock()
        self._own = OfThread()
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
            raise WaitedTooLong("database is locked")
        self._own.turn = True
        try:
            super().begin(lock_type)
        except BaseException:
            self._pass_on()
            raise

    def commit(self) -> None:
        """Commit, and let the next writer have its turn; a commit that fails is rolled back, which does."""
        self._own.wrote = True
        super().commit()
        self._pass_on()

    def rollback(self) -> None:
        """Roll back, and let the next writer have its turn."""
        try:
            super().rollback()
        finally:
            self._pass_on()

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement and return its cursor."""
        with as_peewees:
            return self.connection().execute(sql, params or ())

    def takes_writes(self) -> bool:
        """Tell whether the database takes writes: a file has no standby."""
        return True

    def _can_be_kept(self, conn: Any) -> bool:
        try:
            return not conn.in_transaction
        except sqlite3.ProgrammingError:  # somebody closed it
            return False

    def _is_good(self, conn: Any) -> bool:
        return not self._is_closed(conn)

    def snapshot(self) -> AbstractContextManager[Any]:
        """Several reads of one moment, without a writer's lock."""
        return self.transaction(_READING)  # type: ignore[no-any-return]  # playhouse is untyped

    def _pass_on(self) -> None:
        if self._own.turn:
            self._own.turn = False
            self._turn.release()


class _Psycopg(peewee.Psycopg3Adapter):
    """Opens Peewee's connections, but leaves a server alone for a moment that could not be reached.

    The pool opens one connection at a time. Were each of its threads to wait in turn until it gives up, the last one
    would wait minutes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._again_at = 0.0
        self._reason = ""

    def connect(self, db: Any, **params: Any) -> PostgresConnection:
        """Return a new connection."""
        if time.monotonic() < self._again_at:
            raise psycopg.OperationalError(self._reason)
        try:
            return connect_postgres(db.database, **params)
        except psycopg.OperationalError as problem:
            self._again_at, self._reason = time.monotonic() + UNREACHABLE_SECONDS, str(problem)
            raise


class PostgresDatabase(RemembersWrites, WarmConnections, PooledPostgresqlDatabase):
    """Postgres through psycopg 3; a pooled connection is pinged only after it has idled or been written to."""

    psycopg3_adapter = _Psycopg

    def __init__(self, url: str, *, connections: int, prepared_statements: bool = False) -> None:
        self._own = OfThread()
        super().__init__(
            url,
            max_connections=connections,
            timeout=POOL_WAIT_SECONDS,
            stale_timeout=STALE_SECONDS,
            prefer_psycopg3=True,
            prepared_statements=prepared_statements,
        )

    def begin(self, isolation_level: str | None = None) -> None:
        """Begin a transaction, with the time-outs where the session does not keep them; in one round trip."""
        level = f" ISOLATION LEVEL {isolation_level}" if isolation_level else ""
        limits = "" if self.connection().direct else LOCAL_LIMITS
        with as_peewees:
            self.cursor().execute(f"BEGIN{level}{limits}", prepare=False)

    def commit(self) -> None:
        """Commit. Whether a commit that fails has been done, nobody knows."""
        self._own.wrote = True
        super().commit()

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement and return its cursor; one that is `Fixed` without a cursor's cost.

        A server that takes no writes any more is as good as gone (a primary that was demoted, a transaction that it
        ended): OperationalError, and the connection goes with it.
        """
        if not self.in_transaction():
            if not self.connection().direct:
                return self._in_a_transaction(sql, params)
            if not sql.startswith(_READS):
                self._own.wrote = True
        try:
            if isinstance(sql, Fixed):
                connection = self.connection()
                with as_peewees:
                    return connection.plans.run(sql, params, kept=connection.direct)
            return super().execute_sql(sql, params)
        except peewee.InternalError as problem:
            cause = cast(Any, problem).orig
            if cause.sqlstate not in _GONE:
                raise
            self.drop()
            raise peewee.OperationalError(cause, *problem.args) from problem

    def _in_a_transaction(self, sql: str, params: Any) -> Any:
        before = self._own.wrote
        with self.transaction():
            cursor = self.execute_sql(sql, params)
        if sql.startswith(_READS):
            self._own.wrote = before
        return cursor

    def takes_writes(self) -> bool:
        """Tell whether this thread's server takes writes; the connection to one that does not is dropped."""
        ((read_only,),) = self.execute_sql("SHOW transaction_read_only").fetchall()
        if read_only == "on":
            self.drop()
        return bool(read_only == "off")

    def drop(self) -> None:
        """Let this thread's connection not be used again after this."""
        self.connection().spent = True

    def snapshot(self) -> AbstractContextManager[Any]:
        """Several reads of one moment, without a writer's lock."""
        return self.transaction("REPEATABLE READ")  # type: ignore[no-any-return]  # playhouse is untyped

    def _can_be_kept(self, conn: PostgresConnection) -> bool:
        conn.returned_at = now = time.monotonic()
        idle = conn.pgconn.transaction_status == TransactionStatus.IDLE
        return idle and not conn.spent and now - conn.opened_at < STALE_SECONDS

    def _is_good(self, conn: PostgresConnection) -> bool:
        return not self._is_closed(conn)

    def _can_reuse(self, conn: PostgresConnection) -> bool:
        conn.returned_at = time.monotonic()
        return not conn.spent and bool(super()._can_reuse(conn))

    def _is_closed(self, conn: PostgresConnection) -> bool:
        if conn.closed:
            return True
        idle = time.monotonic() - conn.returned_at
        if idle < IDLE_SECONDS_BEFORE_LOOKING or (idle < IDLE_SECONDS_BEFORE_PING and not _written_to(conn)):
            return False
        return bool(super()._is_closed(conn))


def _written_to(conn: PostgresConnection) -> bool:
    """Tell, without a round trip, whether the server sent something unasked: it says good-bye when it ends one."""
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    return bool(poll.poll(0))


Database = SqliteDatabase | PostgresDatabase


def open_database(url: str, *, connections: int, prepared_statements: bool = False) -> Database:
    """Return the pool for `url` (`sqlite:///path` or `postgresql://...`); nothing is connected yet.

    With `prepared_statements` Postgres keeps the plans of what is asked often, which not every pooler allows.
    """
    if url.startswith(SQLITE_PREFIX):
        return SqliteDatabase(str(sqlite_path(url)), connections=connections)
    return PostgresDatabase(url, connections=connections, prepared_statements=prepared_statements)


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
