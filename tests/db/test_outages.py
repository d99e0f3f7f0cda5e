"""What keeps failing is said once and not for ever, and a full disk is called one."""

import errno
import io
import json
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import peewee
import pytest
import structlog

from schediora import log
from schediora.db.database import Database, connected
from schediora.db.outages import REPEAT_SECONDS, STEADY_SECONDS, Outages, disk_is_full, is_busy

AWAY = peewee.OperationalError("connection refused\nIs the server running?")


class Ticks:
    """A monotonic clock that is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    ticks = Ticks()
    monkeypatch.setattr("schediora.db.outages.time.monotonic", ticks)
    return ticks


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production writes."""
    stream = io.StringIO()
    log.configure(production=True, stream=stream)
    yield stream
    structlog.reset_defaults()


@pytest.fixture
def outages(ticks: Ticks) -> Outages:
    return Outages(log.get_logger("test"), "sweep_failed", over="sweep_resumed")


def events(stream: io.StringIO) -> list[str]:
    return [json.loads(line)["event"] for line in stream.getvalue().splitlines()]


def test_an_outage_is_one_line_when_it_begins_one_a_minute_and_one_when_it_is_over(
    outages: Outages, ticks: Ticks, lines: io.StringIO
) -> None:
    for _ in range(int(2.5 * REPEAT_SECONDS / 2)):
        outages.failed(AWAY)
        ticks.now += 2
    outages.succeeded(wrote=False)
    outages.succeeded(wrote=True)
    assert events(lines) == ["sweep_failed"] * 3 + ["sweep_resumed"]
    first = json.loads(lines.getvalue().splitlines()[0])
    assert (first["level"], first["error"], first["reason"]) == ("error", "OperationalError", "connection refused")
    assert "exception" not in first


def test_the_next_outage_is_said_at_once_and_one_that_comes_and_goes_is_not(
    outages: Outages, ticks: Ticks, lines: io.StringIO
) -> None:
    outages.failed(AWAY)
    outages.succeeded(wrote=False)
    for _ in range(10):
        ticks.now += STEADY_SECONDS / 20
        outages.failed(AWAY)
        outages.succeeded(wrote=False)
    assert events(lines) == ["sweep_failed", "sweep_resumed"]
    ticks.now += STEADY_SECONDS
    outages.failed(AWAY)
    outages.succeeded(wrote=False)
    assert events(lines) == ["sweep_failed", "sweep_resumed"] * 2


def test_what_is_well_says_nothing(outages: Outages, lines: io.StringIO) -> None:
    outages.succeeded(wrote=True)
    assert events(lines) == []


def test_a_defect_keeps_its_traceback(outages: Outages, lines: io.StringIO) -> None:
    try:
        raise LookupError("our own")
    except LookupError as error:
        outages.failed(error)
    line = json.loads(lines.getvalue())
    assert line["event"] == "sweep_failed"
    assert "LookupError" in line["exception"]


def test_a_full_disk_is_logged_as_that_until_something_was_written(
    outages: Outages, ticks: Ticks, lines: io.StringIO
) -> None:
    outages.failed(OSError(errno.ENOSPC, "No space left on device"))
    outages.failed(OSError(errno.ENOSPC, "No space left on device"))
    outages.succeeded(wrote=False)
    assert events(lines) == ["disk_full"]
    outages.succeeded(wrote=True)
    assert events(lines) == ["disk_full", "disk_has_room"]


def write(database: Database) -> None:
    with database.transaction():
        database.execute_sql("DELETE FROM users")


def test_a_lock_that_is_not_free_in_time_is_not_called_an_unreachable_database(
    database: Database, engine: str, outages: Outages, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schediora.db.database.BUSY_MILLISECONDS", 50)
    release, locked = threading.Event(), threading.Event()

    def hold() -> None:
        with connected(database), database.transaction():
            if engine == "postgres":
                database.execute_sql("LOCK TABLE users")
            locked.set()
            release.wait(10)

    with ThreadPoolExecutor(1) as pool, connected(database):
        holding = pool.submit(hold)
        locked.wait(10)
        if engine == "postgres":
            database.execute_sql("SET lock_timeout = '50ms'")
        try:
            with pytest.raises(peewee.OperationalError) as caught:
                write(database)
        finally:
            release.set()
            holding.result()
    assert is_busy(caught.value)
    outages.failed(caught.value)
    outages.succeeded(wrote=True)
    assert events(lines) == ["database_busy", "database_at_ease"]


def test_sqlites_own_word_for_a_lock_of_another_program_is_known(tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "locked.db")) as one,
        closing(sqlite3.connect(tmp_path / "locked.db")) as two,
    ):
        one.execute("BEGIN IMMEDIATE")
        two.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(sqlite3.OperationalError) as caught:
            two.execute("BEGIN IMMEDIATE")
    assert is_busy(caught.value)


@pytest.mark.parametrize("error", [AWAY, OSError(errno.ENOSPC, "full"), ValueError(), None])
def test_other_failures_are_not_called_busy(error: BaseException | None) -> None:
    assert not is_busy(error)


def test_sqlites_own_word_for_it_is_known(tmp_path: Path) -> None:
    database = peewee.SqliteDatabase(str(tmp_path / "small.db"), pragmas={"max_page_count": 2})
    database.execute_sql("CREATE TABLE first (a)")  # type: ignore[no-untyped-call]  # as in the library
    with pytest.raises(peewee.OperationalError) as caught:
        database.execute_sql("CREATE TABLE second (a)")  # type: ignore[no-untyped-call]  # as in the library
    assert disk_is_full(caught.value)
    database.close()


def test_it_is_found_behind_another_error() -> None:
    wrapped = RuntimeError("while saving")
    wrapped.__cause__ = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert disk_is_full(wrapped)


@pytest.mark.parametrize(
    "error", [AWAY, sqlite3.OperationalError("database is locked"), OSError(errno.EIO, "broken"), ValueError(), None]
)
def test_other_failures_are_not_called_a_full_disk(error: BaseException | None) -> None:
    assert not disk_is_full(error)
