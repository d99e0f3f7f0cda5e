"""`schediora migrate` on both engines, also twice and at once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from schediora.db import migrate
from tests import servers
from tests.cli.program import run
from tests.ports import free_port
from tests.prepared import prepared_service

AT_ONCE = 4


@pytest.fixture
def empty(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that name an empty database."""
    if engine == "sqlite":
        yield {"SCHEDIORA_DATABASE__URL": f"sqlite:///{tmp_path / 'new' / 'schediora.db'}"}
        return
    server = request.getfixturevalue("postgres_server")
    url = servers.create_database(server)
    yield {"SCHEDIORA_DATABASE__URL": url}
    servers.drop_database(server, url)


def test_check_tells_by_its_exit_code_whether_something_is_pending(empty: dict[str, str], tmp_path: Path) -> None:
    pending = run("migrate", "--check", folder=tmp_path, **empty)
    assert pending.returncode == 1
    assert "schediora migrate" in pending.stdout
    assert migrate.revisions(empty["SCHEDIORA_DATABASE__URL"]).current is None

    assert run("migrate", folder=tmp_path, **empty).returncode == 0
    done = run("migrate", "--check", "--json", folder=tmp_path, **empty)
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["schema"] == "up to date"


def test_sql_is_printed_and_nothing_is_changed(empty: dict[str, str], engine: str, tmp_path: Path) -> None:
    printed = run("migrate", "--sql", folder=tmp_path, **empty)
    assert printed.returncode == 0, printed.stderr
    assert "CREATE TABLE study_sessions" in printed.stdout
    assert ("TIMESTAMP WITH TIME ZONE" in printed.stdout) == (engine == "postgres")
    assert ("huey_task" in printed.stdout) == (engine == "postgres")
    assert migrate.revisions(empty["SCHEDIORA_DATABASE__URL"]).current is None


def test_several_at_once_are_safe(empty: dict[str, str], tmp_path: Path) -> None:
    all_migrate(empty, tmp_path)


def test_several_at_once_are_safe_through_a_pooler(postgres_server: str, pgbouncer_server: str, tmp_path: Path) -> None:
    url = servers.create_database(postgres_server)
    pooled = urlsplit(pgbouncer_server)._replace(path=urlsplit(url).path).geturl()
    all_migrate({"SCHEDIORA_DATABASE__URL": pooled}, tmp_path)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)
    servers.drop_database(postgres_server, url)


def all_migrate(empty: dict[str, str], tmp_path: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as together:
        ended = list(together.map(lambda _: run("migrate", folder=tmp_path, **empty), range(AT_ONCE)))
    assert [process.returncode for process in ended] == [0] * AT_ONCE, ended
    outcomes = [process.stdout.split("\t")[2].strip() for process in ended]
    assert sorted(outcomes) == ["migrated", *["up to date"] * (AT_ONCE - 1)]


def test_the_queues_tables_are_made_in_postgres(postgres_server: str, tmp_path: Path) -> None:
    url = servers.create_database(postgres_server)
    assert run("migrate", folder=tmp_path, SCHEDIORA_DATABASE__URL=url).returncode == 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM huey_task").fetchone() == (0,)
    servers.drop_database(postgres_server, url)


def test_a_host_that_is_down_is_passed_over_for_the_next(postgres_server: str, tmp_path: Path) -> None:
    url = servers.create_database(postgres_server)
    account, _, place = url.removeprefix("postgresql://").rpartition("@")
    several = f"postgres://{account}@127.0.0.1:{free_port()},{place}"
    migrated = run("migrate", folder=tmp_path, SCHEDIORA_DATABASE__URL=several)
    assert migrated.returncode == 0, migrated.stderr
    with prepared_service(tmp_path / "data", "serve", SCHEDIORA_DATABASE__URL=several) as server:
        assert server.call("GET", "/health/ready").json["checks"] == {
            "database": "ok",
            "migrations": "ok",
            "queue": "ok",
        }
    servers.drop_database(postgres_server, url)
