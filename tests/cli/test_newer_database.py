"""An upgrade, and its roll-back: a database that is newer than the program is used if it says that it can be, and never
touched.
"""

from pathlib import Path

import pytest
import sqlalchemy as sa

from schediora.db import migrate
from schediora.db.migrate import history
from tests.cli.program import run
from tests.cli.test_errors import one_sentence
from tests.newer_version import NEWER, NewerVersion
from tests.prepared import prepared_service

COMMANDS = (("serve", "--port", "0"), ("worker",), ("migrate",), ("migrate", "--check"), ("seed",))
STUDENT = {"email": "maya@example.com", "password": "correct horse"}


@pytest.fixture
def variables(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The variables that name the test's own database and data directory."""
    (tmp_path / "data").mkdir(mode=0o700)
    return {"SCHEDIORA_DATABASE__URL": database_url, "SCHEDIORA_DATA_DIR": str(tmp_path / "data")}


def tables(url: str) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_after_an_additive_upgrade_was_rolled_back_everything_goes_on(
    variables: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    with prepared_service(tmp_path / "data", "serve", **variables) as server:
        assert server.call("POST", "/auth/register", STUDENT).status == 201
        assert server.stop() == 0
    upgraded = NewerVersion(tmp_path / "newer").run("migrate", **variables)
    assert upgraded.returncode == 0, upgraded.stderr
    assert migrate.revisions(database_url).current == NEWER[1]

    for command in (("migrate",), ("migrate", "--check"), ("seed",)):
        ended = run(*command, folder=tmp_path, **variables)
        assert ended.returncode == 0, ended.stderr
        (warning,) = ended.stderr.splitlines()
        assert NEWER[1] in warning
        assert history()[-1] in warning
    with prepared_service(tmp_path / "data", "serve", **variables) as server:
        ready = server.call("GET", "/health/ready")
        assert (ready.status, ready.json["checks"]["migrations"]) == (200, "ok")
        assert server.call("POST", "/auth/login", STUDENT).status == 200
        assert server.logged().count(NEWER[1]) == 1
    assert migrate.revisions(database_url).current == NEWER[1]


def test_after_an_upgrade_that_changed_more_the_older_program_stops_and_says_why(
    variables: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    upgraded = NewerVersion(tmp_path / "newer", compatible=False).run("migrate", **variables)
    assert upgraded.returncode == 0, upgraded.stderr
    for command in COMMANDS:
        said = one_sentence(run(*command, folder=tmp_path, **variables), 1)
        assert NEWER[1] in said
        assert history()[-1] in said
        assert "install the version that migrated" in said
    assert migrate.revisions(database_url).current == NEWER[1]


def test_what_a_database_says_nothing_of_is_not_compatible(
    variables: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f00d'")
    engine.dispose()
    said = one_sentence(run("migrate", "--check", folder=tmp_path, **variables), 1)
    assert "f00d" in said


def test_of_several_migrations_all_happen_or_none(variables: dict[str, str], database_url: str, tmp_path: Path) -> None:
    before = tables(database_url)
    failed = NewerVersion(tmp_path / "newer", broken=True).run("migrate", **variables)
    one_sentence(failed, 1)
    assert tables(database_url) == before
    assert migrate.revisions(database_url).up_to_date
