"""`schediora config` tells every setting in force, where it came from, and no secret."""

import contextlib
import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from schediora.settings.values import setting_names
from tests.cli.program import environment, run
from tests.live import COMMAND

SECRET = "a-very-long-and-very-secret-signing-key"


def test_settings_and_their_origins(tmp_path: Path) -> None:
    (tmp_path / "schediora.toml").write_text("[server]\nport = 9000\n\n[auth]\nrefresh_days = 7\n")
    shown = run("config", "--json", "--data-dir", "kept", folder=tmp_path, SCHEDIORA_SERVER__PORT="9100")
    rows = {row["setting"]: row for row in json.loads(shown.stdout)}
    assert tuple(rows) == setting_names()
    assert rows["server.port"] == {"setting": "server.port", "value": 9100, "from": "SCHEDIORA_SERVER__PORT"}
    assert rows["auth.refresh_days"]["from"] == "schediora.toml line 5"
    assert rows["data_dir"] == {"setting": "data_dir", "value": "kept", "from": "command line"}
    assert rows["server.host"]["from"] == "default"
    assert rows["database.url"]["value"] == "sqlite:///kept/schediora.db"


def test_in_a_pipe_each_setting_is_a_line_with_tabs(tmp_path: Path) -> None:
    lines = run("config", folder=tmp_path).stdout.splitlines()
    assert len(lines) == len(setting_names())
    assert "server.port\t8000\tdefault" in lines


def test_on_a_terminal_it_is_a_table(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "config"],
        cwd=tmp_path,
        env=environment({"COLUMNS": "100", "TERM": "xterm"}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = _read(ours)
    assert process.wait() == 0
    assert "Setting" in shown
    assert "\t" not in shown
    assert re.search(r"server\.port +8000 +default", shown)


def _read(terminal: int) -> str:
    """Return what is written to a terminal until its other end is closed."""
    parts = []
    with contextlib.suppress(OSError), open(terminal, "rb", buffering=0) as stream:
        while part := stream.read(4096):
            parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_secret_is_shown(form: tuple[str, ...], tmp_path: Path) -> None:
    shown = run(
        "config",
        *form,
        folder=tmp_path,
        SCHEDIORA_AUTH__SECRET_KEY=SECRET,
        SCHEDIORA_AI__API_KEY=SECRET,
        SCHEDIORA_AUTH__PREVIOUS_SECRET_KEYS=f"{SECRET},{SECRET}2",
        SCHEDIORA_QUEUE__URL=f"redis://:{SECRET}@cache/0?password={SECRET}",
        SCHEDIORA_DATABASE__URL=f"postgresql://writer:{SECRET}@db:5432/schediora",
        SCHEDIORA_AI__BASE_URL=f"https://models.example/v1?subscription-key={SECRET}&api-version=2026-01-01",
    )
    assert shown.returncode == 0, shown.stderr
    assert SECRET not in shown.stdout
    assert "postgresql://writer:***@db:5432/schediora" in shown.stdout
    assert "redis://:***@cache/0?password=***" in shown.stdout
    assert "https://models.example/v1?subscription-key=***&api-version=2026-01-01" in shown.stdout
