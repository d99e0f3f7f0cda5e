"""Plans of students whose day ends late at night, and of those who rest: made, placed anew, and said no to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.ai.jobs import Runner
from schediora.localtime import local_day, zone
from schediora.models.planner import Session
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, make_plan, ok, tick, travel, week
from tests.planner.replanning import apply, preview

NIGHTS = [
    each
    for weekday in range(1, 8)
    for each in (
        {"weekday": weekday, "start": "22:00", "end": "24:00"},
        {"weekday": weekday, "start": "00:00", "end": "02:00"},
    )
]


def prefer(student: Student, **fields: Any) -> None:
    ok(student.put("/users/preferences", PREFERENCES | fields))


def generate(student: Student, runner: Runner, **wish: Any) -> dict[str, Any]:
    job = ok(student.post("/ai/plans/generate", {"goal": "Semester exam", "topic": "Biology"} | wish), 202)
    runner.run(UUID(job["job_id"]))
    return dict(ok(student.get(f"/ai/jobs/{job['job_id']}")))


def status(student: Student) -> dict[str, Any]:
    return dict(ok(student.get("/ai/plans/status/weekly")))


def test_a_night_owls_plan_lies_on_their_own_days(student: Student, runner: Runner) -> None:
    prefer(student, day_starts_at="04:00", availability=NIGHTS, timezone="Europe/Berlin", daily_hours=3)
    assert generate(student, runner)["status"] == "completed"
    berlin = zone("Europe/Berlin")
    sessions: list[Any] = list(Session.select())
    assert any(each.scheduled_at.astimezone(berlin).hour < 4 for each in sessions)
    assert [each for each in sessions if each.scheduled_on != local_day(each.scheduled_at, berlin, 240)] == []
    minutes: dict[date, int] = {}
    for each in sessions:
        minutes[each.scheduled_on] = minutes.get(each.scheduled_on, 0) + each.duration_minutes
    assert max(minutes.values()) <= 180


def test_two_on_monday_morning_is_still_sundays_week(student: Student, runner: Runner, clock: FrozenClock) -> None:
    prefer(student, day_starts_at="04:00")
    travel(student, clock, "2026-03-09T02:00:00+00:00")
    assert status(student)["week_start"] == "2026-03-02"
    make_plan(student)
    assert (status(student)["can_generate"], status(student)["reason"]) == (False, "weekly_plan_exists")
    travel(student, clock, "2026-03-09T04:00:00+00:00")
    assert (status(student)["week_start"], status(student)["can_generate"]) == ("2026-03-09", True)
    assert week(student) == []


def test_a_quick_add_in_the_night_lies_on_the_evenings_day(student: Student, clock: FrozenClock) -> None:
    prefer(student, day_starts_at="04:00")
    travel(student, clock, "2026-03-09T03:58:00+00:00")
    plan = make_plan(student)
    assert plan["week_start"] == "2026-03-02"
    (session,) = week(student)
    assert (session["scheduled_at"], session["scheduled_on"]) == ("2026-03-09T03:55:00Z", "2026-03-08")
    due = append(student, due_on="2026-03-08")
    assert (due["due_on"], due["late"]) == ("2026-03-08", False)
    assert tick(student, due)["completed_on"] == "2026-03-08"
    assert ok(student.get("/sessions", params={"state": "overdue"})) == []
    travel(student, clock, "2026-03-09T04:00:00+00:00")
    assert [each["id"] for each in ok(student.get("/sessions", params={"state": "overdue"}))] == [session["id"]]


def test_the_clock_changes_keep_a_day_that_starts_in_the_gap_and_one_that_starts_twice(
    student: Student, clock: FrozenClock
) -> None:
    prefer(student, day_starts_at="02:30", timezone="Europe/Berlin")
    make_plan(student, scheduled_at="2026-03-04T12:00:00Z")
    days = {
        "2026-03-29T00:59:00Z": "2026-03-28",  # 01:59, the last minute before the gap
        "2026-03-29T01:00:00Z": "2026-03-29",  # 03:00
        "2026-10-25T00:29:00Z": "2026-10-24",  # 02:29, summer time
        "2026-10-25T00:30:00Z": "2026-10-25",  # 02:30, summer time
        "2026-10-25T01:00:00Z": "2026-10-24",  # 02:00 again
        "2026-10-25T01:30:00Z": "2026-10-25",  # 02:30 again
    }
    found = {at: append(student, scheduled_at=at)["scheduled_on"] for at in days}
    assert found == days
    for at, day in days.items():
        travel(student, clock, at)
        assert ok(student.get("/dashboard/summary"))["today"] == day


def test_nothing_of_a_plan_lies_on_a_rest_day_or_a_day_off(student: Student, runner: Runner) -> None:
    prefer(student, rest_days=[7], days_off=[{"first": "2026-03-05", "last": "2026-03-06"}])
    job = generate(student, runner, week="next")
    assert job["status"] == "completed"
    assert generate(student, runner)["status"] == "completed"
    days = {each.scheduled_on for each in Session.select()}
    assert days
    assert [day for day in days if day.isoweekday() == 7 or day in (date(2026, 3, 5), date(2026, 3, 6))] == []


def test_a_week_that_is_off_gives_way_to_the_next(student: Student, runner: Runner) -> None:
    prefer(student, days_off=[{"first": "2026-03-04", "last": "2026-03-08"}])
    assert generate(student, runner)["status"] == "completed"
    assert {each.scheduled_on >= date(2026, 3, 9) for each in Session.select()} == {True}


def test_two_weeks_off_are_named_where_nothing_has_a_place(student: Student, runner: Runner) -> None:
    prefer(student, days_off=[{"first": "2026-03-04", "last": "2026-03-15"}])
    job = generate(student, runner)
    assert (job["status"], job["error"]["code"]) == ("failed", "no_time_available")
    assert "your days off" in job["error"]["detail"]
    assert job["feasibility"]["suggestion"] is None
    assert status(student)["can_generate"] is True
    prefer(student, days_off=[])
    assert generate(student, runner)["status"] == "completed"


def test_replanning_moves_what_lies_on_a_day_that_is_off_now_and_says_where_it_cannot(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-05T15:00:00Z")
    prefer(student, days_off=[{"first": "2026-03-05", "last": "2026-03-05"}])
    shown = preview(student)
    (moved,) = shown["moved"]
    assert moved["scheduled_on"] != "2026-03-05"
    apply(student, shown["revision"])
    assert preview(student)["moved"] == []
    prefer(student, days_off=[{"first": "2026-03-04", "last": "2026-03-08"}])
    (impossible,) = preview(student)["impossible"]
    away = "The study time that is left in this week lies on your days off."
    assert impossible["reason"]["text"] == f"{away} Add study time, make it shorter, or move it yourself."


def test_an_exam_on_a_day_off_is_prepared_for_on_the_days_before(student: Student, runner: Runner) -> None:
    prefer(
        student,
        rest_days=[6, 7],
        exams=[{"topic": "Biology", "date": "2026-03-14"}],
        days_off=[{"first": "2026-03-09", "last": "2026-03-10"}],
    )
    assert generate(student, runner, week="next")["status"] == "completed"
    sessions: list[Any] = list(Session.select())
    assert {each.scheduled_on for each in sessions} <= {date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13)}
    eve = [each for each in sessions if each.scheduled_on == date(2026, 3, 13)]
    assert sum(each.duration_minutes for each in eve) <= 30
    mocks = [each for each in sessions if each.kind == "mock"]
    assert mocks
    assert all(each.scheduled_on <= date(2026, 3, 12) for each in mocks)


def test_an_exam_today_goes_by_the_students_day(student: Student, runner: Runner, clock: FrozenClock) -> None:
    prefer(
        student,
        day_starts_at="04:00",
        availability=NIGHTS,
        exams=[{"topic": "Biology", "date": "2026-03-05"}],
    )
    travel(student, clock, "2026-03-05T00:00:00+00:00")
    assert generate(student, runner)["status"] == "completed"
    ends = [each.scheduled_at + timedelta(minutes=each.duration_minutes) for each in Session.select()]
    assert max(ends) <= datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
