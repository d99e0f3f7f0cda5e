"""Replanning what an earlier week left, and what nothing can be done about. It is Wednesday 2026-03-04, 09:00 UTC."""

from typing import Any

import pytest

from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, refused, tick, travel, week
from tests.planner.replanning import REPLAN, apply, preview, rows, titles


@pytest.fixture
def behind(student: Student, clock: FrozenClock) -> Student:
    """A student who has no plan this week, and did not do all of the weeks before."""
    travel(student, clock, "2026-02-02T09:00:00Z")
    make_plan(student, title="Too long ago", scheduled_at="2026-02-02T10:00:00Z")
    append(student, title="Four weeks ago", scheduled_at="2026-02-04T10:00:00Z")
    append(student, title="Last Sunday", scheduled_at="2026-03-01T10:00:00Z")
    tick(student, append(student, title="Done", scheduled_at="2026-02-20T10:00:00Z"))
    travel(student, clock, "2026-03-04T09:00:00Z")
    return student


def codes(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["title"]: entry["reason"]["code"] for entry in entries}


def test_overdue_sessions_of_four_weeks_join_when_asked_for_without_a_plan_this_week(behind: Student) -> None:
    before = rows()
    refused(behind.post(REPLAN), 404, "no_current_plan")
    refused(behind.post(REPLAN, {"include_overdue": False}), 404, "no_current_plan")
    shown = preview(behind, include_overdue=True)
    assert rows() == before
    assert titles(shown["moved"]) == {"Four weeks ago", "Last Sunday"}
    assert shown["kept"] == shown["impossible"] == []
    assert shown["suggestion"] is None
    assert all("2026-03-04" <= entry["scheduled_on"] <= "2026-03-08" for entry in shown["moved"])


def test_applying_a_preview_with_overdue_sessions_is_that_very_proposal(behind: Student) -> None:
    shown = preview(behind, include_overdue=True)
    assert apply(behind, shown["revision"]) == shown | {"applied": True}
    assert {session["title"]: session["scheduled_at"] for session in week(behind)} == {
        entry["title"]: entry["scheduled_at"] for entry in shown["moved"]
    }
    assert preview(behind, include_overdue=True)["moved"] == []


def test_overdue_sessions_stay_where_they_are_unless_asked_for(behind: Student) -> None:
    make_plan(behind, title="This week's", scheduled_at="2026-03-03T10:00:00Z")
    assert titles(preview(behind)["moved"]) == {"This week's"}
    shown = preview(behind, include_overdue=True)
    assert titles(shown["moved"]) == {"This week's", "Four weeks ago", "Last Sunday"}


def test_with_nothing_overdue_there_is_nothing_to_do_and_that_is_no_fault(student: Student) -> None:
    shown = preview(student, include_overdue=True)
    assert shown["moved"] == shown["kept"] == shown["impossible"] == []


def test_what_was_moved_by_hand_or_begun_and_then_missed_is_named_with_a_way_out(
    behind: Student, clock: FrozenClock
) -> None:
    travel(behind, clock, "2026-03-03T12:00:00Z")
    by_hand = make_plan(behind, title="By hand", scheduled_at="2026-03-02T10:00:00Z")
    session = next(each for each in week(behind) if each["plan_id"] == by_hand["id"])
    change(behind, session, scheduled_at="2026-03-03T10:00:00Z")
    change(behind, append(behind, title="Begun", scheduled_at="2026-03-03T12:00:00Z"), status="in_progress")
    travel(behind, clock, "2026-03-04T09:00:00Z")
    change(behind, append(behind, title="Begun today", scheduled_at="2026-03-04T08:00:00Z"), status="in_progress")
    change(behind, append(behind, title="Going on"), scheduled_at="2026-03-04T08:30:00Z")
    change(behind, append(behind, title="Ahead"), scheduled_at="2026-03-05T08:30:00Z")
    before = rows()
    shown = apply(behind, preview(behind)["revision"])
    assert rows() == before
    assert codes(shown["impossible"]) == {"By hand": "pinned", "Begun": "in_progress"}
    for entry in shown["impossible"]:
        assert entry["scheduled_at"] == entry["was_at"]
        assert "replan" in entry["reason"]["text"]
    assert shown["moved"] == shown["kept"] == []
    assert shown["suggestion"] is None


def test_what_has_no_room_comes_with_the_one_change_that_makes_room_for_everything(student: Student) -> None:
    windows = [{"weekday": 5, "start": "16:00", "end": "17:00"}]
    ok(student.put("/users/preferences", PREFERENCES | {"availability": windows}))
    make_plan(student, title="One", scheduled_at="2026-03-02T10:00:00Z")
    append(student, title="Two", scheduled_at="2026-03-03T10:00:00Z")
    shown = preview(student)
    assert (titles(shown["moved"]), codes(shown["impossible"])) == ({"One"}, {"Two": "no_time_left"})
    suggestion = shown["suggestion"]
    assert suggestion == {
        "change": "window",
        "text": "With time to study from 16:00 to 17:30 on Friday, everything fits.",
        "daily_hours": None,
        "session_minutes": None,
        "window": {"weekday": 5, "start": "16:00", "end": "17:30"},
    }
    ok(student.put("/users/preferences", PREFERENCES | {"availability": [suggestion["window"]]}))
    shown = preview(student)
    assert (titles(shown["moved"]), shown["impossible"], shown["suggestion"]) == ({"One", "Two"}, [], None)


def test_what_no_change_of_hours_makes_room_for_comes_without_a_suggestion(student: Student) -> None:
    exams = [{"topic": "Biology", "date": "2026-03-05"}]
    ok(student.put("/users/preferences", PREFERENCES | {"exams": exams}))
    make_plan(student, title="Too long", scheduled_at="2026-03-02T10:00:00Z", duration_minutes=480)
    append(student, title="And another", scheduled_at="2026-03-03T00:00:00Z", duration_minutes=480)
    append(student, title="And a third", scheduled_at="2026-03-03T08:00:00Z", duration_minutes=480)
    shown = preview(student)
    assert len(shown["impossible"]) == 3
    assert shown["suggestion"] is None
