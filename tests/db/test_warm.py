"""Connections that are to hand: taken and given back as a pool would."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playhouse.pool import MaxConnectionsExceeded

from schediora.db import database as databases
from schediora.db.database import Database, connected, open_database


@pytest.fixture
def pool(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Two connections, for which nobody waits long."""
    monkeypatch.setattr(databases, "POOL_WAIT_SECONDS", 0.2)
    opened = open_database(database_url, connections=2)
    yield opened
    opened.close_all()


def one(pool: Database) -> int:
    return int(pool.execute_sql("SELECT 1").fetchone()[0])


def test_a_connection_is_taken_again_and_nobody_is_at_work_on_it_meanwhile(pool: Database) -> None:
    taken = set()
    for _ in range(3):
        with connected(pool):
            taken.add(id(pool.connection()))
            assert pool.connections_in_use == 1
            assert one(pool) == 1
        assert pool.connections_in_use == 0
    assert len(taken) == 1


def test_a_full_pool_says_so_and_whoever_waits_gets_what_is_given_back(pool: Database) -> None:
    holding, enough = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with connected(pool):
            holding.wait()
            enough.wait()

    with ThreadPoolExecutor(2) as threads:
        held = [threads.submit(hold) for _ in range(2)]
        holding.wait()
        with pytest.raises(MaxConnectionsExceeded):
            pool.connect()
        threading.Timer(0.05, enough.set).start()
        with connected(pool):
            assert one(pool) == 1
        assert [each.result() for each in held] == [None, None]


def test_many_threads_share_few_connections(pool: Database) -> None:
    def work(_: int) -> int:
        with connected(pool):
            assert pool.connections_in_use <= 2
            return one(pool)

    pool._wait_timeout = 30
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(work, range(400))) == 400
    assert pool.connections_in_use == 0


def test_what_was_left_open_is_not_kept(pool: Database) -> None:
    with connected(pool):
        pool.connection().execute("BEGIN")
        pool.connection().execute("CREATE TABLE left_open (id integer)")
    with connected(pool):
        assert "left_open" not in pool.get_tables()


def test_a_connection_that_was_closed_is_not_given(pool: Database) -> None:
    for _ in range(2):
        with connected(pool):
            pool.connection().close()
        with connected(pool):
            assert one(pool) == 1
    pool.close_all()
    assert pool.connections_in_use == 0
    with connected(pool):
        assert one(pool) == 1
