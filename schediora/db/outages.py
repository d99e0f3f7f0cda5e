"""Failures that last: a database that is away or does not come to an end, a disk that is full.

They are said when they begin, at most once a minute while they last, and when they are over.
"""

import errno
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any

from playhouse.pool import MaxConnectionsExceeded

from schediora.db.database import UNREACHABLE, WaitedTooLong

REPEAT_SECONDS = 60.0
STEADY_SECONDS = 5.0
"""How long all must be well before the next failure is a new outage, rather than one that comes and goes."""
REASON_CHARACTERS = 200
_DISK_FULL_STATE = "53100"
"""Postgres: disk_full (appendix A of its manual)."""
_BUSY_STATES = frozenset({"55P03", "57014"})
"""Postgres: lock_not_available and query_canceled, which are what its `lock_timeout` and `statement_timeout` raise."""
_PASSING_CODES = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL})
"""SQLite: its file cannot be reached; all else is a defect of ours or of the file."""
_PRIMARY_CODE = 0xFF
"""The part of a result code of SQLite's that says what it is of."""


def disk_is_full(error: BaseException | None) -> bool:
    """Tell whether `error`, or what it came from, is the system's, SQLite's or Postgres's word for a full disk."""
    return any(map(_says_full, _causes(error)))


def is_busy(error: BaseException | None) -> bool:
    """Tell whether `error`, or what it came from, is a database's word for having waited for too long: for a lock, or
    for the end of a statement.
    """
    return any(map(_says_busy, _causes(error)))


def passes(error: BaseException | None) -> bool:
    """Tell whether `error` says that the database is away, perhaps for a moment, so that trying again may help; a full
    disk stays full, and who waited for a lock has waited.
    """
    if disk_is_full(error) or is_busy(error):
        return False
    codes = [code & _PRIMARY_CODE for cause in _causes(error) if (code := getattr(cause, "sqlite_errorcode", None))]
    return set(codes) <= _PASSING_CODES


def is_outage(error: Exception) -> bool:
    """Tell whether `error` comes from outside, so that waiting helps: the database is away, or its disk full."""
    return isinstance(error, (*UNREACHABLE, MaxConnectionsExceeded)) or disk_is_full(error)


def _causes(error: BaseException | None) -> Iterator[object]:
    while error is not None:
        yield error
        yield getattr(error, "orig", None)  # Peewee keeps the engine's own error there
        error = error.__cause__ or error.__context__


def _says_busy(error: object) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
    return isinstance(error, WaitedTooLong) or getattr(error, "sqlstate", None) in _BUSY_STATES


def _says_full(error: object) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlstate", None) == _DISK_FULL_STATE


class Outages:
    """Says what keeps failing on account of the database, as `event` and, once it is well again, `over`; a full disk is
    `disk_full`, and one that keeps others waiting for too long `database_busy`. What has another reason is a defect and
    keeps its traceback.
    """

    def __init__(self, logger: Any, event: str, *, over: str) -> None:
        self._away = _Outage(logger, event, over)
        self._disk = _Outage(logger, "disk_full", "disk_has_room")
        self._busy = _Outage(logger, "database_busy", "database_at_ease")

    def failed(self, error: Exception) -> None:
        """Note a failure."""
        if disk_is_full(error):
            self._disk.failed(error, defect=False)
        elif is_busy(error):
            self._busy.failed(error, defect=False)
        else:
            self._away.failed(error, defect=not is_outage(error))

    def succeeded(self, *, wrote: bool) -> None:
        """Note that the database answered; only once it `wrote` is its disk known to have room, and its locks free."""
        self._away.ended()
        if wrote:
            self._disk.ended()
            self._busy.ended()


class _Outage:
    def __init__(self, logger: Any, event: str, over: str) -> None:
        self._log = logger
        self._event = event
        self._over = over
        self._lasts = False
        self._failures = 0
        self._said_at = self._ended_at = float("-inf")
        self._change = threading.Lock()

    def failed(self, error: Exception, *, defect: bool) -> None:
        now = time.monotonic()
        with self._change:
            begins = not self._lasts and now - self._ended_at >= STEADY_SECONDS
            if begins:
                self._failures = 0
            self._failures += 1
            if not begins and now - self._said_at < REPEAT_SECONDS:
                return
            self._lasts = True
            self._said_at = now
            failures = self._failures
        reason = "".join(str(error).splitlines()[:1])[:REASON_CHARACTERS]
        details: dict[str, Any] = {"exc_info": error} if defect else {}
        self._log.error(self._event, error=type(error).__name__, reason=reason, failures=failures, **details)

    def ended(self) -> None:
        if not self._lasts:  # the usual case costs no lock
            return
        with self._change:
            if not self._lasts:
                return
            self._lasts = False
            self._ended_at = time.monotonic()
            failures = self._failures
        self._log.info(self._over, failures=failures)
