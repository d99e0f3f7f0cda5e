"""Series as the tests make and delete them."""

from typing import Any

from tests.client import Student
from tests.planner.book import ok

WHEN = "2026-03-04T16:00:00Z"
"""Of the session that is repeated here."""


def every(step: str, until: str) -> dict[str, str]:
    return {"every": step, "until": until}


def all_of(student: Student) -> list[dict[str, Any]]:
    """List all sessions by time."""
    return list(ok(student.get("/sessions", params={"week": "all", "limit": "500"})))


def days(sessions: list[dict[str, Any]]) -> list[str]:
    return [session["scheduled_on"] for session in sessions]


def delete(student: Student, session: dict[str, Any], following: str | None = None) -> None:
    answer = student.delete(f"/sessions/{session['id']}", params={"following": following} if following else None)
    assert answer.status_code == 204, answer.text
