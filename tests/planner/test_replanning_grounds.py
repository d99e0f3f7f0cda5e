"""Replanning keeps to what a session really builds on, and its reasons name just that. It is Wednesday 2026-03-04."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.db.base import new_id
from schediora.subjects.language import languages_of
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, change, make_plan, ok, tick, travel, week
from tests.planner.generated import CELLS, DNA, plan_of
from tests.planner.replanning import apply, preview


def missed(title: str, day: int, hour: int = 10, **fields: Any) -> dict[str, Any]:
    """Tell a session of this week, planned for a day of March."""
    at = datetime.fromisoformat(f"2026-03-{day:02}T{hour:02}:00:00+00:00")
    return {"title": title, "scheduled_at": at, "scheduled_on": at.date(), "role": "lesson"} | fields


def starts(entries: list[dict[str, Any]]) -> dict[str, datetime]:
    """Return when each session starts."""
    return {entry["title"]: datetime.fromisoformat(entry["scheduled_at"]) for entry in entries}


def settled(student: Student) -> list[dict[str, Any]]:
    """Replan, check that doing so again would change nothing, and return what moved."""
    shown = preview(student)
    apply(student, shown["revision"])
    again = preview(student)
    assert again["moved"] == []
    return list(shown["moved"])


def test_a_session_comes_after_what_it_builds_on_and_after_nothing_else(student: Student) -> None:
    lesson, mock = new_id(), new_id()
    plan_of(
        UUID(student.id),
        missed("Recall of cells", 2, 8, kind="recall", role="recall", builds_on=(lesson,)),
        missed("Lesson on cells", 2, 9, id=lesson),
        missed("Rework of the mock", 2, 11, kind="practice", role="rework", builds_on=(mock,)),
        missed("Mock", 2, 12, id=mock, kind="mock", role="mock"),
    )
    settled(student)
    at = starts(week(student))
    assert at["Recall of cells"] >= at["Lesson on cells"] + timedelta(minutes=30)
    assert at["Rework of the mock"] >= at["Mock"] + timedelta(minutes=30)


def test_a_reason_names_the_learning_that_it_builds_on(student: Student, clock: FrozenClock) -> None:
    cells, dna = new_id(), new_id()
    plan_of(
        UUID(student.id),
        missed("Cells from the start", 2, id=cells, units=(CELLS,)),
        missed("The code of DNA", 3, id=dna, units=(DNA,)),
        missed("Recall of cells", 3, 12, kind="recall", role="recall", units=(CELLS,), builds_on=(cells, dna)),
    )
    by_title = {session["title"]: session for session in week(student)}
    travel(student, clock, "2026-03-02T12:00:00+00:00")
    tick(student, by_title["Cells from the start"])
    travel(student, clock, "2026-03-03T11:00:00+00:00")
    tick(student, by_title["The code of DNA"])
    travel(student, clock, "2026-03-04T09:00:00+00:00")
    (moved,) = settled(student)
    days = (datetime.fromisoformat(moved["scheduled_at"]).date() - datetime(2026, 3, 2).date()).days
    assert f"{days} days after" in moved["reason"]["text"]
    assert "Cells from the start" in moved["reason"]["text"]


def test_what_the_student_moved_by_hand_comes_before_what_builds_on_it(student: Student) -> None:
    lesson = new_id()
    plan_of(
        UUID(student.id),
        missed("Lesson", 2, id=lesson),
        missed("Recall", 3, kind="recall", role="recall", builds_on=(lesson,)),
    )
    change(student, week(student)[0], scheduled_at="2026-03-06T15:00:00Z")
    (moved,) = settled(student)
    assert datetime.fromisoformat(moved["scheduled_at"]) >= datetime.fromisoformat("2026-03-06T15:30:00+00:00")


def test_old_sessions_keep_the_order_of_their_topic(student: Student) -> None:
    make_plan(student, title="First", scheduled_at="2026-03-02T10:00:00Z")
    plan_of(UUID(student.id), *(missed(f"Old {number}", 3, 10 + number, role=None) for number in range(3)))
    settled(student)
    at = starts(week(student))
    assert sorted(at, key=at.__getitem__) == ["First", "Old 0", "Old 1", "Old 2"]


def test_what_builds_on_a_deleted_session_is_placed_all_the_same(student: Student) -> None:
    ok(student.put("/users/preferences", PREFERENCES))
    plan_of(UUID(student.id), missed("Recall", 2, kind="recall", role="recall", builds_on=(new_id(),)))
    (moved,) = settled(student)
    assert moved["title"] == "Recall"


def test_replanning_speaks_the_language_of_the_plan(student: Student) -> None:
    told = []
    for language in ("id", "fr"):
        plan = plan_of(UUID(student.id), missed(f"Missed {language}", 2), language=language)
        (moved,) = preview(student)["moved"]
        told.append(moved["reason"]["text"])
        ok(student.delete(f"/plans/{plan.id}"), 204)
    assert [languages_of(sentence)[0] for sentence in told] == ["id", "fr"], told


def test_replanning_what_was_made_by_hand_speaks_the_language_of_its_words(student: Student) -> None:
    make_plan(student, title="Sel dan organelnya", topic="Biologi", scheduled_at="2026-03-03T10:00:00Z")
    (moved,) = preview(student)["moved"]
    assert languages_of(moved["reason"]["text"])[0] == "id", moved
