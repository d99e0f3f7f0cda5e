"""When a session was begun and done, and by when it has to be: the student says. It is Wednesday 2026-03-04, 09:00."""

from datetime import date
from uuid import UUID

from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, move_to, ok, refused, summary, tick, travel, week
from tests.planner.generated import CELLS, memories, plan_of, replayed


def test_what_was_done_yesterday_counts_on_yesterday(student: Student, clock: FrozenClock) -> None:
    make_plan(student, scheduled_at="2026-03-03T10:00:00Z")
    done = change(student, week(student)[0], status="done", completed_on="2026-03-03")
    assert (done["completed_on"], done["completed_at"]) == ("2026-03-03", "2026-03-04T09:00:00Z")
    assert [entry["minutes"] for entry in summary(student)["focus_minutes_trend"]] == [0, 45, 0, 0, 0, 0, 0]
    clock.advance(hours=1)
    moved = change(student, done, completed_on="2026-03-04")
    assert moved == done | {"completed_on": "2026-03-04"}
    assert tick(student, moved) == moved
    assert [entry["minutes"] for entry in summary(student)["focus_minutes_trend"]] == [0, 0, 45, 0, 0, 0, 0]


def test_seven_days_back_is_the_last_week_and_what_is_stored_may_be_said_again(
    student: Student, clock: FrozenClock
) -> None:
    make_plan(student)
    done = change(student, week(student)[0], status="done", completed_on="2026-02-25")
    assert done["completed_on"] == "2026-02-25"
    clock.advance(days=1)
    assert change(student, done, completed_on="2026-02-25") == done
    refused(student.patch(f"/sessions/{done['id']}", {"completed_on": "2026-02-24"}), 422, "validation_failed")


def test_the_last_seven_days_are_the_students_own(student: Student, clock: FrozenClock) -> None:
    move_to(student, "Asia/Jakarta")
    make_plan(student)
    (session,) = week(student)
    clock.advance(hours=10)
    assert change(student, session, status="done", completed_on="2026-03-05")["completed_on"] == "2026-03-05"
    path = f"/sessions/{session['id']}"
    refused(student.patch(path, {"completed_on": "2026-02-25"}), 422, "validation_failed")
    assert change(student, session, completed_on="2026-02-26")["completed_on"] == "2026-02-26"


def test_leaving_done_forgets_the_day_whatever_is_said_of_it(student: Student) -> None:
    make_plan(student)
    done = change(student, week(student)[0], status="done", completed_on="2026-03-01", rating="good")
    for fields in ({"completed_on": "2026-03-01"}, {"completed_on": "2026-03-04"}):
        refused(student.patch(f"/sessions/{done['id']}", {"status": "pending", **fields}), 422, "validation_failed")
    left = change(student, done, status="pending")
    assert (left["completed_on"], left["completed_at"], left["rating"]) == (None, None, None)


def test_memory_follows_the_day_on_which_it_was_done(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)}, {"units": (CELLS,), "kind": "recall"})
    lesson, recall = week(student)
    change(student, recall, status="done", rating="hard")
    change(student, lesson, status="done", completed_on="2026-02-27")
    assert memories(student.id)[CELLS[0]].learned_on == date(2026, 2, 27)
    before = memories(student.id)
    change(student, lesson, completed_on="2026-03-02")
    assert memories(student.id)[CELLS[0]].learned_on == date(2026, 3, 2)
    assert memories(student.id) == replayed(student.id) != before
    change(student, lesson, completed_on="2026-02-27")
    assert memories(student.id) == before


def test_a_session_remembers_when_it_was_begun_until_it_is_pending_again(student: Student, clock: FrozenClock) -> None:
    make_plan(student)
    (session,) = week(student)
    begun = change(student, session, status="in_progress")
    assert begun["started_at"] == "2026-03-04T09:00:00Z"
    clock.advance(minutes=50)
    assert change(student, session, status="in_progress") == begun
    assert tick(student, session)["started_at"] == begun["started_at"]
    assert change(student, session, status="in_progress")["started_at"] == begun["started_at"]
    assert change(student, session, status="pending")["started_at"] is None
    assert tick(student, session)["started_at"] is None
    assert change(student, session, status="in_progress")["started_at"] == "2026-03-04T09:50:00Z"


def test_a_deadline_is_late_once_its_day_is_over_and_until_it_is_done(student: Student, clock: FrozenClock) -> None:
    make_plan(student)
    (session,) = week(student)
    due = change(student, session, due_on="2026-03-04")
    assert (due["due_on"], due["late"]) == ("2026-03-04", False)
    travel(student, clock, "2026-03-05T00:00:00+00:00")
    assert week(student) == ok(student.get("/sessions", params={"week": "all"})) == [due | {"late": True}]
    assert change(student, session, due_on="2026-03-04", title="Meiosis")["late"] is True
    assert tick(student, session)["late"] is False
    assert change(student, session, status="pending", due_on="9999-12-31")["late"] is False
    assert change(student, session, due_on=None)["due_on"] is None
    refused(student.patch(f"/sessions/{session['id']}", {"due_on": "2026-03-04"}), 422, "validation_failed")


def test_shortening_what_was_missed_leaves_it_to_replanning(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-02T10:00:00Z", duration_minutes=480)
    append(student, scheduled_at="2026-03-05T10:00:00Z")
    missed = week(student)[0]
    assert [entry["id"] for entry in ok(student.post("/plans/current/replan", {}))["impossible"]] == [missed["id"]]
    change(student, missed, duration_minutes=45)
    assert [entry["id"] for entry in ok(student.post("/plans/current/replan", {}))["moved"]] == [missed["id"]]
