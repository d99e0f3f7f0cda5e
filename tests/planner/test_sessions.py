"""Sessions: appended, ticked off, changed and deleted."""

from collections.abc import Callable
from uuid import uuid4

from schediora.models.planner import KINDS, Session
from schediora.planner.scheduler.problem import Kind
from tests.by_hand import count_up
from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, ok, plans, refused, tick, travel, week


def test_a_plan_is_made_with_its_first_session(student: Student) -> None:
    plan = make_plan(student)
    (session,) = week(student)
    assert session == {
        "id": session["id"],
        "plan_id": plan["id"],
        "title": "Cell division",
        "topic": "Biology",
        "duration_minutes": 45,
        "actual_minutes": None,
        "status": "pending",
        "scheduled_at": "2026-03-04T09:00:00Z",
        "scheduled_on": "2026-03-04",
        "due_on": None,
        "late": False,
        "detail": "",
        "kind": None,
        "units": [],
        "reason": None,
        "pinned": False,
        "series_id": None,
        "started_at": None,
        "completed_at": None,
        "completed_on": None,
        "rating": None,
        "created_at": "2026-03-04T09:00:00Z",
    }


def test_without_a_time_a_session_starts_now_rounded_up_to_five_minutes(student: Student, clock: FrozenClock) -> None:
    clock.advance(minutes=1, microseconds=1)
    make_plan(student)
    assert week(student)[0]["scheduled_at"] == "2026-03-04T09:05:00Z"


def test_a_session_takes_any_offset_and_shows_utc(student: Student) -> None:
    make_plan(student)
    session = append(student, scheduled_at="2026-03-05T18:30:00+05:30")
    assert session["scheduled_at"] == "2026-03-05T13:00:00Z"


def test_a_title_is_trimmed_and_a_duration_may_be_a_whole_float(student: Student) -> None:
    make_plan(student)
    session = append(student, title="  Meiosis ", duration_minutes=45.0)
    assert (session["title"], session["duration_minutes"]) == ("Meiosis", 45)


def test_appending_goes_to_the_oldest_of_this_weeks_plans(student: Student, clock: FrozenClock) -> None:
    first = make_plan(student)
    clock.advance(minutes=1)
    make_plan(student)
    assert append(student)["plan_id"] == first["id"]


def test_without_a_plan_of_this_week_appending_goes_to_the_plan_of_its_first_session(
    student: Student, clock: FrozenClock
) -> None:
    old = make_plan(student)
    second = make_plan(student)
    session = append(student, scheduled_at="2026-03-11T10:00:00Z")
    assert session["plan_id"] == old["id"]
    travel(student, clock, "2026-03-11T09:00:00Z")
    assert append(student)["plan_id"] == old["id"] != second["id"]


def test_with_neither_plan_nor_session_this_week_there_is_nothing_to_append_to(
    student: Student, clock: FrozenClock
) -> None:
    body = {"title": "Mitosis", "topic": "Biology", "duration_minutes": 30}
    refused(student.post("/plans/current/sessions", body), 404, "no_current_plan")
    make_plan(student)
    travel(student, clock, "2026-03-11T09:00:00Z")
    refused(student.post("/plans/current/sessions", body), 404, "no_current_plan")


def test_done_twice_keeps_the_first_moment_and_leaving_done_forgets_it(student: Student, clock: FrozenClock) -> None:
    make_plan(student)
    (session,) = week(student)
    assert tick(student, session)["completed_at"] == "2026-03-04T09:00:00Z"
    clock.advance(hours=1)
    assert tick(student, session)["completed_at"] == "2026-03-04T09:00:00Z"
    for status in ("pending", "in_progress"):
        tick(student, session)
        assert change(student, session, status=status)["completed_at"] is None
    assert tick(student, session)["completed_at"] == "2026-03-04T10:00:00Z"


