"""Replanning: a preview, that very preview applied, and undone. It is Wednesday 2026-03-04, 09:00 UTC."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from schediora.models.users import User
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, refused, tick, travel, week
from tests.planner.replanning import REPLAN, UNDO, apply, preview, rows, titles

BAD_REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"apply": True}, "/revision"),
    ({"apply": True, "revision": "x"}, "/revision"),
    ({"apply": True, "revision": "A" * 44}, "/revision"),
    ({"apply": True, "revision": "AAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, "/revision"),
    ({"apply": True, "revision": 5}, "/revision"),
    ({"apply": "true"}, "/apply"),
    ({"apply": None}, "/apply"),
    ({"include_overdue": "yes"}, "/include_overdue"),
    ({"include_overdue": 1}, "/include_overdue"),
    ({"include_overdue": None}, "/include_overdue"),
    ({"now": "2026-03-04T09:00:00Z"}, "/now"),
]


def test_a_preview_says_what_would_happen_and_changes_nothing(missed: Student) -> None:
    before = rows()
    shown = preview(missed)
    assert rows() == before
    assert shown["applied"] is False
    assert titles(shown["moved"]) == {"Missed one", "Missed two"}
    assert titles(shown["kept"]) == {"Planned"}
    assert shown["impossible"] == []
    for entry in shown["moved"]:
        assert entry["scheduled_at"] >= "2026-03-04T09:00:00Z" > entry["was_at"]
        assert entry["reason"]["code"]
        assert entry["reason"]["text"]
    assert preview(missed) == shown == ok(missed.post(REPLAN, {})) == ok(missed.post(REPLAN, {"apply": False}))


def test_applying_does_just_what_the_preview_said(missed: Student) -> None:
    before = {session["id"]: session for session in week(missed)}
    shown = preview(missed)
    applied = apply(missed, shown["revision"])
    assert applied == shown | {"applied": True}
    expected = dict(before)
    for entry in shown["moved"]:
        told = {name: entry[name] for name in ("scheduled_at", "scheduled_on", "reason")}
        expected[entry["id"]] = before[entry["id"]] | told
    assert {session["id"]: session for session in week(missed)} == expected
    again = preview(missed)
    assert again["moved"] == []


def test_an_exam_counts_for_a_topic_however_either_is_spelled(student: Student) -> None:
    make_plan(student, title="Limits", topic="Calculus", scheduled_at="2026-03-02T10:00:00Z")
    append(student, title="Cells", topic="Biologi", scheduled_at="2026-03-02T12:00:00Z")
    append(student, title="Knots", topic="Marine knots", scheduled_at="2026-03-02T14:00:00Z")
    exams = [
        {"topic": name, "date": "2026-03-05"} for name in ("Mathematics final exam", "UAS Biology", "Marine Knots!")
    ]
    windows = [{"weekday": day, "start": "16:00", "end": "18:00"} for day in (4, 5, 6)]
    ok(student.put("/users/preferences", PREFERENCES | {"exams": exams, "availability": windows}))
    shown = preview(student)
    assert shown["moved"] == []
    assert {entry["title"]: entry["reason"]["code"] for entry in shown["impossible"]} == {
        "Limits": "exam_too_soon",
        "Cells": "exam_too_soon",
        "Knots": "exam_too_soon",
    }


def test_new_times_are_free_and_within_the_students_hours(missed: Student) -> None:
    windows = [{"weekday": day, "start": "16:00", "end": "18:00"} for day in range(1, 8)]
    ok(missed.put("/users/preferences", PREFERENCES | {"availability": windows}))
    shown = preview(missed)
    apply(missed, shown["revision"])
    spans = []
    for session in week(missed):
        start = datetime.fromisoformat(session["scheduled_at"])
        end = start + timedelta(minutes=session["duration_minutes"])
        spans.append((start, end))
        if session["title"] in titles(shown["moved"]):
            assert start.hour * 60 + start.minute >= 16 * 60
            assert end.hour * 60 + end.minute <= 18 * 60
    spans.sort()
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_what_is_done_pinned_or_begun_is_never_touched(missed: Student) -> None:
    begun = append(missed, title="Begun", scheduled_at="2026-03-03T15:00:00Z")
    change(missed, begun, status="in_progress")
    left = {"Done", "Pinned", "Begun"}
    before = [session for session in week(missed) if session["title"] in left]
    apply(missed, preview(missed)["revision"])
    assert [session for session in week(missed) if session["title"] in left] == before


@pytest.mark.parametrize(
    "happens",
    [
        lambda student: append(student, title="New"),
        lambda student: make_plan(student, title="New"),
        lambda student: tick(student, week(student)[0]),
        lambda student: change(student, week(student)[-1], title="Other words"),
        lambda student: student.delete(f"/sessions/{week(student)[0]['id']}"),
        lambda student: student.delete(f"/plans/{week(student)[0]['plan_id']}"),
        lambda student: ok(student.put("/users/preferences", PREFERENCES)),
    ],
)
def test_a_preview_does_not_hold_once_anything_changed(missed: Student, happens: Callable[[Student], object]) -> None:
    revision = preview(missed)["revision"]
    happens(missed)
    before = rows()
    refused(missed.post(REPLAN, {"apply": True, "revision": revision}), 409, "plan_changed")
    assert rows() == before


def test_a_preview_is_applied_once(missed: Student) -> None:
    revision = preview(missed)["revision"]
    apply(missed, revision)
    before = rows()
    refused(missed.post(REPLAN, {"apply": True, "revision": revision}), 409, "plan_changed")
    assert rows() == before


def test_a_preview_holds_for_minutes_but_not_past_its_first_start(missed: Student, clock: FrozenClock) -> None:
    shown = preview(missed)
    first = min(datetime.fromisoformat(entry["scheduled_at"]) for entry in shown["moved"])
    clock.set(first + timedelta(seconds=1))
    refused(missed.post(REPLAN, {"apply": True, "revision": shown["revision"]}), 409, "plan_changed")
    clock.set(first)
    assert apply(missed, shown["revision"])["applied"] is True


def test_a_preview_of_nothing_can_be_applied_and_leaves_nothing_to_undo(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-05T10:00:00Z")
    shown = preview(student)
    assert (shown["moved"], len(shown["kept"])) == ([], 1)
    assert apply(student, shown["revision"])["applied"] is True
    refused(student.post(UNDO), 409, "plan_changed")


def test_what_has_no_room_is_listed_and_stays(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-03-08T21:00:00Z")
    make_plan(student, title="Fits", scheduled_at="2026-03-03T10:00:00Z")
    append(student, title="Too long", topic="Math", scheduled_at="2026-03-03T12:00:00Z", duration_minutes=240)
    before = rows()
    shown = apply(student, preview(student)["revision"])
    assert titles(shown["moved"]) == {"Fits"}
    (left,) = shown["impossible"]
    assert (left["title"], left["scheduled_at"], left["scheduled_at"]) == (
        "Too long",
        left["was_at"],
        "2026-03-03T12:00:00Z",
    )
    assert left["reason"]["text"]
    stayed = [row for row in rows() if row["title"] == "Too long"]
    assert stayed == [row for row in before if row["title"] == "Too long"]


def test_what_this_weeks_plan_has_in_next_week_stays_there(student: Student) -> None:
    make_plan(student, title="Missed", scheduled_at="2026-03-03T02:00:00Z")
    append(student, title="Next week", scheduled_at="2026-03-09T02:00:00Z")
    shown = preview(student)
    days = {entry["title"]: entry["scheduled_on"] for entry in shown["moved"]}
    assert "2026-03-04" <= days["Missed"] <= "2026-03-08"
    assert "2026-03-09" <= days["Next week"] <= "2026-03-15"


def test_of_too_many_sessions_the_first_missed_are_placed_and_the_rest_next_time(student: Student) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"daily_hours": 16}))
    make_plan(student, title="Ahead", scheduled_at="2026-03-05T10:00:00Z")
    for number in range(45):
        append(
            student, title=f"Missed {number}", scheduled_at=f"2026-03-02T{number % 24:02}:00:00Z", duration_minutes=15
        )
    shown = apply(student, preview(student)["revision"])
    assert (len(shown["moved"]), titles(shown["kept"]), len(shown["impossible"])) == (40, {"Ahead"}, 5)
    assert max(entry["was_at"] for entry in shown["moved"]) <= min(entry["was_at"] for entry in shown["impossible"])
    assert titles(apply(student, preview(student)["revision"])["moved"]) == titles(shown["impossible"])


def test_without_a_plan_there_is_nothing_to_replan(student: Student) -> None:
    refused(student.post(REPLAN), 404, "no_current_plan")
    refused(student.post(UNDO), 409, "plan_changed")


def test_an_empty_plan_is_replanned_to_nothing(student: Student) -> None:
    make_plan(student)
    student.delete(f"/sessions/{week(student)[0]['id']}")
    shown = preview(student)
    assert shown["moved"] == shown["kept"] == shown["impossible"] == []


def test_a_request_that_is_not_understood_is_refused(missed: Student) -> None:
    for body, pointer in BAD_REQUESTS:
        problem = refused(missed.post(REPLAN, body), 422, "validation_failed")
        assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


def test_a_revision_of_another_time_or_student_is_refused(
    missed: Student, register: Callable[..., Student], clock: FrozenClock
) -> None:
    other = register()
    make_plan(other)
    foreign = preview(other)["revision"]
    refused(missed.post(REPLAN, {"apply": True, "revision": foreign}), 409, "plan_changed")
    refused(missed.post(REPLAN, {"apply": True, "revision": "_" * 43}), 409, "plan_changed")
    revision = preview(missed)["revision"]
    for now in ("2026-03-04T08:59:59Z", "2026-03-05T09:00:01Z"):
        travel(missed, clock, now)
        refused(missed.post(REPLAN, {"apply": True, "revision": revision}), 409, "plan_changed")


def test_every_write_of_the_planner_counts(missed: Student) -> None:
    def revision() -> int:
        return int(User.get_by_id(missed.id).planner_revision)

    session = week(missed)[0]
    counts = [revision()]
    tick(missed, session)
    counts.append(revision())
    append(missed)
    counts.append(revision())
    missed.delete(f"/sessions/{session['id']}")
    counts.append(revision())
    make_plan(missed)
    counts.append(revision())
    apply(missed, preview(missed)["revision"])
    counts.append(revision())
    ok(missed.post(UNDO))
    counts.append(revision())
    missed.delete(f"/plans/{week(missed)[0]['plan_id']}")
    counts.append(revision())
    assert counts == sorted(set(counts))
    tick(missed, tick(missed, append(missed)))
