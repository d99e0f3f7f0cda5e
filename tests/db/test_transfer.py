"""Everything is carried over, both ways, from older revisions too, whole or not at all."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from schediora.db import migrate
from schediora.db.database import sqlite_path
from schediora.db.ends import opened_to_read
from schediora.db.serving import used
from schediora.db.transfer import OF_MIGRATIONS, Transfer, transfer
from schediora.errors import SetupError
from schediora.models.registry import MODELS, table_name
from tests import servers
from tests.databases import Databases
from tests.db.rows import fill

ORDER = [table_name(model) for model in MODELS]
Urls = tuple[str, str]


@pytest.fixture
def sqlite_url(sqlite_template: bytes, tmp_path: Path) -> str:
    path = tmp_path / "from" / "schediora.db"
    path.parent.mkdir()
    path.write_bytes(sqlite_template)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    url = postgres_databases.take()
    yield url
    postgres_databases.give_back(url)


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    url = servers.create_database(postgres_server)
    yield url
    servers.drop_database(postgres_server, url)


def copy(source: str, target: str, **options: Any) -> Transfer:
    return transfer(source, target, order=ORDER, verify=True, **options)


def everything(url: str, kinds_from: str) -> dict[str, list[Any]]:
    """Return every row of every table, canonical and in an order of its own."""
    with opened_to_read(url) as end, opened_to_read(kinds_from) as typed:
        return {
            table: sorted(map(repr, (row for rows in end.rows(table, typed.columns(table)) for row in rows)))
            for table in sorted(set(end.tables()) - OF_MIGRATIONS)
            if not table.startswith(("huey_", "sqlite_"))
        }


def test_there_and_back_every_row_is_the_same(
    sqlite_url: str, postgres_url: str, tmp_path: Path, postgres_databases: Databases
) -> None:
    fill(sqlite_url, tmp_path)
    before = everything(sqlite_url, postgres_url)
    assert [table for table, rows in before.items() if not rows] == []
    done = copy(sqlite_url, postgres_url)
    assert {one.table: one.rows for one in done.tables} == {table: len(rows) for table, rows in before.items()}
    assert everything(postgres_url, postgres_url) == before
    assert rows_known_of(postgres_url, "study_sessions") == len(before["study_sessions"])

    back = f"sqlite:///{tmp_path / 'back' / 'schediora.db'}"
    again = copy(postgres_url, back)
    assert everything(back, postgres_url) == before
    assert {one.table: one.checksum for one in again.tables} == {one.table: one.checksum for one in done.tables}
    assert migrate.revisions(back).up_to_date
    written = "SELECT units, title, scheduled_at FROM study_sessions ORDER BY id"
    assert _asked(back, written) == _asked(sqlite_url, written), "as the models write it"

    other = postgres_databases.take()
    copy(postgres_url, other)
    assert everything(other, postgres_url) == before
    postgres_databases.give_back(other)
    third = f"sqlite:///{tmp_path / 'third' / 'schediora.db'}"
    copy(sqlite_url, third)
    assert _dump(third) == _dump(sqlite_url)


def rows_known_of(url: str, table: str) -> int:
    """Return how many rows Postgres plans by, -1 where it has never counted them."""
    with psycopg.connect(url) as connection:
        ((rows,),) = connection.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table]).fetchall()
    return int(rows)


def _asked(url: str, statement: str) -> list[Any]:
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        return connection.execute(statement).fetchall()


def _dump(url: str) -> list[str]:
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        return sorted(line for line in connection.iterdump() if line.startswith("INSERT"))


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_an_older_database_is_copied_as_it_is_and_the_copy_is_migrated(
    engine: str, sqlite_url: str, empty_postgres_url: str, postgres_url: str, tmp_path: Path
) -> None:
    source, target = (sqlite_url, postgres_url) if engine == "sqlite" else (empty_postgres_url, sqlite_url)
    old = migrate.history()[2]
    if engine == "sqlite":
        sqlite_path(source).unlink()
    with migrate.workshop(source) as making:
        making.bring_to(old)
    add = (
        "INSERT INTO users (id, email, password_hash, planner_revision, created_at) VALUES "
        "('01a2172d260e77a281197d3eb4ab0ad3', 'old@example.com', 'hash', 7, '2026-03-04T09:00:00.000000Z')"
    )
    _run(source, add)
    done = copy(source, target, also=["SELECT 1"])
    assert (done.source.current, migrate.revisions(source).current) == (old, old)
    assert migrate.revisions(target).up_to_date
    (found,) = everything(target, postgres_url)["users"]
    assert "old@example.com" in found


def _run(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(url))) as connection, connection:
            connection.execute(statement)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement.encode())


def test_what_is_no_source_or_no_empty_target_is_refused_and_nothing_is_changed(
    sqlite_url: str, postgres_url: str, empty_postgres_url: str, tmp_path: Path
) -> None:
    fill(sqlite_url, tmp_path, students=1)
    fill(postgres_url, tmp_path, students=2)
    later = f"sqlite:///{tmp_path / 'later.db'}"
    sqlite_path(later).write_bytes(sqlite_path(sqlite_url).read_bytes())
    _run(later, "UPDATE alembic_version SET version_num = 'later'")
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    bare = tmp_path / "bare.db"
    bare.touch()
    before = everything(sqlite_url, postgres_url), everything(postgres_url, postgres_url)
    cases = {
        "holds rows": [(sqlite_url, postgres_url), (postgres_url, sqlite_url), (sqlite_url, sqlite_url)],
        "no database": [(f"sqlite:///{tmp_path / 'none.db'}", fresh)],
        "no schema": [(empty_postgres_url, fresh), (f"sqlite:///{bare}", fresh)],
        "newer": [(later, fresh), (sqlite_url, later)],
    }
    missed = []
    for sentence, pairs in cases.items():
        for source, target in pairs:
            try:
                copy(source, target)
            except SetupError as problem:
                if sentence in problem.detail:
                    continue
                missed.append(problem.detail)
            missed.append(f"{sentence}: {source} -> {target}")
    assert missed == []
    assert (everything(sqlite_url, postgres_url), everything(postgres_url, postgres_url)) == before


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("title", "'a' || char(0) || 'b'", "a NUL character"),
        ("reason", r"""'{"text": "a\u0000b"}'""", "a NUL character"),
        ("reason", r"""'{"text": "a\ud800b"}'""", "no UTF-8"),
        ("reason", """'{"text": NaN}'""", "NaN"),
        ("title", "CAST(x'61ff62' AS TEXT)", "no UTF-8"),
    ],
)
def test_what_postgres_cannot_store_is_named_and_nothing_is_copied(
    column: str, value: str, says: str, sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    fill(sqlite_url, tmp_path, students=1)
    _run(sqlite_url, f"UPDATE study_sessions SET {column} = {value}")
    with pytest.raises(SetupError, match=says) as refused:
        copy(sqlite_url, postgres_url)
    assert f"{column} of the row of study_sessions" in refused.value.detail
    assert not any(everything(postgres_url, postgres_url).values())


def test_the_copy_is_of_one_moment_whatever_is_written_meanwhile(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    fill(sqlite_url, tmp_path)
    add = (
        "INSERT INTO users (id, email, password_hash, planner_revision, created_at) "
        "VALUES ('{}', '{}@example.com', '-', 0, '2026-03-04T09:00:00.000000Z')"
    )
    began = threading.Event()

    def write(_total: int) -> None:
        if not began.is_set():
            began.set()
            key = uuid4().hex
            _run(sqlite_url, add.format(key, key))
            _run(sqlite_url, "DELETE FROM study_plans")

    before = everything(sqlite_url, postgres_url)
    copy(sqlite_url, postgres_url, began=write)
    assert began.is_set()
    assert everything(postgres_url, postgres_url) == before


def test_a_target_that_is_served_is_refused(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    fill(postgres_url, tmp_path, students=1)
    with used(sqlite_url), pytest.raises(SetupError, match="stop it"):
        copy(postgres_url, sqlite_url)


KILLED = """
import os, signal, sys
from schediora.db.transfer import transfer
left = [int(sys.argv[3])]
def advance(_rows):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
transfer(sys.argv[1], sys.argv[2], order=sys.argv[4:], verify=True, advance=advance)
"""


@pytest.mark.parametrize("way", ["to_postgres", "to_sqlite"])
def test_killed_in_the_middle_the_target_is_as_empty_as_before(
    way: str, sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    source, target = (sqlite_url, postgres_url) if way == "to_postgres" else (postgres_url, sqlite_url)
    fill(source, tmp_path)
    for tables in (1, 9):
        ended = subprocess.run([sys.executable, "-c", KILLED, source, target, str(tables), *ORDER])
        assert ended.returncode == -signal.SIGKILL
        assert not any(everything(target, postgres_url).values())
    copy(source, target)
    assert everything(target, postgres_url) == everything(source, postgres_url)


def test_progress_is_told_in_rows(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    fill(sqlite_url, tmp_path)
    told: list[int] = []
    count: Callable[[int], None] = told.append
    done = copy(sqlite_url, postgres_url, began=count, advance=count)
    total, *steps = told
    assert total == sum(steps) == sum(one.rows for one in done.tables)