def test_a_sessions_fields_can_be_changed_together(student: Student) -> None:
    make_plan(student)
    changed = change(
        student,
        week(student)[0],
        title=" Genes ",
        detail="Chapter 3",
        duration_minutes=60,
        actual_minutes=75,
        scheduled_at="2026-03-06T20:00:00+07:00",
        status="done",
    )
    assert (
        changed
        | {
            "title": "Genes",
            "detail": "Chapter 3",
            "duration_minutes": 60,
            "actual_minutes": 75,
            "pinned": True,
            "scheduled_at": "2026-03-06T13:00:00Z",
            "scheduled_on": "2026-03-06",
            "completed_at": "2026-03-04T09:00:00Z",
            "completed_on": "2026-03-04",
        }
        == changed
    )
    assert week(student) == [changed]


def test_what_it_really_took_can_be_forgotten_again(student: Student) -> None:
    make_plan(student)
    session = change(student, week(student)[0], actual_minutes=20)
    assert session["actual_minutes"] == 20
    assert change(student, session, actual_minutes=None)["actual_minutes"] is None


def test_moving_a_session_pins_it_and_saying_so_unpins_it(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    assert change(student, session, scheduled_at="2026-03-07T10:00:00Z")["pinned"] is True
    assert change(student, session, pinned=False)["pinned"] is False
    assert change(student, session, scheduled_at="2026-03-07T11:00:00Z", pinned=False)["pinned"] is False
    assert change(student, session, pinned=True)["pinned"] is True


def test_another_length_the_same_time_or_other_words_pin_nothing(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    same = {"scheduled_at": session["scheduled_at"], "duration_minutes": session["duration_minutes"]}
    assert change(student, session, **same) == session
    assert change(student, session, duration_minutes=30)["pinned"] is False
    assert change(student, session, title="Other words", detail="", status="in_progress")["pinned"] is False


def test_a_deleted_session_is_gone_with_its_completion(student: Student) -> None:
    make_plan(student)
    kept, gone = append(student), append(student)
    tick(student, kept)
    tick(student, gone)
    assert student.delete(f"/sessions/{gone['id']}").status_code == 204
    assert gone["id"] not in [session["id"] for session in week(student)]
    assert ok(student.get("/dashboard/summary"))["today_completed"] == 1
    refused(student.delete(f"/sessions/{gone['id']}"), 404, "not_found")


def test_a_deleted_plan_takes_its_sessions_along(student: Student) -> None:
    gone = make_plan(student)
    append(student)
    kept = make_plan(student)
    assert student.delete(f"/plans/{gone['id']}").status_code == 204
    assert [plan["id"] for plan in plans(student)] == [kept["id"]]
    assert [session["plan_id"] for session in week(student)] == [kept["id"]]
    refused(student.delete(f"/plans/{gone['id']}"), 404, "not_found")


def test_nobody_reaches_anothers_sessions_and_plans(student: Student, register: Callable[..., Student]) -> None:
    plan = make_plan(student)
    (session,) = week(student)
    stranger = register()
    refused(stranger.patch(f"/sessions/{session['id']}", {"status": "done"}), 404, "not_found")
    refused(stranger.delete(f"/sessions/{session['id']}"), 404, "not_found")
    refused(stranger.delete(f"/plans/{plan['id']}"), 404, "not_found")
    assert week(stranger) == plans(stranger) == []
    assert week(student) == [session]


def test_an_id_that_is_no_uuid_is_not_found(student: Student) -> None:
    for name in ("nonsense", "1", "..", "'", str(uuid4()) + "0"):
        refused(student.patch(f"/sessions/{name}", {"status": "done"}), 404, "not_found")
        refused(student.delete(f"/plans/{name}"), 404, "not_found")


def test_an_unknown_id_is_not_found(student: Student) -> None:
    refused(student.patch(f"/sessions/{uuid4()}", {"status": "done"}), 404, "not_found")


def test_the_database_takes_every_kind_that_the_scheduler_knows() -> None:
    assert list(KINDS) == list(Kind)


def test_a_reason_that_a_newer_release_stored_is_left_out(student: Student) -> None:
    make_plan(student)
    Session.update(reason={"code": "full_moon", "text": "Placed on the full moon."}).execute()
    (session,) = week(student)
    assert session["reason"] is None
    Session.update(reason={"code": "first", "text": "Placed first."}).execute()
    count_up()
    assert week(student)[0]["reason"] == {"code": "first", "text": "Placed first."}
