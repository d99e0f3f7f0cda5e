"""The doctor finds what is wrong, says what to do about it, and changes nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from schediora.clock import utc_now
from schediora.db.base import new_id
from schediora.db.database import Database, connected, sqlite_path
from schediora.doctor.examination import examine
from schediora.doctor.finding import State
from schediora.models.ai import Job
from schediora.models.users import User
from schediora.settings.loading import load
from tests import servers
from tests.model_behaviours import good, status
from tests.model_server import ModelServer
from tests.ports import free_port

FILES = ("schediora*.db*", "queue.db*", "secret_key*")
STRONG = "vK4t0mYl2W8cJ6sQ1zXe9RbUo3NfHd7PgAi5"

Look = Callable[..., dict[str, list[tuple[State, str]]]]


@pytest.fixture
def look(database_url: str, tmp_path: Path) -> Look:
    """Examines the test's database with other settings as given; by subject, what was found."""

    def _look(*, ask_model: bool = False, **changes: Any) -> dict[str, list[tuple[State, str]]]:
        overrides = {"database.url": database_url, "data_dir": tmp_path, **changes}
        found: dict[str, list[tuple[State, str]]] = {}
        for finding in examine(load(overrides=overrides), files=FILES, now=utc_now, ask_model=ask_model):
            found.setdefault(finding.about, []).append((finding.state, finding.says))
        return found

    return _look


def faults(found: dict[str, list[tuple[State, str]]]) -> list[tuple[str, str]]:
    return [(about, says) for about, all_of_it in found.items() for state, says in all_of_it if state is State.WRONG]


def states(found: dict[str, list[tuple[State, str]]], about: str) -> list[State]:
    return [state for state, _ in found[about]]


def run_sql(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(url))) as connection, connection:
            connection.execute(statement)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL(statement))


