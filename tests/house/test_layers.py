"""Imports only go down, and the linter that says so would notice."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

ROOT = Path(__file__).parents[2]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
VIOLATIONS = {
    "schediora/languages/language.py": "import peewee",
    "schediora/subjects/catalog.py": "import peewee",
    "schediora/memory/replay.py": "import falcon",
    "schediora/ai/curriculum/pace.py": "import peewee",
    "schediora/db/base.py": "from schediora.planner import queries",
    "schediora/users/queries.py": "from schediora.users import service",
    "schediora/planner/queries.py": "from schediora.planner import service",
    "schediora/planner/scheduler/placement.py": "from schediora.planner import student_week",
    "schediora/planner/scheduler/free_time.py": "from schediora.dashboard import queries",
    "schediora/ai/content/text.py": "from schediora.models import planner",
    "schediora/ai/service.py": "import sqlalchemy",
    "schediora/planner/service.py": "import falcon",
    "schediora/health/service.py": "import waitress",
    "schediora/auth/service.py": "import typer",
    "schediora/calendar/service.py": "import icalendar",
    "schediora/dashboard/queries.py": "import huey",
    "schediora/http/errors.py": "import prometheus_client",
    "schediora/ai/rules.py": "import openai",
    "schediora/ai/goals.py": "from schediora.auth import service",
    "schediora/dashboard/service.py": "from schediora.users import service",
    "schediora/models/users.py": "from schediora.models import planner",
    "schediora/http/wire.py": "import schediora_cli",
}
LAZY = {"schediora/ai/model/connection.py": ("openai", "httpx2")}
"""Where heavy libraries may be imported inside a function; the command line is free to."""
ASK_THE_CLOCK = {"now", "utcnow", "today"}


def test_imports_only_go_down() -> None:
    linted = subprocess.run(LINT, cwd=ROOT, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout


def test_nothing_is_imported_inside_a_function() -> None:
    found = {
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in (ROOT / "schediora").rglob("*.py")
        for function in _nodes(file, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _may_be_lazy(file, node)
    }
    assert found == set()


def test_nothing_but_the_clock_tells_the_time() -> None:
    found = {
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in ("schediora", "cli")
        for file in (ROOT / folder).rglob("*.py")
        if file != ROOT / "schediora" / "clock.py"
        for node in _nodes(file, ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in ASK_THE_CLOCK
        and ast.unparse(node.func.value) in ("datetime", "date", "datetime.datetime", "datetime.date")
    }
    assert found == set()


def _nodes(file: Path, kind: type[Node]) -> list[Node]:
    return [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, kind)]


def _may_be_lazy(file: Path, node: ast.Import | ast.ImportFrom) -> bool:
    return any(name in ast.unparse(node) for name in LAZY.get(str(file.relative_to(ROOT)), ()))


def test_every_contract_notices_what_breaks_it(tmp_path: Path) -> None:
    for package, copy in (("schediora", "schediora"), ("cli", "schediora_cli"), ("migrations", "schediora_migrations")):
        shutil.copytree(ROOT / package, tmp_path / copy, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    shutil.copytree(ROOT / "tests" / "house", tmp_path / "tests" / "house")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in VIOLATIONS.items():
        with (tmp_path / name).open("a") as file:
            file.write(f"\n{line}\n")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    linted = subprocess.run(LINT, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert linted.returncode == 1, linted.stdout
    assert "Contracts: 0 kept" in linted.stdout, linted.stdout
