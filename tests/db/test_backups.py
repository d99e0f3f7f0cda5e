"""A backup is the database of one moment; putting it back leaves the old database or the new one, never a mixture."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schediora.db import migrate
from schediora.db.backups import back_up, copy_key, restore
from schediora.db.revisions import NewerSchema
from schediora.db.serving import used
from schediora.errors import SetupError
from tests.db.test_copies import OLD, downgrade

ADD = "INSERT INTO users (id, email, password_hash, planner_revision, created_at) VALUES (?, ?, '-', 0, '2026')"


@pytest.fixture
def path(tmp_path: Path, sqlite_template: bytes) -> Path:
    """A migrated database."""
    path = tmp_path / "data" / "schediora.db"
    path.parent.mkdir()
    path.write_bytes(sqlite_template)
    return path


def add(path: Path, name: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute(ADD, (name, f"{name}@example.com"))


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [name for (name,) in connection.execute("SELECT id FROM users ORDER BY id")]


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


@pytest.fixture
def writer(path: Path) -> Iterator[list[int]]:
    """Writes pairs of students, each pair in one transaction, as fast as it can; how many there are by now."""
    written, stopping = [0], threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
            while not stopping.is_set():
                connection.execute("BEGIN IMMEDIATE")
                for half in "ab":
                    name = f"{written[0]:06}{half}"
                    connection.execute(ADD, (name, f"{name}@example.com"))
                connection.execute("COMMIT")
                written[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    yield written
    stopping.set()
    thread.join()


def test_a_backup_under_writes_is_whole_private_and_of_one_moment(
    path: Path, writer: list[int], tmp_path: Path
) -> None:
    for number in range(3):
        before = writer[0]
        while writer[0] == before:
            pass
        copy = tmp_path / f"copy{number}.db"
        size = back_up(path, copy)
        assert (copy.stat().st_size, copy.stat().st_mode & 0o777) == (size, 0o600)
        found = names(copy)
        assert len(found) >= 2 * before
        assert len(found) % 2 == 0, "half of a transaction"
    assert left_in(tmp_path) == {"data", "copy0.db", "copy1.db", "copy2.db"}


def test_a_backup_overwrites_nothing_and_leaves_nothing_when_it_cannot_be_made(path: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("a letter")
    for source, target in ((path, there), (tmp_path / "none.db", tmp_path / "new.db"), (path, tmp_path / "no" / "way")):
        with pytest.raises(SetupError):
            back_up(source, target)
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SetupError):
        back_up(damaged, tmp_path / "new.db")
    assert there.read_text() == "a letter"
    assert left_in(tmp_path) == {"data", "there.db", "damaged.db"}


def test_what_is_put_back_is_the_backup_alone_and_what_was_there_is_put_aside(path: Path, tmp_path: Path) -> None:
    add(path, "before")
    back_up(path, tmp_path / "copy.db")
    unclosed = sqlite3.connect(path, isolation_level=None)
    unclosed.execute("PRAGMA wal_autocheckpoint = 0")
    unclosed.execute(ADD, ("after", "after@example.com"))
    with_log = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    unclosed.close()
    for name, content in with_log.items():  # as kill -9 would have left it
        (path.parent / name).write_bytes(content)
    done = restore(tmp_path / "copy.db", path)
    assert names(path) == ["before"]
    with closing(sqlite3.connect(path)) as connection:
        (revision,) = connection.execute("SELECT planner_revision FROM users").fetchone()
    assert revision > 100_000, "a device that was told of later changes would wait for those after them"
    assert done.replaced is not None
    assert names(done.replaced) == ["after", "before"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert left_in(path.parent) == {path.name, done.replaced.name}


def test_a_damaged_database_is_replaced_with_all_of_its_files_put_aside(path: Path, tmp_path: Path) -> None:
    add(path, "before")
    back_up(path, tmp_path / "copy.db")
    path.write_bytes(b"not a database any more" * 1000)
    for companion in ("-wal", "-shm"):
        path.with_name(path.name + companion).write_bytes(b"rubbish" * 100)
    done = restore(tmp_path / "copy.db", path)
    assert names(path) == ["before"]
    assert done.replaced is not None
    aside = done.replaced.name
    assert left_in(path.parent) >= {path.name, aside, f"{aside}-wal", f"{aside}-shm"}
    assert not {f"{path.name}-wal", f"{path.name}-shm"} & left_in(path.parent)


def test_a_backup_is_put_where_there_is_none(path: Path, tmp_path: Path) -> None:
    add(path, "before")
    new = tmp_path / "new" / "schediora.db"
    assert restore(path, new).replaced is None
    assert names(new) == ["before"]


def test_nothing_is_put_back_while_it_is_used(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    add(path, "after")
    with used(f"sqlite:///{path}"), pytest.raises(SetupError, match="server"):
        restore(tmp_path / "copy.db", path)
    with closing(sqlite3.connect(path)) as shell:
        shell.execute("SELECT count(*) FROM users").fetchone()
        with pytest.raises(SetupError, match="uses"):
            restore(tmp_path / "copy.db", path)
    assert names(path) == ["after"]


def test_what_is_no_sound_backup_of_ours_changes_nothing(path: Path, tmp_path: Path) -> None:
    add(path, "before")
    whole = path.read_bytes()
    stranger, empty, later, orphans = (tmp_path / f"{name}.db" for name in ("stranger", "empty", "later", "orphans"))
    with closing(sqlite3.connect(stranger)) as connection:
        connection.execute("CREATE TABLE letters (text)")
    empty.touch()
    for changed, statement in (
        (later, "UPDATE alembic_version SET version_num = 'later'"),
        (orphans, "UPDATE study_plans SET user_id = 'nobody'"),
    ):
        changed.write_bytes(whole)
        with closing(sqlite3.connect(changed)) as connection, connection:
            connection.execute(
                "INSERT INTO study_plans (id, user_id, title, topic, source, week_start, created_at) "
                "VALUES ('p', 'before', 't', 't', 'manual', '2026-01-05', '2026')"
            )
            connection.execute(statement)
    cut = tmp_path / "cut.db"
    cut.write_bytes(whole[: len(whole) // 2])
    kept = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.suffix == ".db"}
    for wrong in (stranger, empty, later, orphans, cut, tmp_path / "none.db", tmp_path):
        with pytest.raises(NewerSchema if wrong is later else SetupError):
            restore(wrong, path)
        assert {file.name: file.read_bytes() for file in path.parent.iterdir() if file.suffix == ".db"} == kept


def test_a_backup_of_an_older_release_is_put_back_for_the_next_start_to_migrate(path: Path, tmp_path: Path) -> None:
    downgrade(path)
    new = tmp_path / "new" / "schediora.db"
    found = restore(path, new).revisions
    assert (found.current, found.usable) == (OLD, False)
    migrate.upgrade(f"sqlite:///{new}")
    assert migrate.revisions(f"sqlite:///{new}").up_to_date


KILLED = """
import os, signal, sys
from pathlib import Path
from schediora.db import backups
steps = int(sys.argv[1])
def trace(frame, event, argument):
    global steps
    if frame.f_code.co_filename == backups.__file__:
        steps -= event == "line"
        if steps < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
