"""Help comes at once, because only Typer is loaded for it."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.program import environment, run

COMMANDS = (
    "serve",
    "demo",
    "worker",
    "migrate",
    "memory",
    "seed",
    "backup",
    "restore",
    "copy",
    "config",
    "doctor",
    "stats",
    "healthcheck",
    "openapi",
    "version",
    "users",
    "jobs",
)
HEAVY = {
    "alembic",
    "argon2",
    "falcon",
    "huey",
    "openai",
    "peewee",
    "psycopg",
    "pydantic",
    "redis",
    "rich",
    "schediora",
    "sqlalchemy",
    "structlog",
    "waitress",
}
LOADED = """
import sys
from schediora_cli.main import app
try:
    app(["--help"])
finally:
    print()
    print(*sys.modules)
"""


def test_help_lists_every_command(tmp_path: Path) -> None:
    helped = run("--help", folder=tmp_path)
    assert helped.returncode == 0
    listed = helped.stdout.partition("Commands:\n")[2].partition("\n\n")[0]
    assert tuple(line.split()[0] for line in listed.splitlines()) == COMMANDS
    assert "..." not in listed


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, option: str, tmp_path: Path) -> None:
    helped = run(command, option, folder=tmp_path)
    assert helped.returncode == 0
    assert helped.stdout.startswith(f"Usage: schediora {command}")
    assert not re.search("<int|<list", helped.stdout), "what an option takes is a word of the operator's"


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=tmp_path, env=environment({}), capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(loaded.stdout.splitlines()[-1].split())


def test_a_wrong_option_is_a_usage_error(tmp_path: Path) -> None:
    refused = run("serve", "--nonsense", folder=tmp_path)
    assert refused.returncode == 2
    assert "No such option: --nonsense" in refused.stderr


@pytest.mark.parametrize("form", ["version", "--version"])
def test_the_version_is_that_of_the_installation(form: str, tmp_path: Path) -> None:
    assert run(form, folder=tmp_path).stdout == f"schediora {version('schediora')}\n"


def test_the_module_is_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schediora", "--version"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment({}), capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, run("--version", folder=tmp_path).stdout)


def test_short_help_is_help(tmp_path: Path) -> None:
    assert run("-h", folder=tmp_path).stdout == run("--help", folder=tmp_path).stdout
