"""Connections to Postgres: straight or pooled, to the right one of several hosts, and with time-outs in force."""

import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import peewee
import psycopg
import pytest

from schediora.db.database import PostgresDatabase, connected, open_database
from schediora.db.postgres import LIMITS, connect_postgres, parameters
from tests import servers
from tests.model_server import refused_url

NOBODY = refused_url().removeprefix("http://").removesuffix("/v1")


@pytest.fixture(params=["direct", "pooled"])
def url(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[str]:
    """An empty database, straight and through pgbouncer."""
    made = servers.create_database(postgres_server)
    if request.param == "direct":
        yield made
    else:
        through = urlsplit(request.getfixturevalue("pgbouncer_server"))
        yield through._replace(path=urlsplit(made).path).geturl()
    servers.drop_database(postgres_server, made)


@pytest.fixture
def database(url: str) -> Iterator[PostgresDatabase]:
    opened = open_database(url, connections=4)
    assert isinstance(opened, PostgresDatabase)
    yield opened
    opened.close_all()


def shown(database: PostgresDatabase, name: str) -> str:
    return str(database.execute_sql(f"SHOW {name}").fetchone()[0])


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_in_force_for_every_statement_and_in_every_transaction(
    database: PostgresDatabase, name: str
) -> None:
    with connected(database):
        assert shown(database, name) == LIMITS[name].replace("60s", "1min")
        with database.atomic():
            assert shown(database, name) == LIMITS[name].replace("60s", "1min")
        with database.snapshot():
            assert shown(database, name) == LIMITS[name].replace("60s", "1min")


def test_nothing_that_is_set_stays_behind_in_a_poolers_session(pgbouncer_server: str) -> None:
    opened = open_database(pgbouncer_server, connections=1)
    with connected(opened), opened.atomic():
        opened.execute_sql("SELECT 1")
    opened.close_all()
    with psycopg.connect(pgbouncer_server, autocommit=True) as other:
        found = other.execute("SELECT source FROM pg_settings WHERE name = ANY(%s)", (list(LIMITS),)).fetchall()
    assert "session" not in {source for (source,) in found}


def test_a_statement_is_prepared_on_the_server_only_when_asked_for(postgres_server: str) -> None:
    for wanted in (False, True):
        opened = open_database(postgres_server, connections=1, prepared_statements=wanted)
        with connected(opened):
            for number in range(8):
                with opened.atomic():
                    opened.execute_sql("SELECT %s::int", (number,))
            kept = opened.execute_sql("SELECT count(*) FROM pg_prepared_statements").fetchone()[0]
        opened.close_all()
        assert (kept > 0) is wanted


def test_of_several_hosts_the_first_that_takes_writes_is_taken(postgres_server: str) -> None:
    there = urlsplit(postgres_server)
    with servers.postgres() as other_url:
        other = urlsplit(other_url)
        if other.port == there.port:
            pytest.skip("a second server is needed, and the environment names the one to use")
        with psycopg.connect(other_url, autocommit=True) as administrator:
            administrator.execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
        several = f"postgres://{there.username}@{NOBODY},127.0.0.1:{other.port},127.0.0.1:{there.port}/postgres"
        with closing(connect_postgres(several)) as connection:
            assert connection.info.port == there.port
        with closing(connect_postgres(f"{several}?target_session_attrs=any")) as connection:
            assert connection.info.port == other.port


def test_what_the_url_says_wins(postgres_server: str) -> None:
    given = parameters(f"{postgres_server}?connect_timeout=2&application_name=mine")
    assert (int(given["connect_timeout"]), given["application_name"]) == (2, "mine")
    assert "options" not in given


def test_a_server_that_cannot_be_reached_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def refuse(url: str, **_: object) -> None:
        tried.append(url)
        raise psycopg.OperationalError("nobody is there")

    monkeypatch.setattr("schediora.db.database.connect_postgres", refuse)
    moment = time.monotonic()
    monkeypatch.setattr("schediora.db.database.time.monotonic", lambda: moment)
    opened = open_database(f"postgresql://{NOBODY}/none", connections=4)
    for _ in range(3):
        with pytest.raises(peewee.OperationalError, match="nobody is there"):
            opened.connect()
    assert len(tried) == 1
    moment += 1.1
    with pytest.raises(peewee.OperationalError):
        opened.connect()
    assert len(tried) == 2


def test_a_pooled_connection_that_the_server_ended_is_replaced_before_anybody_notices(
    database: PostgresDatabase, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schediora.db.database.IDLE_SECONDS_BEFORE_LOOKING", 0.0)
    with connected(database):
        (ended,) = database.execute_sql("SELECT pg_backend_pid()").fetchone()
    end(postgres_server, ended)
    with connected(database):
        assert database.execute_sql("SELECT pg_backend_pid()").fetchone()[0] != ended


def test_a_pooled_connection_that_has_idled_is_asked_before_it_is_used(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_database(postgres_server, connections=1)
    assert isinstance(opened, PostgresDatabase)
    with connected(opened):
        (ended,) = opened.execute_sql("SELECT pg_backend_pid()").fetchone()
    monkeypatch.setattr("schediora.db.database._written_to", lambda _: False)  # a machine that is gone says nothing
    end(postgres_server, ended)
    for seconds in ("IDLE_SECONDS_BEFORE_LOOKING", "IDLE_SECONDS_BEFORE_PING"):
        monkeypatch.setattr(f"schediora.db.database.{seconds}", 0.0)
    with connected(opened):
        assert opened.execute_sql("SELECT 1").fetchone() == (1,)
    opened.close_all()


def test_the_connection_to_a_server_that_takes_no_writes_any_more_is_dropped(postgres_server: str) -> None:
    opened = open_database(postgres_server, connections=1)
    assert isinstance(opened, PostgresDatabase)
    with connected(opened):
        assert opened.takes_writes()
        opened.execute_sql("SET default_transaction_read_only = on")  # as the session of a primary that was demoted
        with pytest.raises(peewee.OperationalError), opened.atomic():
            opened.execute_sql("CREATE TABLE never (value integer)")
    with connected(opened):
        assert opened.takes_writes()
        opened.execute_sql("SET default_transaction_read_only = on")
        assert not opened.takes_writes()
    with connected(opened):
        assert opened.takes_writes()
    opened.close_all()


def test_a_transaction_that_took_too_long_is_an_outage_and_no_defect(postgres_server: str) -> None:
    opened = open_database(postgres_server, connections=1)

    def dawdle() -> None:
        with opened.atomic():
            opened.execute_sql("SET LOCAL idle_in_transaction_session_timeout = 1")
            time.sleep(0.1)
            opened.execute_sql("SELECT 1")

    with connected(opened), pytest.raises((peewee.OperationalError, peewee.InterfaceError)):
        dawdle()
    with connected(opened):
        assert opened.execute_sql("SELECT 1").fetchone() == (1,)
    opened.close_all()


def end(admin_url: str, pid: int) -> None:
    """End a server process, and wait until it is gone."""
    with psycopg.connect(admin_url, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
