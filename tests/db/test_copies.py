"""SQLite is copied before a migration changes it, so that an upgrade can be taken back."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from schediora.db import copies, migrate
from schediora.errors import SetupError

SCRIPTS = Path(__file__).parents[2] / "migrations"
OLD = "0001"
NAME = re.compile(rf"schediora\.db\.\d{{8}}T\d{{12}}Z\.before-{migrate.history()[-1]}")


@pytest.fixture
def old(tmp_path: Path, sqlite_template: bytes) -> Path:
    """A database of the first revision with a row in it that no migration knows."""
    path = tmp_path / "schediora.db"
    path.write_bytes(sqlite_template)
    downgrade(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE kept (value TEXT)")
        connection.execute("INSERT INTO kept VALUES ('as it was')")
    return path


def downgrade(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, OLD)
    engine.dispose()


def upgrade(path: Path) -> None:
    migrate.upgrade(f"sqlite:///{path}")


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))


def beside(folder: Path) -> set[str]:
    """Return what lies beside the database, without what SQLite and the lock keep there."""
    usual = {"schediora.db", "schediora.db-wal", "schediora.db-shm", ".migrate.lock"}
    return {path.name for path in folder.iterdir()} - usual


def test_the_copy_is_the_database_from_before_for_its_owner_alone(old: Path) -> None:
    upgrade(old)
    (copy,) = kept(old.parent)
    assert beside(old.parent) == {copy.name}
    assert copy.stat().st_mode & 0o777 == 0o600
    assert migrate.revisions(f"sqlite:///{copy}").current == OLD
    assert migrate.revisions(f"sqlite:///{old}").up_to_date
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM kept").fetchall() == [("as it was",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_is_copied_when_nothing_changes_and_when_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "schediora.db"
    upgrade(path)
    upgrade(path)
    assert beside(tmp_path) == set()


def test_the_newest_three_are_kept_and_other_files_left_alone(old: Path) -> None:
    strangers = {"schediora.db.bak", "other.db.20260101T000000000000Z.before-0002"}
    for name in strangers:
        (old.parent / name).touch()
    made: list[Path] = []
    for _ in range(5):
        upgrade(old)
        made.append(kept(old.parent)[-1])
        downgrade(old)
    assert kept(old.parent) == made[-copies.KEPT :]
    assert strangers <= beside(old.parent)


def test_what_is_in_the_log_and_not_yet_in_the_file_is_copied_too(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        with connection:
            connection.execute("INSERT INTO kept VALUES ('only in the log')")
        upgrade(old)
    (copy,) = kept(old.parent)
    with closing(sqlite3.connect(copy)) as connection:
        assert ("only in the log",) in connection.execute("SELECT value FROM kept").fetchall()


def test_nobody_writes_between_the_copy_and_the_migration(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []

    def copied(copy: Callable[[Path, str], Path], path: Path, revision: str) -> Path:
        done = copy(path, revision)
        with closing(sqlite3.connect(old, timeout=0)) as writer:
            try:
                writer.execute("INSERT INTO kept VALUES ('too late')")
            except sqlite3.OperationalError as problem:
                refused.append(str(problem))
        return done

    whole = copies.copy_before
    monkeypatch.setattr(migrate, "copy_before", lambda path, revision: copied(whole, path, revision))
    upgrade(old)
    assert refused == ["database is locked"]


def test_without_a_copy_nothing_is_changed_and_nothing_unfinished_stays(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "to_disk", full)
    with pytest.raises(SetupError, match=r"could not be copied .*\(No space left on device\), so nothing was changed"):
        upgrade(old)
    assert migrate.revisions(f"sqlite:///{old}").current == OLD
    assert beside(old.parent) == set()