def test_a_sound_installation_has_no_fault_and_is_left_as_it_was(look: Look, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    found = look()
    assert faults(found) == []
    assert {"settings", "signing key", "files", "disk", "database", "migrations", "jobs", "clock"} <= set(found)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_schema_that_is_behind_is_told_with_the_command_that_helps(
    look: Look, database_url: str, engine: str
) -> None:
    run_sql(database_url, "UPDATE alembic_version SET version_num = '0001'")
    found = look()
    assert states(found, "migrations") == [State.WRONG if engine == "postgres" else State.WARNING]
    assert "migrate" in found["migrations"][0][1]


def test_a_schema_of_a_later_release_is_told_by_its_advice(look: Look, database_url: str) -> None:
    run_sql(database_url, "UPDATE alembic_version SET version_num = 'later'")
    ((state, says),) = look()["migrations"]
    assert state is State.WRONG
    assert "later" in says


def test_jobs_that_nobody_takes_are_told(look: Look, database: Database) -> None:
    long_ago = utc_now() - timedelta(minutes=5)
    with connected(database):
        user = User.create(email="a@example.com", password_hash="-", created_at=long_ago)
        Job.create(user=user, goal="g", topic="t", week_start=long_ago.date(), created_at=long_ago, updated_at=long_ago)
    database.close_all()
    ((state, says),) = look()["jobs"]
    assert state is State.WARNING
    assert says.startswith("1 wait")
    assert "schediora worker" in says


def test_a_clock_behind_what_is_stored_is_told(look: Look, database: Database) -> None:
    later = new_id().int + (3_600_000 << 80)  # UUIDv7 begins with milliseconds
    with connected(database):
        User.create(id=UUID(int=later), email="a@example.com", password_hash="-", created_at=utc_now())
    database.close_all()
    assert [says for about, says in faults(look()) if about == "clock" and "NTP" in says]


def test_a_database_that_is_not_there_is_one_fault(look: Look) -> None:
    url = f"postgresql://ayu:hunter2hunter2@127.0.0.1:{free_port()}/nowhere"
    found = look(**{"database.url": url})
    assert [about for about, _ in faults(found)] == ["database"]
    assert "hunter2" not in str(found)


def test_a_damaged_file_is_told(tmp_path: Path, sqlite_template: bytes) -> None:
    cut = len(sqlite_template) // 2
    kinds = {
        "garbage": b"no database at all, but long enough to be read as one" * 100,
        "overwritten": sqlite_template[:cut] + b"\xff" * 8192 + sqlite_template[cut + 8192 :],
        "cut off": sqlite_template[:cut],
    }
    missed = []
    for kind, content in kinds.items():
        path = tmp_path / f"{kind}.db"
        path.write_bytes(content)
        loaded = load(overrides={"database.url": f"sqlite:///{path}", "data_dir": tmp_path})
        found = list(examine(loaded, files=FILES, now=utc_now, ask_model=False))
        if not [one for one in found if one.about == "database" and one.state is State.WRONG]:
            missed.append(kind)
    assert missed == []


def test_a_database_in_use_is_read_as_it_is(look: Look, database: Database, engine: str) -> None:
    with connected(database):
        User.create(email="a@example.com", password_hash="-", created_at=utc_now())
        assert faults(look()) == []


def test_a_queue_without_tables_is_told(postgres_databases: Any, postgres_server: str, look: Look) -> None:
    url = postgres_databases.take()
    assert states(look(**{"database.url": url}), "queue") == [State.OK]
    run_sql(url, "DROP TABLE huey_task CASCADE")
    assert states(look(**{"database.url": url}), "queue") == [State.WARNING]
    servers.drop_database(postgres_server, url)


def test_an_encoding_that_loses_text_is_told(postgres_server: str, look: Look) -> None:
    name = "doctor_latin1"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    url = postgres_server.rsplit("/", 1)[0] + f"/{name}"
    try:
        assert "UTF8" in dict(faults(look(**{"database.url": url})))["database"]
    finally:
        servers.drop_database(postgres_server, url)


def test_what_a_role_lacks_is_named(postgres_databases: Any, postgres_server: str, look: Look) -> None:
    url = postgres_databases.take()
    role = "doctor_reader"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {role}")
        connection.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 3")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    place = url.rpartition("@")[2]
    try:
        found = look(**{"database.url": f"postgresql://{role}@{place}"})
        assert "may not DELETE on" in dict(faults(found))["role"]
        assert states(found, "connections") == [State.WARNING]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM {role}")
        blind = look(**{"database.url": f"postgresql://{role}@{place}"})
        assert set(dict(faults(blind))) == {"role"}
        with psycopg.connect(url, autocommit=True) as connection:
            advised = dict(faults(blind))["role"].partition("grant it: ")[2]
            connection.execute(advised.encode())
        assert faults(look(**{"database.url": f"postgresql://{role}@{place}"})) == []
        with psycopg.connect(f"postgresql://{role}@{place}") as connection:
            connection.execute("INSERT INTO huey_task (queue, data) VALUES ('q', '')")
            connection.rollback()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")
        postgres_databases.give_back(url)


def test_a_database_that_takes_no_writes_is_told(postgres_databases: Any, postgres_server: str, look: Look) -> None:
    url = postgres_databases.take()
    name = url.rsplit("/", 1)[-1]
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "takes no writes" in dict(faults(look(**{"database.url": url})))["database"]
    servers.drop_database(postgres_server, url)


def test_a_direct_url_to_another_database_is_told(postgres_databases: Any, look: Look) -> None:
    url, other = postgres_databases.take(), postgres_databases.take()
    same = look(**{"database.url": url, "database.direct_url": url})
    assert states(same, "direct_url") == [State.OK]
    found = look(**{"database.url": url, "database.direct_url": other})
    assert "another database" in dict(faults(found))["direct_url"]
    for used in (url, other):
        postgres_databases.give_back(used)


def test_a_pooler_without_a_way_around_it_is_a_warning(
    postgres_databases: Any, pgbouncer_server: str, look: Look
) -> None:
    url = postgres_databases.take()
    pooled = pgbouncer_server.rsplit("/", 1)[0] + "/" + url.rsplit("/", 1)[-1]
    alone = look(**{"database.url": pooled})
    assert faults(alone) == []
    assert states(alone, "direct_url") == [State.WARNING]
    assert states(look(**{"database.url": pooled, "database.direct_url": url}), "direct_url") == [State.OK]
    postgres_databases.give_back(url)


def test_a_queue_that_is_away_is_a_warning_and_one_that_answers_is_well(look: Look, valkey_url: str) -> None:
    away = look(**{"queue.url": f"redis://:hunter2hunter2@127.0.0.1:{free_port()}/0"})
    assert states(away, "queue") == [State.WARNING]
    assert "hunter2" not in str(away)
    there = look(**{"queue.url": valkey_url})
    assert states(there, "queue") == [State.OK]


def test_the_model_is_asked_for_one_real_step(look: Look) -> None:
    key = "sk-very-secret"
    with ModelServer(good()) as server:
        chosen = {"ai.provider": "openai", "ai.base_url": server.base_url, "ai.model": "tiny", "ai.api_key": key}
        well = look(ask_model=True, **chosen)
        assert states(well, "model") == [State.OK], well["model"]
        assert len(server.calls) == 1
        server.behave(status(401, f"the key {key} is wrong".encode()))
        refused = look(ask_model=True, **chosen)
    assert states(refused, "model") == [State.WARNING]
    assert "refuses the key (status 401); set the right one in ai.api_key" in refused["model"][0][1]
    assert key not in str(refused)
    assert "model" not in look(**chosen)


def test_what_production_refuses_and_what_is_unwise_is_told_for_each_setting(look: Look) -> None:
    production: dict[str, object] = {"environment": "production", "auth.secret_key": STRONG}
    cases: list[tuple[str, State, dict[str, object]]] = [
        ("settings", State.WRONG, production | {"auth.secret_key": "secret" * 8}),
        ("settings", State.WRONG, production | {"auth.secret_key": ""}),
        ("settings", State.WRONG, production | {"cors.origins": "*"}),
        ("settings", State.WARNING, production | {"limits.enabled": False}),
        ("settings", State.WARNING, production | {"auth.previous_secret_keys": "secret" * 8}),
        ("web pages", State.WARNING, production | {"cors.origins": "http://study.example.org"}),
        ("web pages", State.OK, production | {"cors.origins": "https://study.example.org"}),
        ("signing key", State.OK, production),
        ("signing key", State.WARNING, {"auth.secret_key": "secret" * 8}),
        ("signing key", State.OK, {}),
    ]
    missed = [(about, state, given) for about, state, given in cases if state not in states(look(**given), about)]
    assert missed == []
    assert not any(STRONG in str(look(**given)) for _, _, given in cases[3:8])


def test_a_kept_key_that_is_damaged_is_told(look: Look, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short\n")
    assert "damaged" in dict(faults(look()))["signing key"]


def test_what_others_can_read_is_told_and_not_changed(look: Look, tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text(STRONG)
    key.chmod(0o644)
    ((state, says),) = look()["files"]
    assert state is State.WARNING
    assert str(key) in says
    assert key.stat().st_mode & 0o777 == 0o644


def test_a_secret_in_a_settings_file_that_others_can_read_is_told(look: Look, tmp_path: Path) -> None:
    file = tmp_path / "chosen.toml"
    file.write_text(f'[auth]\nsecret_key = "{STRONG}"\n')
    told = {}
    for mode in (0o644, 0o600):
        file.chmod(mode)
        loaded = load(file, {"data_dir": tmp_path / "data"})
        told[mode] = [one.says for one in examine(loaded, files=FILES, now=utc_now, ask_model=False)]
    said = f"Others can read {file}, which holds auth.secret_key; run: chmod go= {file}"
    assert said in told[0o644]
    assert said not in told[0o600]
