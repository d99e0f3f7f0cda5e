"""Undoing a replanning: exact, once, and only while what it moved is as it was left. It is Wednesday 2026-03-04."""

from typing import Any

import pytest

from schediora.models.users import User
from tests.client import Student
from tests.planner.book import append, change, ok, refused, tick, week
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


def test_undoing_leaves_alone_what_was_not_moved(missed: Student) -> None:
    apply(missed, preview(missed)["revision"])
    new = append(missed, title="New", scheduled_at="2026-03-07T08:00:00Z")
    kept = next(session for session in week(missed) if session["title"] == "Planned")
    tick(missed, kept)
    ok(missed.post(UNDO))
    after = {session["id"]: session for session in week(missed)}
    assert after[new["id"]] == new
    assert after[kept["id"]]["status"] == "done"
