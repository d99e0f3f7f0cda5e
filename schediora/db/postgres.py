"""Connecting to Postgres, straight or through a pooler: one way for the models, the migrations and the queue.

A pooler such as pgbouncer in transaction mode gives every transaction another session. So nothing is sent at the start
that a pooler refuses (`options`), nothing is prepared on the server unless asked for, and the time-outs are kept by the
session only where the session is ours; else each transaction begins with them (`LOCAL_LIMITS`).
"""

import time
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from schediora.db.plans import Plans
from schediora.errors import SetupError

CONNECT_SECONDS = 5
PREPARE_AFTER = 5
"""How often a statement is run before the server prepares it, where that is wanted; psycopg's own default."""
LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
}
"""The app gives up after 12 s, so that nobody waits longer than 10 s for a lock, as on SQLite; the rest ends what has
gone wrong."""
LOCAL_LIMITS = "".join(f"; SET LOCAL {name} = '{value}'" for name, value in LIMITS.items())
"""What follows a BEGIN whose session is not ours."""

_DEFAULTS: dict[str, Any] = {
    "application_name": "schediora",
    "client_encoding": "UTF8",
    "connect_timeout": CONNECT_SECONDS,
    # A machine that is gone sends nothing: without these its connections would hang for a quarter of an hour.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


class PostgresConnection(psycopg.Connection[TupleRow]):
    """A connection that knows whether its session is its own, and whether it may be used again."""

    direct = False
    """Whether the session keeps what is set in it and hears what is notified: not behind a pooler."""
    spent = False
    """Whether it is to be dropped: its server takes no writes any more."""
    opened_at = returned_at = 0.0
    """When it was opened and when it was last given back to its pool, by the monotonic clock."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.plans = Plans(self)


def connect_postgres(url: str, *, prepared_statements: bool = False) -> PostgresConnection:
    """Return an autocommitting connection to the server that `url` names.

    Of several hosts (`postgresql://one,two/name`) it is the first that takes writes, unless the URL itself sets
    `target_session_attrs`; the URL's other parameters win over ours, too. Raises psycopg.OperationalError.
    """
    connection = PostgresConnection.connect(
        autocommit=True, prepare_threshold=PREPARE_AFTER if prepared_statements else None, **parameters(url)
    )
    connection.opened_at = time.monotonic()
    try:
        connection.direct = _limit(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def lead_to_one_database(one: str, other: str) -> bool:
    """Tell whether two URLs, one of which may be a pooler's, lead to the same database of the same server; raises
    psycopg.OperationalError.
    """
    return _database_behind(one) == _database_behind(other)


def parameters(url: str) -> dict[str, Any]:
    """Return libpq's parameters for `url`, ours where it says nothing."""
    given = conninfo_to_dict(url)
    several = "," in str(given.get("host", "")) or "," in str(given.get("hostaddr", ""))
    return _DEFAULTS | ({"target_session_attrs": "read-write"} if several else {}) | given


def require_utf8(encoding: str) -> None:
    """Raise SetupError when a database with this `encoding` could not keep every text."""
    if encoding.upper().replace("-", "") != "UTF8":
        raise SetupError(
            f"The database keeps text as {encoding}, and not every name and topic can be written in that; make one "
            "with ENCODING 'UTF8' (on Postgres: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0)."
        )


def _database_behind(url: str) -> TupleRow | None:
    """Return what tells a database from those of other servers, by functions that every role may call."""
    with connect_postgres(url) as connection:
        return connection.execute(
            "SELECT oid, datname, pg_postmaster_start_time() FROM pg_database WHERE datname = current_database()"
        ).fetchone()


def _limit(connection: PostgresConnection) -> bool:
    """Set the time-outs and tell whether they hold, which they do unless a pooler stands between.

    A pooler lends sessions of others: their process id is not the one that it told us when we connected.
    """
    done = connection.execute(
        "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS limits (name, value) "
        "WHERE pg_backend_pid() = %s",
        (list(LIMITS), list(LIMITS.values()), connection.info.backend_pid),
    )
    return done.fetchone() is not None
