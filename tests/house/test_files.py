"""Files stay short, and are named for what they hold."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("schediora", "cli", "migrations", "tests", "benchmarks", ".ci")
MOST_LINES = 300
NAMES_FOR_ANYTHING = {"utils", "util", "helpers", "helper", "common", "misc", "base_service", "shared"}
TOP_LEVEL = {
    "schediora",
    "cli",
    "migrations",
    "tests",
    "schediora.toml",
    "pyproject.toml",
    "build.spec",
    "README.md",
    "constraints.txt",
    "benchmarks",
    "docs",
    "CHANGELOG.md",
    "SECURITY.md",
    "justfile",
}
MADE = {".coverage", "build", "dist", "schediora.egg-info", "schediora-data"}

SOURCES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))


def test_no_file_is_long() -> None:
    lines = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}


def test_no_file_is_named_for_anything() -> None:
    parts = {part for file in SOURCES for part in (file.stem, *file.relative_to(ROOT).parts[:-1])}
    assert not parts & NAMES_FOR_ANYTHING


def test_the_top_level_is_as_drawn() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - MADE <= TOP_LEVEL
