"""Plans of this week and of the next beside each other. It is Wednesday, 4 March 2026, 09:00 UTC."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from schediora.ai.jobs import Runner
from schediora.db.database import Database
from schediora.localtime import A_WEEK
from schediora.models.ai import Job
from schediora.models.planner import Plan, Session
from tests.ai.weeks import ask, days_of, made, status
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, change, make_plan, ok, plans, refused, summary, travel, week
from tests.reads import noted

THIS_MONDAY, NEXT_MONDAY = "2026-03-02", "2026-03-09"
SUNDAY_EVENING = datetime(2026, 3, 8, 20, 40, tzinfo=UTC)
LAST_MINUTE = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


def test_next_weeks_plan_is_none_of_this_weeks_and_closes_its_own_week_alone(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    job = made(student, runner, "next")
    assert job["status"] == "completed"
    (plan,) = plans(student)
    assert (plan["id"], plan["week_start"]) == (job["plan_id"], NEXT_MONDAY)
    assert all(NEXT_MONDAY <= day <= "2026-03-15" for day in days_of(student, plan["id"]))
    assert week(student) == []
    assert (status(student)["can_generate"], status(student)["has_generated_this_week"]) == (True, False)
    ahead = status(student, "next")
    assert (ahead["can_generate"], ahead["reason"], ahead["week_start"]) == (False, "weekly_plan_exists", NEXT_MONDAY)
    refused(ask(student, "next"), 409, "weekly_plan_exists")

    ours = made(student, runner)
    assert {session["plan_id"] for session in week(student)} == {ours["plan_id"]}
    clock.set(MONDAY)
    assert {session["plan_id"] for session in week(student)} == {job["plan_id"]}
    assert status(student)["has_generated_this_week"] is True
    assert status(student, "next")["can_generate"] is True


def test_this_weeks_plan_leaves_the_next_week_open(student: Student, runner: Runner) -> None:
    first, second = made(student, runner, "current"), made(student, runner, "next")
    assert (first["status"], second["status"]) == ("completed", "completed")
    assert {plan["week_start"] for plan in plans(student)} == {THIS_MONDAY, NEXT_MONDAY}
    lessons = Session.select().where((Session.kind == "learn") & (Session.plan == UUID(second["plan_id"])))
    taught: Any = Session.select().where((Session.kind == "learn") & (Session.plan == UUID(first["plan_id"])))
    keys = {unit["key"] for session in taught for unit in session.units}
    assert keys.isdisjoint(unit["key"] for session in lessons for unit in session.units)


def test_asked_for_in_the_last_minute_and_made_after_it_the_plan_stays_in_its_week(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    clock.set(LAST_MINUTE)
    job_id = ok(ask(student, "next"), 202)["job_id"]
    travel(student, clock, "2026-03-15T17:00:00Z")
    runner.run(UUID(job_id))
    job = Job.get_by_id(UUID(job_id))
    assert (job.status, job.week_start, job.asked_for) == ("completed", date(2026, 3, 9), None)
    assert set(days_of(student, str(job.plan_id))) == {"2026-03-15"}
    assert status(student, "next")["can_generate"] is True


def test_while_one_is_made_both_weeks_say_so(student: Student) -> None:
    for asked in ("next", "current"):
        job_id = ok(ask(student, asked), 202)["job_id"]
        for which in ("current", "next"):
            problem = refused(ask(student, which), 409, "generation_in_progress")
            assert problem["job_id"] == job_id == status(student, which)["active_job_id"]
            assert ("week of Monday" in problem["detail"]) is (which != asked)
        Job.update(status="failed", error_code="internal_error").execute()


def test_of_wishes_for_both_weeks_at_once_one_is_accepted(register: Callable[..., Student]) -> None:
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            student = register()
            asked = [(student, which) for which in ("current", "next", "current", "next")]
            answers = list(pool.map(lambda who: ask(*who), asked))
            assert Counter(answer.status_code for answer in answers) == {202: 1, 409: 3}
            assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {
                "generation_in_progress"
            }


@pytest.mark.many_calls
def test_a_plan_on_its_way_to_next_week_and_a_wish_for_that_week_never_both_get_it(
    register: Callable[..., Student], runner: Runner, clock: FrozenClock
) -> None:
    clock.set(LAST_MINUTE)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            student = register()
            moving = UUID(ok(ask(student), 202)["job_id"])
            running = pool.submit(runner.run, moving)
            codes = {ask(student, "next").json["code"]}
            for _ in range(500):
                if running.done():
                    break
                codes.add(ask(student, "next").json["code"])
            running.result()
            assert codes <= {"generation_in_progress", "weekly_plan_exists"}
            assert ask(student, "next").json["code"] == "weekly_plan_exists"
            job = Job.get_by_id(moving)
            assert (job.week_start, job.asked_for) == (date(2026, 3, 9), date(2026, 3, 2))
    assert Job.select().count() == Plan.select().count() == 10


def test_with_next_week_taken_a_plan_for_this_week_stays_in_it_with_what_fits(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    clock.set(SUNDAY_EVENING)
    ahead = made(student, runner, "next")
    job = made(student, runner)
    assert job["status"] == "completed"
    assert set(days_of(student, job["plan_id"])) == {"2026-03-08"}
    assert job["feasibility"]["unplaced"]
    assert {plan["id"]: plan["week_start"] for plan in plans(student)} == {
        ahead["plan_id"]: NEXT_MONDAY,
        job["plan_id"]: THIS_MONDAY,
    }


@pytest.mark.parametrize("by_hand", [False, True])
def test_with_next_week_taken_and_no_time_left_the_job_fails_and_says_so(
    student: Student, runner: Runner, clock: FrozenClock, by_hand: bool
) -> None:
    clock.set(LAST_MINUTE)
    if by_hand:
        make_plan(student, scheduled_at="2026-03-11T10:00:00Z")
    else:
        made(student, runner, "next")
    before = plans(student)
    job = made(student, runner)
    assert (job["status"], job["error"]["code"]) == ("failed", "no_time_available")
    assert "next week has its plan" in job["error"]["detail"]
    assert job["feasibility"]["unplaced"]
    assert plans(student) == before
    assert status(student)["can_generate"] is True


def test_a_wish_of_last_week_does_not_add_to_the_plan_that_its_new_week_has(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    clock.set(LAST_MINUTE)
    made(student, runner, "next")
    job_id = ok(ask(student), 202)["job_id"]
    clock.set(MONDAY)
    runner.run(UUID(job_id))
    job = ok(student.get(f"/ai/jobs/{job_id}"))
    assert (job["status"], job["error"]["code"]) == ("failed", "weekly_plan_exists")
    assert len(plans(student)) == 1


def test_a_wish_of_last_week_that_is_made_in_the_new_one_closes_both(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    clock.set(LAST_MINUTE)
    job_id = ok(ask(student), 202)["job_id"]
    clock.set(MONDAY)
    mine = make_plan(student)
    runner.run(UUID(job_id))
    job = ok(student.get(f"/ai/jobs/{job_id}"))
    assert job["status"] == "completed"
    assert {plan["id"]: plan["week_start"] for plan in plans(student)} == {
        mine["id"]: NEXT_MONDAY,
        job["plan_id"]: NEXT_MONDAY,
    }
    assert status(student)["reason"] == "weekly_plan_exists"
    clock.set(LAST_MINUTE)
    assert status(student)["reason"] == "weekly_plan_exists"


def test_a_plan_made_by_hand_for_next_week_closes_that_alone(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-11T10:00:00Z")
    assert (status(student)["reason"], status(student, "next")["reason"]) == (None, "weekly_plan_exists")
    refused(ask(student, "next"), 409, "weekly_plan_exists")
    assert ask(student).status_code == 202


def test_deleting_next_weeks_plan_does_not_open_that_week(student: Student, runner: Runner, clock: FrozenClock) -> None:
    job = made(student, runner, "next")
    assert student.delete(f"/plans/{job['plan_id']}").status_code == 204
    assert "deleted" in refused(ask(student, "next"), 409, "weekly_plan_exists")["detail"]
    clock.set(MONDAY)
    assert "deleted" in refused(ask(student), 409, "weekly_plan_exists")["detail"]


def test_the_first_open_week_is_found_in_one_read_however_many_are_planned(
    student: Student, runner: Runner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(student, runner)
    assert student.delete(f"/plans/{made(student, runner, 'next')['plan_id']}").status_code == 204
    ran = noted(database, monkeypatch)
    assert "from Monday 16 March" in refused(ask(student), 409, "weekly_plan_exists")["detail"]
    reads = len(ran)
    for number in range(2, 52):
        if number != 40:
            make_plan(student, scheduled_at=f"{date(2026, 3, 4) + number * A_WEEK}T10:00:00Z")
    ran.clear()
    assert "from Monday 7 December" in refused(ask(student), 409, "weekly_plan_exists")["detail"]
    assert len(ran) == reads


@pytest.mark.parametrize("exam", ["2026-03-04", "2026-03-06", "2026-03-09"])
def test_an_exam_before_next_week_is_no_obstacle_to_its_plan(student: Student, runner: Runner, exam: str) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"exams": [{"topic": "Biology", "date": exam}]}))
    job = made(student, runner, "next")
    assert job["status"] == "completed"
    assert "today" not in job["result"]
    assert len(set(days_of(student, job["plan_id"]))) > 2


def test_next_weeks_plan_keeps_clear_of_what_is_there_and_teaches_none_of_it_twice(
    student: Student, runner: Runner
) -> None:
    make_plan(student)
    own = ok(
        student.post(
            "/plans/current/sessions",
            {"title": "Cells", "topic": "Biology", "duration_minutes": 120, "scheduled_at": "2026-03-10T14:00:00Z"},
        ),
        201,
    )
    Session.update(units=[{"key": "biology.cells", "title": "Cells"}]).where(Session.id == UUID(own["id"])).execute()
    job = made(student, runner, "next")
    assert "2026-03-10" not in days_of(student, job["plan_id"])
    lessons: Any = Session.select().where((Session.kind == "learn") & (Session.plan == UUID(job["plan_id"])))
    assert "biology.cells" not in {unit["key"] for session in lessons for unit in session.units}


def test_the_week_of_a_student_whose_day_starts_late_ends_on_monday_morning(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"day_starts_at": "04:00"}))
    travel(student, clock, "2026-03-09T02:00:00Z")
    assert (status(student)["week_start"], status(student, "next")["week_start"]) == (THIS_MONDAY, NEXT_MONDAY)
    ahead, late = made(student, runner, "next"), ok(ask(student), 202)["job_id"]
    assert min(days_of(student, ahead["plan_id"])) == NEXT_MONDAY
    runner.run(UUID(late))
    assert "next week has its plan" in ok(student.get(f"/ai/jobs/{late}"))["error"]["detail"]
    assert make_plan(student)["week_start"] == THIS_MONDAY
    travel(student, clock, "2026-03-09T04:00:00Z")
    assert {session["plan_id"] for session in week(student)} == {ahead["plan_id"]}
    assert status(student)["reason"] == "weekly_plan_exists"


def test_a_week_whose_windows_are_full_is_said_to_be_the_week_that_it_is(student: Student, runner: Runner) -> None:
    hour = {"weekday": 2, "start": "14:00", "end": "14:30"}
    ok(student.put("/users/preferences", PREFERENCES | {"availability": [hour]}))
    make_plan(student, scheduled_at="2026-03-03T14:00:00Z")
    wish = {"title": "Chess", "topic": "Chess", "duration_minutes": 30, "scheduled_at": "2026-03-10T14:00:00Z"}
    ok(student.post("/plans/current/sessions", wish), 201)
    job = made(student, runner, "next")
    assert (job["status"], job["error"]["code"]) == ("failed", "no_time_available")
    assert "next week" in job["error"]["detail"]
    assert "this week" not in str(job["feasibility"]) + job["error"]["detail"]
    assert {left["code"] for left in job["feasibility"]["unplaced"]} == {"no_time_left"}


@pytest.mark.parametrize("which", ["", "last", 1, None])
def test_a_week_that_is_none_is_refused_and_changes_nothing(student: Student, which: Any) -> None:
    answer = student.post("/ai/plans/generate", {"goal": "Pass", "topic": "Biology", "week": which})
    refused(answer, 422, "validation_failed")
    refused(student.get("/ai/plans/status/weekly", params={"week": str(which)}), 422, "validation_failed")
    assert status(student)["active_job_id"] is None


def test_a_finished_week_says_so(student: Student, runner: Runner) -> None:
    assert (status(student)["week_done"], status(student, "next")["week_done"]) == (False, False)
    made(student, runner)
    for session in week(student):
        assert status(student)["week_done"] is False
        change(student, session, status="done")
    assert (status(student)["week_done"], status(student, "next")["week_done"]) == (True, False)
    up_next = status(student)["up_next"]
    assert up_next
    assert up_next == status(student, "next")["up_next"] == summary(student)["up_next"]
