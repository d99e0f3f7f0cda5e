"""The replanning calls as the tests make them, and the rows that they change."""

from typing import Any

from schediora.models.planner import Session
from tests.client import Student
from tests.planner.book import ok

REPLAN = "/plans/current/replan"
UNDO = "/plans/current/replan/undo"


def preview(student: Student, **wish: Any) -> dict[str, Any]:
    return dict(ok(student.post(REPLAN, wish or None)))


def apply(student: Student, revision: str) -> dict[str, Any]:
    return dict(ok(student.post(REPLAN, {"apply": True, "revision": revision})))


def titles(entries: list[dict[str, Any]]) -> set[str]:
    return {entry["title"] for entry in entries}


def rows() -> list[dict[str, Any]]:
    """Return all sessions as they are stored, without their revisions, which go on counting whatever is undone."""
    stored = [dict(session.__data__) for session in Session.select().order_by(Session.id)]
    return [{name: value for name, value in row.items() if name != "revision"} for row in stored]