backups.restore(Path(sys.argv[2]), Path(sys.argv[3]))
"""


def test_killed_at_any_line_there_is_the_old_database_or_the_new_one(path: Path, tmp_path: Path) -> None:
    add(path, "before")
    back_up(path, tmp_path / "copy.db")
    add(path, "later")
    content = path.read_bytes()
    killed, found = 0, []
    for steps in range(8, 200, 9):
        path.write_bytes(content)
        ended = subprocess.run([sys.executable, "-c", KILLED, str(steps), str(tmp_path / "copy.db"), str(path)])
        found.append(names(path))
        if ended.returncode != -signal.SIGKILL:
            assert ended.returncode == 0
            break
        killed += 1
    assert killed > 4
    assert {tuple(one) for one in found} == {("before", "later"), ("before",)}
    assert found[-1] == ["before"]


def test_a_key_is_copied_for_its_owner_alone_and_over_nothing(tmp_path: Path) -> None:
    key, copy = tmp_path / "secret_key", tmp_path / "copy"
    key.write_text("a key")
    copy_key(key, copy)
    assert (copy.read_text(), copy.stat().st_mode & 0o777) == ("a key", 0o600)
    with pytest.raises(SetupError):
        copy_key(key, copy)
    with pytest.raises(SetupError):
        copy_key(tmp_path / "none", tmp_path / "other")
    assert left_in(tmp_path) == {"secret_key", "copy"}
