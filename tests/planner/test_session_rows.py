"""Sessions are shown from their rows just as the view that describes them would show them, byte for byte."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from schediora.db.database import Database, connected
from schediora.models.planner import Session
from schediora.planner.session_rows import SessionRow
from schediora.planner.session_view import SessionUpdated, SessionView
from tests.client import Student
from tests.planner.book import append, change, make_plan, ok, tick
from tests.planner.generated import CELLS, DNA, plan_of

REASON = {"code": "spaced", "text": "Placed 2 days after the lesson.", "of_a_newer_release": 1}


def some_of_each(student: Student) -> list[dict[str, Any]]:
    """Make sessions that between them have everything that a session can have, and lack it."""
    plan_of(UUID(student.id), {"units": (CELLS, DNA), "reason": REASON}, {"kind": "mock", "detail": "Ein Wörtchen 🙂"})
    make_plan(student, due_on="2026-03-09", repeat={"every": "day", "until": "2026-03-08"})
    append(student, title='Quotes " and \\ and </script>', scheduled_at="2026-03-03T23:59:59.123456Z")
    tick(student, append(student))
    change(student, append(student), status="done", rating="good", actual_minutes=50, completed_on="2026-03-03")
    change(student, append(student, due_on="2026-03-04"), status="in_progress")
    unknown = append(student)
    Session.update(reason={"code": "of_a_newer_release", "text": "?"}, rating="hard", units=[]).where(
        Session.id == unknown["id"]
    ).execute()
    return list(ok(student.get("/sessions")))


def test_a_list_shows_what_the_view_of_its_sessions_would(student: Student, database: Database) -> None:
    listed = some_of_each(student)
    assert len(listed) >= 10
    raw = student.get("/sessions").content
    assert raw == TypeAdapter(list[SessionView]).dump_json([SessionView(**session) for session in listed])
    with connected(database):
        models = {str(session.id): session for session in Session.select()}
    for session in listed:
        stored = SessionView.of(models[session["id"]], models[listed[0]["id"]].scheduled_on)
        assert stored.model_dump(mode="json", exclude={"late"}) == {k: v for k, v in session.items() if k != "late"}


def test_a_change_answers_what_the_view_of_its_session_would(student: Student) -> None:
    for session in some_of_each(student):
        answer = student.patch(f"/sessions/{session['id']}", {"status": "done", "rating": "easy"})
        assert answer.content == SessionUpdated(**ok(answer)).model_dump_json().encode()
        assert ok(answer)["session"] == next(
            each for each in ok(student.get("/sessions")) if each["id"] == session["id"]
        )


def test_a_row_has_the_fields_of_the_view() -> None:
    assert (
        [*SessionRow._fields]
        == [
            "id",
            "plan_id",
            "title",
            "topic",
            "duration_minutes",
            "actual_minutes",
            "status",
            "scheduled_at",
            "scheduled_on",
            "due_on",
            "detail",
            "kind",
            "units",
            "reason",
            "pinned",
            "series_id",
            "started_at",
            "completed_at",
            "completed_on",
            "rating",
            "created_at",
        ]
        == [name for name in SessionView.model_fields if name != "late"]
    )
