"""Statements that never change on Postgres: what a cursor would bring, whatever became of the plan."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import peewee
import psycopg
import pytest

from schediora.db.database import STALE_SECONDS, PostgresDatabase, connected, open_database
from schediora.db.plans import Fixed
from tests import servers

ANY = Fixed("SELECT ?, ?::uuid, ?::timestamptz, ?::date, ?::jsonb, ?::bigint, 100 % 7, '?'".replace("'?'", "'%'"))
VALUES = ("text", UUID(int=7), datetime(2026, 3, 2, 8, tzinfo=UTC), date(2026, 3, 2), '{"a": [1, null]}', 2**40)


@pytest.fixture
def database(postgres_server: str) -> Iterator[PostgresDatabase]:
    """One connection to an empty database."""
    url = servers.create_database(postgres_server)
    opened = open_database(url, connections=1)
    assert isinstance(opened, PostgresDatabase)
    with connected(opened):
        opened.execute_sql("CREATE TABLE things (id integer PRIMARY KEY, name text)")
        opened.execute_sql("INSERT INTO things VALUES (1, 'one'), (2, NULL)")
        yield opened
    opened.close_all()
    servers.drop_database(postgres_server, url)


def kept(database: PostgresDatabase) -> int:
    return int(database.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone()[0])


def test_rows_are_what_a_cursor_brings(database: PostgresDatabase) -> None:
    for _ in range(3):
        planned = database.execute_sql(ANY, VALUES).fetchall()
        assert planned == database.execute_sql(str(ANY), VALUES).fetchall()
    assert kept(database) == 1


def test_values_of_other_types_than_before_are_taken(database: PostgresDatabase) -> None:
    find = Fixed("SELECT name FROM things WHERE id = ?")
    found = [database.execute_sql(find, (value,)).fetchall() for value in (1, 2**20, 2, 2**40, None, 1)]
    assert found == [[("one",)], [], [(None,)], [], [], [("one",)]]


def test_a_change_says_how_many_rows_it_touched(database: PostgresDatabase) -> None:
    change = Fixed("UPDATE things SET name = ? WHERE id >= ?")
    assert database.execute_sql(change, ("new", 1)).rowcount == 2
    assert database.execute_sql(change, ("new", 7)).rowcount == 0
    assert database.may_have_written


def test_a_plan_that_the_server_lost_or_a_migration_outdated_is_made_anew(database: PostgresDatabase) -> None:
    find = Fixed("SELECT * FROM things WHERE id = ?")
    assert database.execute_sql(find, (1,)).fetchall() == [(1, "one")]
    database.execute_sql("DEALLOCATE ALL")
    assert database.execute_sql(find, (1,)).fetchall() == [(1, "one")]
    database.execute_sql("ALTER TABLE things ADD COLUMN size bigint DEFAULT 5")
    assert database.execute_sql(find, (1,)).fetchall() == [(1, "one", 5)]


def test_what_the_server_refuses_is_said_as_ever_and_the_next_statement_is_well(database: PostgresDatabase) -> None:
    divide = Fixed("SELECT 6 / ?::int")
    with pytest.raises(peewee.DatabaseError, match="division by zero"):
        database.execute_sql(divide, (0,))
    with pytest.raises(peewee.ProgrammingError, match="nowhere"):
        database.execute_sql(Fixed("SELECT 1 FROM nowhere"), ())
    with pytest.raises(peewee.IntegrityError):
        database.execute_sql(Fixed("INSERT INTO things VALUES (?)"), (1,))
    assert database.execute_sql(divide, (3,)).fetchall() == [(2,)]
    with pytest.raises(peewee.DatabaseError), database.atomic():
        database.execute_sql(divide, (0,))
    assert database.execute_sql(divide, (2,)).fetchall() == [(3,)]


def test_a_connection_that_was_ended_is_an_outage_and_is_not_used_again(
    database: PostgresDatabase, postgres_server: str
) -> None:
    find = Fixed("SELECT name FROM things WHERE id = ?")
    assert database.execute_sql(find, (1,)).fetchall() == [("one",)]
    ended = database.connection().info.backend_pid
    with psycopg.connect(postgres_server, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (ended,))
    with pytest.raises(peewee.OperationalError):
        database.execute_sql(find, (1,))
    database.close()
    database.connect()
    assert database.connection().info.backend_pid != ended
    assert database.execute_sql(find, (1,)).fetchall() == [("one",)]


def test_an_old_connection_is_replaced(database: PostgresDatabase) -> None:
    first = database.connection()
    first.opened_at -= STALE_SECONDS
    database._in_use[id(first)] = database._in_use[id(first)]._replace(timestamp=0)
    database.close()
    database.connect()
    assert database.connection() is not first


def test_a_server_that_takes_no_writes_any_more_is_an_outage(database: PostgresDatabase) -> None:
    database.execute_sql("SET default_transaction_read_only = on")
    with pytest.raises(peewee.OperationalError):
        database.execute_sql(Fixed("UPDATE things SET name = ?"), ("new",))
    assert database.connection().spent


def test_behind_a_pooler_nothing_is_kept_on_the_server(pgbouncer_server: str) -> None:
    opened = open_database(pgbouncer_server, connections=1)
    with connected(opened):
        for number in range(3):
            assert opened.execute_sql(Fixed("SELECT ?::int"), (number,)).fetchall() == [(number,)]
        assert opened.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone()[0] == 0
    opened.close_all()
