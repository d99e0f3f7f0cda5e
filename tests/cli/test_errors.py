"""Whatever goes wrong is one sentence on standard error and an exit code of 1 or 2, never a traceback."""

import json
import socket
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import run

PRODUCTION = {"SCHEDIORA_ENVIRONMENT": "production"}
KEY = {"SCHEDIORA_AUTH__SECRET_KEY": "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6"}


def one_sentence(ended: "subprocess.CompletedProcess[str]", code: int) -> str:
    """Check that a command ended with `code` and one sentence; return it."""
    assert ended.returncode == code, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("schediora: ")
    assert "Traceback" not in ended.stderr
    return lines[0]


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = one_sentence(run("serve", "--port", port, folder=tmp_path), 1)
    assert f"Port {port} on 127.0.0.1 is already in use" in said


def test_a_broken_file_names_file_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "schediora.toml").write_text('environment = "development"\nport = = 8000\n')
    said = one_sentence(run("config", folder=tmp_path), 2)
    assert "schediora.toml" in said
    assert "line 2" in said
    assert "near port" in said


def test_a_wrong_value_names_file_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[server]\nhost = "127.0.0.1"\nport = "many"\n')
    said = one_sentence(run("serve", "--config", "mine.toml", folder=tmp_path), 2)
    assert "mine.toml line 3" in said
    assert "server.port" in said


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "seed", "config"])
def test_an_unknown_setting_in_the_file(command: str, tmp_path: Path) -> None:
    (tmp_path / "schediora.toml").write_text("[server]\nprot = 8000\n")
    said = one_sentence(run(command, folder=tmp_path), 2)
    assert "server.prot (schediora.toml line 2)" in said
    assert "no such setting" in said


def test_an_unknown_setting_in_the_environment(tmp_path: Path) -> None:
    said = one_sentence(run("config", folder=tmp_path, SCHEDIORA_SERVER__PROT="8000"), 2)
    assert "SCHEDIORA_SERVER__PROT" in said


def test_a_wrong_option_value(tmp_path: Path) -> None:
    assert "server.port (command line)" in one_sentence(run("serve", "--port", 99999, folder=tmp_path), 2)


def test_a_settings_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.toml" in one_sentence(run("config", "--config", "nowhere.toml", folder=tmp_path), 2)


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "seed"])
def test_a_database_that_cannot_be_reached(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    url = f"postgresql://reader:top-secret@127.0.0.1:{port}/schediora"
    said = one_sentence(run(command, folder=tmp_path, SCHEDIORA_DATABASE__URL=url), 1)
    assert "The database cannot be reached" in said
    assert "top-secret" not in said


def test_a_database_url_that_is_none(tmp_path: Path) -> None:
    url = "postgresql://reader:top-secret@127.0.0.1:port/schediora"
    said = one_sentence(run("migrate", folder=tmp_path, SCHEDIORA_DATABASE__URL=url), 2)
    assert "database.url (SCHEDIORA_DATABASE__URL)" in said
    assert "top-secret" not in said


def test_a_database_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear database, this is not for you.\n" * 100)
    said = one_sentence(run("migrate", folder=tmp_path, SCHEDIORA_DATABASE__URL="sqlite:///letter.txt"), 1)
    assert "not a database" in said


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "seed"])
def test_a_directory_that_cannot_be_written(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = one_sentence(run(command, "--data-dir", "file/data", folder=tmp_path), 1)
    assert "The data directory file/data cannot be written" in said


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_production_without_a_key_is_refused(command: str, tmp_path: Path) -> None:
    assert "SCHEDIORA_AUTH__SECRET_KEY" in one_sentence(run(command, folder=tmp_path, **PRODUCTION), 2)
    short = {"SCHEDIORA_AUTH__SECRET_KEY": "k" * 31}
    assert "32 bytes" in one_sentence(run(command, folder=tmp_path, **PRODUCTION, **short), 2)
    assert not (tmp_path / "schediora-data").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"SCHEDIORA_AUTH__SECRET_KEY": ""},
        {"SCHEDIORA_AUTH__SECRET_KEY": "k" * 31},
        {"SCHEDIORA_AUTH__SECRET_KEY": "changeme" * 5},
        {"SCHEDIORA_CORS__ORIGINS": "*"},
        {"SCHEDIORA_CORS__ORIGINS": "https://app.example.org/"},
        {"SCHEDIORA_AI__BASE_URL": "models.example"},
        {"SCHEDIORA_DATABASE__URL": "postgresql://h/d?colour=red"},
    ],
    ids=str,
)
def test_what_is_refused_to_serve_with_is_refused_by_config_in_the_same_words(
    wrong: dict[str, str], tmp_path: Path
) -> None:
    said = {
        one_sentence(run(command, folder=tmp_path, **(PRODUCTION | KEY | wrong)), 2)
        for command in ("config", "serve", "worker")
    }
    assert len(said) == 1


def test_every_wrong_setting_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "schediora.toml").write_text("[server]\nprot = 1\nthreads = 1\n")
    ended = run("serve", "--port", -1, folder=tmp_path, SCHEDIORA_QUEUE__WORKERS="0", **PRODUCTION)
    assert ended.returncode == 2
    lines = ended.stderr.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("schediora: The setting ") for line in lines)


def test_production_open_to_every_page_is_refused(tmp_path: Path) -> None:
    said = one_sentence(run("serve", folder=tmp_path, **PRODUCTION, **KEY, SCHEDIORA_CORS__ORIGINS="*"), 2)
    assert "cors.origins" in said


def test_seed_is_refused_in_production(tmp_path: Path) -> None:
    assert "--force" in one_sentence(run("seed", folder=tmp_path, **PRODUCTION, **KEY), 1)
    forced = run("seed", "--force", "--json", folder=tmp_path, **PRODUCTION, **KEY)
    assert json.loads(forced.stdout)[0]["email"] == "yozi@schediora.dev"


def test_what_nobody_foresaw_is_a_sentence_too_and_kept_whole(tmp_path: Path) -> None:
    # A folder where the queue's file should be: no check of ours looks for that.
    (tmp_path / "schediora-data" / "queue.db").mkdir(parents=True)
    said = one_sentence(run("serve", "--port", 0, folder=tmp_path, TMPDIR=str(tmp_path)), 1)
    kept = said.rpartition("the details are in ")[2].rstrip(".")
    assert "Traceback" in Path(kept).read_text(encoding="utf-8")
