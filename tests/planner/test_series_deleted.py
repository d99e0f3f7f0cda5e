"""Deleting one session of a series, and what is left of one. It is Wednesday 2026-03-04, 09:00 UTC."""

from collections.abc import Callable

from schediora.models.planner import SessionUnit
from tests.client import Student
from tests.planner.book import SESSION, append, change, make_plan, ok, plans, refused, tick, week
from tests.planner.generated import memories, replayed
from tests.planner.replanning import REPLAN, preview
from tests.planner.series import WHEN, all_of, days, delete, every


def test_only_what_is_asked_for_is_deleted(student: Student) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("day", "2026-03-10"))
    append(student, scheduled_at="2026-03-09T10:00:00Z", repeat=every("day", "2026-03-10"), title="Another series")
    fourth, fifth, sixth, seventh = (
        next(s for s in all_of(student) if s["scheduled_on"][-2:] == d) for d in ("04", "05", "06", "07")
    )
    tick(student, seventh)
    change(student, fourth, scheduled_at="2026-03-20T10:00:00Z")
    delete(student, fifth)
    delete(student, sixth, "false")
    assert days(all_of(student)) == [f"2026-03-{day:02}" for day in (7, 8, 9, 9, 10, 10, 20)]
    eighth = next(session for session in all_of(student) if session["scheduled_on"] == "2026-03-08")
    delete(student, eighth, "true")
    left = all_of(student)
    assert [(session["scheduled_on"], session["title"]) for session in left] == [
        ("2026-03-07", SESSION["title"]),
        ("2026-03-09", "Another series"),
        ("2026-03-10", "Another series"),
    ]
    delete(student, left[1], "true")
    delete(student, left[0], "true")
    assert all_of(student) == []
    assert [plan["status"] for plan in plans(student)] == ["pending"]


def test_of_sessions_at_one_time_the_later_made_follow(student: Student) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("day", "2026-03-06"))
    for session in all_of(student):
        change(student, session, scheduled_at="2026-03-09T10:00:00Z")
    together = all_of(student)
    delete(student, together[1], "true")
    assert [session["id"] for session in all_of(student)] == [together[0]["id"]]


def test_following_deletes_a_session_of_no_series_alone(student: Student) -> None:
    make_plan(student, scheduled_at=WHEN)
    single = append(student, scheduled_at=WHEN)
    append(student, scheduled_at="2026-03-05T10:00:00Z")
    delete(student, single, "true")
    assert len(all_of(student)) == 2


def test_a_series_of_someone_else_stays(student: Student, register: Callable[..., Student]) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("day", "2026-03-06"))
    first = all_of(student)[0]
    other = register()
    for following in ("true", "false"):
        refused(other.delete(f"/sessions/{first['id']}", params={"following": following}), 404, "not_found")
    for value in ("yes", "1", "", "True", "on"):
        problem = refused(
            student.delete(f"/sessions/{first['id']}", params={"following": value}), 422, "validation_failed"
        )
        assert [fault["parameter"] for fault in problem["errors"]] == ["following"]
    assert len(all_of(student)) == 3


def test_a_preview_of_replanning_does_not_outlive_what_is_deleted(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-02T10:00:00Z", repeat=every("day", "2026-03-08"))
    shown = preview(student)
    delete(student, week(student)[4], "true")
    refused(student.post(REPLAN, {"apply": True, "revision": shown["revision"]}), 409, "plan_changed")


def test_a_series_about_a_unit_is_remembered_as_far_as_it_was_done(student: Student) -> None:
    unit = ok(student.get("/syllabus", params={"topic": "Biology"}))["units"][0]["key"]
    make_plan(student, unit=unit, scheduled_at=WHEN, repeat=every("day", "2026-03-08"))
    assert [[about["key"] for about in session["units"]] for session in all_of(student)] == [[unit]] * 5
    first, second = all_of(student)[:2]
    tick(student, first)
    once = memories(student.id)
    tick(student, second)
    delete(student, second, "true")
    assert memories(student.id) == replayed(student.id) == once
    assert SessionUnit.select().count() == 1
    delete(student, first, "true")
    assert memories(student.id) == {}
