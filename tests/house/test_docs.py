"""What the documents promise is what the code does."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from schediora.models.planner import SessionStatus
from tests.live import Service
from tests.prepared import prepared_service

ROOT = Path(__file__).parents[2]
PUBLISHED_PORT = "127.0.0.1:8000"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Service]:
    """What the README's first command leaves running."""
    with prepared_service(tmp_path / "data", "serve") as running:
        yield running


def first_session() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"## A first session\n.*?```bash\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_line_of_the_first_session_runs_and_ends_in_a_ticked_off_session(server: Service, tmp_path: Path) -> None:
    script = first_session().replace(PUBLISHED_PORT, f"127.0.0.1:{server.port}")
    assert str(server.port) in script
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert '"code"' not in re.sub(r'"reason":\{"code"', "", ran.stdout)
    assert '"status":"completed"' in ran.stdout
    assert f'"status":"{SessionStatus.DONE}"' in ran.stdout
    assert '"today_completed":1' in ran.stdout


@pytest.mark.no_cover
def test_every_command_of_the_readme_exists() -> None:
    from schediora_cli.main import app

    offered = {command.callback.__name__ for command in app.registered_commands if command.callback}
    offered |= {str(group.typer_instance.info.name) for group in app.registered_groups if group.typer_instance}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `schediora (\w+)(?: FILE)?` \|", readme, re.MULTILINE)) == offered


def test_the_glossary_names_no_word_twice() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = [word.strip() for row in rows for word in row.split(",") if word.strip() not in ("word", "---")]
    assert len(words) > 40
    assert sorted(words) == sorted(set(words))
