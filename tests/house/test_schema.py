"""Production runs the migrations, so they make exactly what the models say, on both engines, down to every CHECK."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from schediora.db import migrate
from schediora.db.mirror import metadata
from schediora.db.revisions import history
from schediora.models.registry import MODELS
from tests import servers

ALEMBICS_OWN = "alembic_version"
QUEUES_OWN = "huey_"
SCRIPTS = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own without any table."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = servers.create_database(server)
    yield url
    servers.drop_database(server, url)


def test_the_migrations_make_what_the_models_say(database_url: str, empty_url: str) -> None:
    with _connected(empty_url) as connection:
        metadata(MODELS).create_all(connection)
    assert _described(database_url) == _described(empty_url)


def test_nothing_is_left_to_generate(database_url: str) -> None:
    with _connected(database_url) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_object": _ours}
        )
        assert compare_metadata(context, metadata(MODELS)) == []


def test_the_printed_sql_makes_the_same_schema(database_url: str, empty_url: str) -> None:
    statements = migrate.script(empty_url).split(";\n")
    with _connected(empty_url) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    assert _described(database_url) == _described(empty_url)
    assert migrate.revisions(empty_url).up_to_date


def test_all_the_way_down_and_up_again_changes_nothing(database_url: str) -> None:
    before = _described(database_url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with _connected(database_url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert _described(database_url) == {}
    assert migrate.revisions(database_url).current is None
    migrate.upgrade(database_url)
    assert _described(database_url) == before


def test_the_history_read_from_the_scripts_names_is_that_of_alembic() -> None:
    assert [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()] == [*reversed(history())]


def test_every_revision_after_the_first_says_whether_older_code_can_work_with_it(database_url: str) -> None:
    first, *later = reversed(list(ScriptDirectory(str(SCRIPTS)).walk_revisions()))
    assert not hasattr(first.module, "compatible")
    said = {script.revision: (script.down_revision, script.module.compatible) for script in later}
    assert {type(compatible) for _, compatible in said.values()} == {bool}
    with _connected(database_url) as connection:
        kept = connection.exec_driver_sql("SELECT revision, follows, compatible FROM schema_revisions").fetchall()
    assert {revision: (follows, bool(compatible)) for revision, follows, compatible in kept} == said


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX uq_ai_jobs_user_active",
        "CREATE UNIQUE INDEX uq_ai_jobs_user_active ON ai_jobs (user_id) WHERE status IN ('queued')",
        "ALTER TABLE users ADD COLUMN nickname TEXT",
    ],
)
def test_a_difference_would_be_noticed(database_url: str, change: str) -> None:
    before = _described(database_url)
    with _connected(database_url) as connection:
        connection.exec_driver_sql("DROP INDEX IF EXISTS uq_ai_jobs_user_active")
        if not change.startswith("DROP"):
            connection.exec_driver_sql(change)
    assert _described(database_url) != before


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    assert migrate.upgrade(empty_url).current is None
    assert migrate.upgrade(empty_url).up_to_date


def _described(url: str) -> dict[str, Any]:
    """Return every table of ours as the database itself tells it, in an order that says nothing."""
    with _connected(url) as connection:
        inspector = sa.inspect(connection)
        names = set(inspector.get_table_names()) - {ALEMBICS_OWN}
        return {name: _table(inspector, name) for name in names if not name.startswith(QUEUES_OWN)}


def _table(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    return {
        "columns": _by_name(inspector.get_columns(name)),
        "key": inspector.get_pk_constraint(name),
        "foreign keys": _by_name(inspector.get_foreign_keys(name)),
        "unique": _by_name(inspector.get_unique_constraints(name)),
        "checks": _by_name(inspector.get_check_constraints(name)),
        "indexes": _by_name(inspector.get_indexes(name)),
    }


def _by_name(things: Any) -> dict[str, Any]:
    """Return reflected things by their name, types and conditions as text."""
    return {str(thing["name"]): _plain(thing) for thing in things}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool | int | None) else str(value)


def _ours(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    return not (kind == "table" and str(name).startswith(QUEUES_OWN))


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    database = sa.create_engine(url, poolclass=sa.NullPool)
    with database.begin() as connection:
        yield connection
    database.dispose()
