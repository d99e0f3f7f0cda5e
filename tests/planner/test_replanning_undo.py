"""Undoing a replanning: exact, once, and only while what it moved is as it was left. It is Wednesday 2026-03-04."""

from typing import Any

import pytest

from schediora.models.users import User
from tests.client import Student
from tests.planner.book import append, change, make_plan, ok, refused, tick, week
from tests.planner.replanning import UNDO, apply, preview, rows, titles


def test_undoing_gives_back_the_same_rows(missed: Student) -> None:
    before = rows()
    apply(missed, preview(missed)["revision"])
    assert rows() != before
    undone = ok(missed.post(UNDO))
    assert titles(undone["sessions"]) == {"Missed one", "Missed two"}
    assert rows() == before
    refused(missed.post(UNDO), 409, "plan_changed")


def test_undoing_the_second_of_two_goes_back_to_the_first(missed: Student) -> None:
    apply(missed, preview(missed)["revision"])
    append(missed, title="Missed later", scheduled_at="2026-03-03T12:00:00Z")
    between = rows()
    apply(missed, preview(missed)["revision"])
    ok(missed.post(UNDO, {}))
    assert rows() == between


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "done"},
        {"status": "in_progress"},
        {"title": "Other words"},
        {"detail": "Chapter 3"},
        {"duration_minutes": 30},
        {"actual_minutes": 30},
        {"scheduled_at": "2026-03-07T10:00:00Z"},
    ],
)
def test_undoing_is_refused_once_a_moved_session_changed(missed: Student, fields: dict[str, Any]) -> None:
    moved = apply(missed, preview(missed)["revision"])["moved"]
    change(missed, moved[-1], **fields)
    before = rows()
    refused(missed.post(UNDO), 409, "plan_changed")
    assert rows() == before


def test_a_record_of_the_version_before_is_refused_in_words_that_are_true(missed: Student) -> None:
    apply(missed, preview(missed)["revision"])
    user = User.get_by_id(missed.id)
    user.last_replan = [record | {"after": "0f" * 32} for record in user.last_replan]
    user.save(only=[User.last_replan])
    before = rows()
    assert "before Schediora was updated" in refused(missed.post(UNDO), 409, "plan_changed")["detail"]
    assert rows() == before


def test_a_record_that_knows_fewer_columns_than_today_can_be_undone(missed: Student) -> None:
    before = rows()
    apply(missed, preview(missed)["revision"])
    user = User.get_by_id(missed.id)
    for record in user.last_replan:
        del record["after"]["detail"]
    user.save(only=[User.last_replan])
    ok(missed.post(UNDO))
    assert rows() == before


def test_undoing_is_refused_once_a_moved_session_is_deleted(missed: Student) -> None:
    moved = apply(missed, preview(missed)["revision"])["moved"]
    missed.delete(f"/sessions/{moved[0]['id']}")
    refused(missed.post(UNDO), 409, "plan_changed")


def test_what_was_deleted_of_a_series_does_not_keep_the_rest_from_going_back(student: Student) -> None:
    daily = {"every": "day", "until": "2026-03-08"}
    make_plan(student, title="Daily", scheduled_at="2026-03-02T10:00:00Z", repeat=daily)
    append(student, title="Single", scheduled_at="2026-03-03T12:00:00Z")
    before = {session["id"]: session for session in week(student)}
    shown = preview(student)
    moved = [entry["id"] for entry in apply(student, shown["revision"])["moved"] if entry["title"] == "Daily"]
    assert len(moved) == 2
    student.delete(f"/sessions/{moved[0]}")
    del before[moved[0]]
    undone = ok(student.post(UNDO))["sessions"]
    assert moved[1] in {session["id"] for session in undone}
    assert {session["id"]: session for session in week(student)} == before
    refused(student.post(UNDO), 409, "plan_changed")


def test_when_all_that_was_moved_is_deleted_with_its_series_nothing_is_left_to_undo(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-02T10:00:00Z", repeat={"every": "day", "until": "2026-03-08"})
    first = week(student)[0]
    apply(student, preview(student)["revision"])
    assert student.delete(f"/sessions/{first['id']}", params={"following": "true"}).status_code == 204
    for session in week(student):
        student.delete(f"/sessions/{session['id']}")
    assert "no new arrangement" in refused(student.post(UNDO), 409, "plan_changed")["detail"]


def test_undoing_leaves_alone_what_was_not_moved(missed: Student) -> None:
    apply(missed, preview(missed)["revision"])
    new = append(missed, title="New", scheduled_at="2026-03-07T08:00:00Z")
    kept = next(session for session in week(missed) if session["title"] == "Planned")
    tick(missed, kept)
    ok(missed.post(UNDO))
    after = {session["id"]: session for session in week(missed)}
    assert after[new["id"]] | {"overlaps": []} == new
    assert after[kept["id"]]["status"] == "done"
