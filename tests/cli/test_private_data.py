"""Whatever a command writes is for its owner's eyes alone."""

import json
import stat
import subprocess
from pathlib import Path

import pytest
from schediora_cli.launch import close_data_dir

from schediora.errors import SetupError
from schediora.settings.loading import load
from tests.cli.program import PATIENCE_SECONDS, environment, run
from tests.live import COMMAND
from tests.prepared import prepared_service

KEY = "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6"
PRODUCTION = {"SCHEDIORA_ENVIRONMENT": "production", "SCHEDIORA_AUTH__SECRET_KEY": KEY}


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}


def private(folder: Path) -> bool:
    return all(mode & 0o077 == 0 for mode in modes(folder).values())


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A data directory that was made beforehand, for everybody to read."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


@pytest.mark.parametrize("environment", [{}, PRODUCTION], ids=["development", "production"])
def test_a_directory_made_beforehand_is_closed_with_one_line(environment: dict[str, str], open_folder: Path) -> None:
    (open_folder / "schediora.db").touch()
    (open_folder / "schediora.db").chmod(0o666)
    with prepared_service(open_folder, "serve", **environment) as server:
        assert private(open_folder), modes(open_folder)
        assert server.logged().count("data_made_private") == 1
        assert server.stop() == 0
    with prepared_service(open_folder, "serve", **environment) as server:
        assert server.logged().count("data_made_private") == 1
    assert private(open_folder), modes(open_folder)


@pytest.mark.parametrize("command", [["migrate"], ["seed"], ["migrate", "--check"]])
def test_no_command_writes_for_others(command: list[str], tmp_path: Path) -> None:
    ran = subprocess.run(
        [COMMAND, *command, "--data-dir", "data"],
        cwd=tmp_path,
        env=environment({}),
        umask=0,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    assert ran.returncode == (1 if "--check" in command else 0), ran.stderr
    assert not (tmp_path / "data").exists() or private(tmp_path / "data")


def test_a_secret_in_a_file_that_all_may_read_is_the_operators_business(open_folder: Path) -> None:
    # Under the very name that we would give to a key of our own.
    key = open_folder / "secret_key"
    key.write_text(f"{KEY}\n")
    key.chmod(0o444)
    variables = {"SCHEDIORA_ENVIRONMENT": "production", "SCHEDIORA_AUTH__SECRET_KEY_FILE": str(key)}
    with prepared_service(open_folder, "serve", **variables) as server:
        assert server.call("GET", "/health/ready").status == 200
        assert stat.S_IMODE(key.stat().st_mode) == 0o444


def test_production_refuses_what_cannot_be_closed_and_development_goes_on(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda _path, _mode: None)  # as file systems without modes do
    given = {"data_dir": open_folder, "auth.secret_key": KEY}
    close_data_dir(load(overrides=given).settings)
    with pytest.raises(SetupError, match=f"Others can read {open_folder}.* chmod go= {open_folder}"):
        close_data_dir(load(overrides={**given, "environment": "production"}).settings)


def test_the_log_names_what_was_closed(open_folder: Path) -> None:
    (open_folder / "queue.db").touch()
    (open_folder / "queue.db").chmod(0o640)
    ran = run("migrate", "--data-dir", open_folder, folder=open_folder.parent, **PRODUCTION)
    [line] = [json.loads(line) for line in ran.stderr.splitlines()]
    assert line["event"] == "data_made_private"
    assert line["paths"] == [str(open_folder / "queue.db"), str(open_folder)]
