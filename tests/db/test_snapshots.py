"""Several reads of one moment: repeatable, and without a writer's turn."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from schediora.db.base import Table
from schediora.db.database import Database, connected


@contextmanager
def elsewhere(database: Database, *statements: str) -> Iterator[list[Exception]]:
    """Run statements in a transaction of another thread, finished when the block begins; yield what went wrong."""
    wrong: list[Exception] = []

    def write() -> None:
        try:
            with connected(database), database.atomic():
                for statement in statements:
                    database.execute_sql(statement)
        except Exception as problem:
            wrong.append(problem)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    yield wrong


def count(database: Database) -> int:
    return int(database.execute_sql("SELECT count(*) FROM kept").fetchone()[0])


def test_a_snapshot_reads_one_moment_and_keeps_no_writer_waiting(database: Database) -> None:
    with connected(database):
        database.execute_sql("CREATE TABLE kept (value integer)")
        with Table.snapshot():
            assert count(database) == 0
            with elsewhere(database, "INSERT INTO kept VALUES (1)") as wrong:
                assert wrong == []
            assert count(database) == 0
        assert count(database) == 1


def test_a_snapshot_waits_for_no_writer(database: Database) -> None:
    with connected(database):
        database.execute_sql("CREATE TABLE kept (value integer)")
    seen: list[int] = []

    def read() -> None:
        with connected(database), Table.snapshot():
            seen.append(count(database))

    with connected(database), database.atomic():
        database.execute_sql("INSERT INTO kept VALUES (1)")
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(30)
        assert seen == [0]
