"""A database that cannot keep every text is refused in a sentence."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.cli.program import run
from tests.cli.test_errors import one_sentence

COMMANDS = ["serve", "worker", "migrate", "seed"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_postgres_database_that_is_not_utf8(command: str, postgres_server: str, tmp_path: Path) -> None:
    url = servers.create_database(postgres_server)
    name = url.rpartition("/")[2]
    servers.drop_database(postgres_server, url)
    with psycopg.connect(postgres_server, autocommit=True) as administrator:
        administrator.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
        )
    said = one_sentence(run(command, folder=tmp_path, SCHEDIORA_DATABASE__URL=url), 1)
    assert "SQL_ASCII" in said
    assert "ENCODING 'UTF8'" in said
    servers.drop_database(postgres_server, url)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_sqlite_database_that_is_not_utf8(command: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "wide.db")) as connection:
        connection.execute("PRAGMA encoding = 'UTF-16'")
        connection.execute("CREATE TABLE something (value TEXT)")
    said = one_sentence(run(command, folder=tmp_path, SCHEDIORA_DATABASE__URL="sqlite:///wide.db"), 1)
    assert "UTF-16" in said
