"""The log speaks in events of one convention, and the operators' page lists them all, with their levels."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "error", "exception": "error"}
REQUEST_DONE = "request_done"
"""`log.request_done(level, ...)` writes the event `request`; its level is worked out."""
OUTAGES = {"Outages", "_Outage"}
"""Classes that are given the names of the events that they write: an error, and the end of it."""
FOREIGN = {"library_message": {"warning", "error"}}
"""What the log itself makes of the sentences of libraries."""


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for folder in ("schediora", "cli"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield file, node


def text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def written() -> dict[str, set[str]]:
    """Return the levels of every event that the code can write; one whose name is not in the source fails the test."""
    found: dict[str, set[str]] = defaultdict(set)
    for file, call in calls():
        match call.func:
            case ast.Name(id=kind) if kind in OUTAGES:
                names = [text(node) for node in (*call.args[1:], *(keyword.value for keyword in call.keywords))]
                for name, level in zip(filter(None, names), ("error", "info"), strict=False):
                    found[name].add(level)
            case ast.Attribute(value=ast.Name(id="_log"), attr=method) if method in LEVELS:
                event = text(call.args[0])
                assert event is not None, f"{file}:{call.lineno}"
                found[event].add(LEVELS[method])
            case ast.Attribute(value=ast.Name(id="log"), attr=method) if method == REQUEST_DONE:
                found["request"] |= {"info", "warning", "error"}
    return found | FOREIGN


def listed() -> dict[str, set[str]]:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = page.partition("| event | level | means |")[2].partition("\n\n")[0]
    found = {}
    for names, levels in re.findall(r"^\| (`[^|]*`) \| ([a-z, ]+) \| \S", table, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", names):
            assert name not in found, name
            found[name] = set(levels.split(", "))
    return found


def test_the_operators_page_lists_every_event_with_its_level() -> None:
    assert listed() == written()


def test_every_event_is_named_in_snake_case() -> None:
    assert [event for event in written() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", event)] == []
