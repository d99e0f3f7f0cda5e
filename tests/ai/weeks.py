"""Asking for plans of this week and of the next, as the tests do it."""

from typing import Any
from uuid import UUID

from schediora.ai.jobs import Runner
from tests.client import Student
from tests.planner.book import ok

WISH = {"goal": "Pass the semester exam", "topic": "Biology"}


def ask(student: Student, week: str | None = None, **fields: Any) -> Any:
    """Ask for a plan, and return what came back."""
    return student.post("/ai/plans/generate", WISH | fields | ({"week": week} if week else {}))


def made(student: Student, runner: Runner, week: str | None = None, **fields: Any) -> Any:
    """Ask for a plan, let it be made, and return its job."""
    job_id = ok(ask(student, week, **fields), 202)["job_id"]
    runner.run(UUID(job_id))
    return ok(student.get(f"/ai/jobs/{job_id}"))


def status(student: Student, week: str | None = None) -> Any:
    """Return the weekly status."""
    return ok(student.get("/ai/plans/status/weekly", params={"week": week} if week else {}))


def days_of(student: Student, plan_id: str) -> list[str]:
    """Return the days of a plan's sessions."""
    sessions = ok(student.get("/sessions", params={"week": "all"}))
    return sorted(session["scheduled_on"] for session in sessions if session["plan_id"] == plan_id)
