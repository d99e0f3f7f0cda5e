"""The data directory is its owner's alone, also when it was made beforehand for everybody."""

import os
import stat
from pathlib import Path

import pytest

from schediora.data_dir import make_private

NAMES = ("schediora*.db*", "secret_key")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that everybody may read, with a database and somebody's letter in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("schediora.db", "schediora.db-wal", "letter.txt"):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(0o755)
    return folder


def test_what_is_ours_is_closed_to_others_and_nothing_else_is_touched(folder: Path) -> None:
    found = make_private(folder, NAMES)
    assert set(found.mended) == {folder, folder / "schediora.db", folder / "schediora.db-wal"}
    assert found.exposed == ()
    assert (mode(folder), mode(folder / "schediora.db"), mode(folder / "schediora.db-wal")) == (0o700, 0o600, 0o600)
    assert mode(folder / "letter.txt") == 0o644
    assert make_private(folder, NAMES).mended == ()


def test_a_folder_that_holds_folders_or_is_shared_by_all_keeps_its_mode(folder: Path) -> None:
    (folder / "photos").mkdir()
    assert folder not in make_private(folder, NAMES).mended
    (folder / "photos").rmdir()
    folder.chmod(0o1777)
    assert folder not in make_private(folder, NAMES).mended
    folder.chmod(0o755)
    (folder / "lost+found").mkdir()
    assert make_private(folder, NAMES).mended == (folder,)


def test_what_cannot_be_closed_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "secret_key").touch(mode=0o600)
    monkeypatch.setattr(Path, "chmod", lambda _path, _mode: None)  # as file systems without modes do
    assert set(make_private(folder, NAMES).exposed) == {folder, folder / "schediora.db", folder / "schediora.db-wal"}

    def refuse(_path: Path, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    assert set(make_private(folder, NAMES).exposed) == {folder, folder / "schediora.db", folder / "schediora.db-wal"}


def test_what_a_group_may_do_with_the_files_of_somebody_else_is_theirs_to_say(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    (folder / "schediora.db").chmod(0o660)
    (folder / "schediora.db-wal").chmod(0o664)
    folder.chmod(0o775)
    assert make_private(folder, NAMES).mended == (folder / "schediora.db-wal",)
    assert mode(folder) == 0o775


def test_a_folder_that_is_not_there_is_nobodys_business(tmp_path: Path) -> None:
    assert make_private(tmp_path / "none", NAMES).mended == ()
    (tmp_path / "file").touch()
    assert make_private(tmp_path / "file", NAMES).mended == ()
