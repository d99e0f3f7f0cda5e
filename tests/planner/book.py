"""The planner's calls as the tests make them: each asserts that it worked, and returns what it answered."""

from datetime import datetime
from typing import Any

from falcon.testing import Result

from tests.client import PASSWORD, FrozenClock, Student

PREFERENCES = {"goal": "Pass the exam", "daily_hours": 2, "focus_topics": ["Biology", "Physics"]}
SESSION = {"title": "Cell division", "topic": "Biology", "duration_minutes": 45}


def travel(student: Student, clock: FrozenClock, to: str) -> None:
    """Let the clock stand at an instant, and sign in there."""
    clock.set(datetime.fromisoformat(to))
    login = ok(student.api.post("/auth/login", {"email": student.email, "password": PASSWORD}))
    student.token, student.refresh_token = login["access_token"], login["refresh_token"]


def move_to(student: Student, zone: str) -> None:
    """Move the student to another time zone."""
    ok(student.put("/users/preferences", PREFERENCES | {"timezone": zone}))


def make_plan(student: Student, **fields: Any) -> dict[str, Any]:
    """Make a plan by hand."""
    return dict(ok(student.post("/plans", SESSION | fields), 201))


def append(student: Student, **fields: Any) -> dict[str, Any]:
    """Append a session to the current plan."""
    return dict(ok(student.post("/plans/current/sessions", SESSION | fields), 201))


def change(student: Student, session: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Change a session, and return it as it then is."""
    answer = ok(student.patch(f"/sessions/{session['id']}", fields))
    assert answer["message"] == "session updated"
    return dict(answer["session"])


def tick(student: Student, session: dict[str, Any]) -> dict[str, Any]:
    """Tick a session off."""
    return change(student, session, status="done")


def week(student: Student) -> list[dict[str, Any]]:
    """List this week's sessions."""
    return list(ok(student.get("/sessions")))


def plans(student: Student) -> list[dict[str, Any]]:
    """List the plans."""
    return list(ok(student.get("/plans")))


def summary(student: Student, days: str = "7d") -> dict[str, Any]:
    """Show the dashboard."""
    return dict(ok(student.get("/dashboard/summary", params={"range": days})))


def refused(answer: Result, status: int, code: str) -> dict[str, Any]:
    """Return the problem that a refused call answers."""
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert 0 < len(answer.json["detail"]) <= 200
    return dict(answer.json)


def ok(answer: Result, status: int = 200) -> Any:
    """Return what a call answered."""
    assert answer.status_code == status, answer.text
    return answer.json
