from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from schediora.ai.jobs import Runner
from schediora.models.ai import Job
from tests.client import FrozenClock, Student
from tests.dashboard.history import store

WISH = {"goal": "Pass the semester exam", "topic": "Biology"}
PREFERENCES = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"]}


def generate(student: Student, runner: Runner) -> Any:
    job_id = student.post("/ai/plans/generate", WISH).json["job_id"]
    runner.run(UUID(job_id))
    return student.get(f"/ai/jobs/{job_id}").json


def refusal(student: Student) -> Any:
    """The code that asking would answer, by the status call."""
    return student.get("/ai/plans/status/weekly").json["reason"]


def test_a_wish_is_accepted_as_a_queued_job(student: Student) -> None:
    answer = student.post("/ai/plans/generate", WISH)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/ai/jobs/{answer.json['job_id']}"
    assert answer.headers["Retry-After"] == "2"
    assert answer.json["status"] == "queued"
    unknown = ("result", "result_structured", "source", "degraded_reason", "error", "plan_id", "feasibility")
    assert all(answer.json[name] is None for name in unknown)


def test_a_job_ends_in_a_plan_of_future_sessions_on_its_topic(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    job = generate(student, runner)
    assert (job["status"], job["source"], job["degraded_reason"], job["error"]) == ("completed", "rules", None, None)
    outline = job["result_structured"]
    titles = [step["title"] for step in outline["steps"]]
    assert 6 <= len(titles) <= 10
    assert len(set(titles)) == len(titles)
    assert outline["title"] in job["result"]
    (plan,) = student.get("/plans").json
    assert (plan["id"], plan["source"], plan["topic"], plan["week_start"]) == (
        job["plan_id"],
        "ai",
        "Biology",
        "2026-03-02",
    )
    sessions = student.get("/sessions").json
    assert {session["topic"] for session in sessions} == {"Biology"}
    assert all(session["scheduled_at"] >= "2026-03-04T09:00:00Z" for session in sessions)
    assert all("2026-03-04" <= session["scheduled_on"] <= "2026-03-08" for session in sessions)
    assert all(session["reason"]["text"].endswith(".") for session in sessions)


def test_running_a_job_again_changes_nothing(student: Student, runner: Runner) -> None:
    job = generate(student, runner)
    runner.run(UUID(job["job_id"]))
    assert len(student.get("/plans").json) == 1
    assert student.get(f"/ai/jobs/{job['job_id']}").json == job


def test_a_second_wish_is_refused_while_the_first_is_made(student: Student) -> None:
    first = student.post("/ai/plans/generate", WISH).json
    second = student.post("/ai/plans/generate", WISH)
    assert second.status_code == 409
    assert (second.json["code"], second.json["job_id"]) == ("generation_in_progress", first["job_id"])
    status = student.get("/ai/plans/status/weekly").json
    assert status == {
        "has_generated_this_week": False,
        "can_generate": False,
        "reason": "generation_in_progress",
        "active_job_id": first["job_id"],
        "week_start": "2026-03-02",
        "week_end": "2026-03-08",
        "week_done": False,
        "up_next": [],
    }


def test_a_completed_job_closes_the_week_until_the_next(student: Student, runner: Runner, clock: FrozenClock) -> None:
    generate(student, runner)
    again = student.post("/ai/plans/generate", WISH)
    assert (again.status_code, again.json["code"]) == (409, "weekly_plan_exists")
    assert student.get("/ai/plans/status/weekly").json["has_generated_this_week"] is True
    clock.set(datetime(2026, 3, 9, 8, tzinfo=UTC))
    assert student.get("/ai/plans/status/weekly").json["can_generate"] is True
    assert generate(student, runner)["status"] == "completed"


def test_a_plan_made_by_hand_closes_the_week_too(student: Student) -> None:
    student.post("/plans", {"title": "Mine", "topic": "Math", "duration_minutes": 45})
    answer = student.post("/ai/plans/generate", WISH)
    assert (answer.status_code, answer.json["code"]) == (409, "weekly_plan_exists")
    status = student.get("/ai/plans/status/weekly").json
    assert (status["has_generated_this_week"], status["reason"]) == (False, "weekly_plan_exists")


def test_deleting_a_generated_plan_does_not_open_the_week_again(student: Student, runner: Runner) -> None:
    job = generate(student, runner)
    assert student.delete(f"/plans/{job['plan_id']}").status_code == 204
    assert refusal(student) == "weekly_plan_exists"
    assert student.get(f"/ai/jobs/{job['job_id']}").json["plan_id"] is None
    assert student.get("/ai/plans/status/weekly").json["has_generated_this_week"] is True


def test_a_plan_made_by_hand_while_the_job_runs_is_kept_and_planned_around(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    job_id = student.post("/ai/plans/generate", WISH).json["job_id"]
    mine = {"title": "Mine", "topic": "Math", "duration_minutes": 60, "scheduled_at": "2026-03-04T09:30:00Z"}
    assert student.post("/plans", mine).status_code == 201
    runner.run(UUID(job_id))
    sessions = student.get("/sessions").json
    assert {session["topic"] for session in sessions} == {"Math", "Biology"}
    spans = sorted(
        (datetime.fromisoformat(session["scheduled_at"]), session["duration_minutes"]) for session in sessions
    )
    ends = [start + timedelta(minutes=minutes) for start, minutes in spans]
    assert all(end <= start for end, (start, _) in zip(ends, spans[1:], strict=False))


def test_late_on_sunday_the_whole_plan_is_for_next_week(student: Student, runner: Runner, clock: FrozenClock) -> None:
    clock.set(datetime(2026, 3, 8, 21, 30, tzinfo=UTC))
    job = generate(student, runner)
    (plan,) = student.get("/plans").json
    assert plan["week_start"] == "2026-03-09"
    sessions = student.get("/sessions").json
    assert {session["plan_id"] for session in sessions} == {job["plan_id"]}
    assert min(session["scheduled_on"] for session in sessions) >= "2026-03-09"
    assert refusal(student) == "weekly_plan_exists"
    clock.set(datetime(2026, 3, 9, 8, tzinfo=UTC))
    assert refusal(student) == "weekly_plan_exists"


def test_the_plan_keeps_to_the_students_hours(student: Student, runner: Runner) -> None:
    wishes = {
        **PREFERENCES,
        "daily_hours": 0.5,
        "session_minutes": 20,
        "timezone": "Asia/Jakarta",
        "availability": [{"weekday": day, "start": "18:00", "end": "19:00"} for day in (4, 5, 6, 7)],
    }
    assert student.put("/users/preferences", wishes).status_code == 200
    job = generate(student, runner)
    sessions = student.get("/sessions").json
    assert sessions
    per_day: dict[str, int] = {}
    for session in sessions:
        assert session["scheduled_at"][11:16] in {f"11:{minute:02}" for minute in range(0, 60, 5)}
        assert 15 <= session["duration_minutes"] <= 20
        per_day[session["scheduled_on"]] = per_day.get(session["scheduled_on"], 0) + session["duration_minutes"]
    assert max(per_day.values()) <= 30
    left_out = job["feasibility"]["unplaced"]
    assert all(step["text"].endswith(".") for step in left_out)


@pytest.mark.parametrize(
    ("hours", "window", "suggested"),
    [
        (
            2,
            {"weekday": 6, "start": "18:00", "end": "18:40"},
            {
                "change": "window",
                "text": "With time to study from 19:00 to 20:00 on Monday, everything fits.",
                "window": {"weekday": 1, "start": "19:00", "end": "20:00"},
            },
        ),
        (0.5, {"weekday": 6, "start": "08:00", "end": "20:00"}, {"change": "daily_hours"}),
    ],
)
def test_what_does_not_fit_is_listed_with_the_change_that_would_help(
    student: Student, runner: Runner, hours: float, window: dict[str, Any], suggested: dict[str, Any]
) -> None:
    student.put("/users/preferences", {**PREFERENCES, "daily_hours": hours, "availability": [window]})
    feasibility = generate(student, runner)["feasibility"]
    assert feasibility["needed_minutes"] > feasibility["available_minutes"]
    placed = sum(session["duration_minutes"] for session in student.get("/sessions").json)
    assert sum(step["minutes"] for step in feasibility["unplaced"]) == feasibility["needed_minutes"] - placed
    assert {step["code"] for step in feasibility["unplaced"]} <= {"no_time_left", "after_unplaced_step"}
    suggestion = feasibility["suggestion"]
    assert suggested.items() <= suggestion.items()
    named = {name for name in ("daily_hours", "session_minutes", "window") if suggestion[name] is not None}
    assert named == {suggestion["change"]}
    if suggestion["change"] == "daily_hours":
        assert hours < suggestion["daily_hours"] <= 24
        assert f"{suggestion['daily_hours']:g} hour" in suggestion["text"]


def test_with_no_time_before_the_exam_the_job_fails_and_opens_the_week_again(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    student.put("/users/preferences", {**PREFERENCES, "exams": [{"topic": "Biology", "date": "2026-03-04"}]})
    job = generate(student, runner)
    assert (job["status"], job["error"]["code"]) == ("failed", "no_time_available")
    assert job["error"]["detail"].endswith(".")
    assert student.get("/plans").json == []
    assert student.get("/ai/plans/status/weekly").json["can_generate"] is True


def test_a_job_is_its_owners_alone(student: Student, register: Callable[..., Student]) -> None:
    job_id = student.post("/ai/plans/generate", WISH).json["job_id"]
    other = register()
    assert other.get(f"/ai/jobs/{job_id}").status_code == 404
    assert student.get(f"/ai/jobs/{uuid4()}").status_code == 404
    assert student.get("/ai/jobs/1").status_code == 404


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"goal": "x"}, "/topic"),
        ({"goal": "", "topic": "x"}, "/goal"),
        ({"goal": "x", "topic": "y" * 121}, "/topic"),
        ({"goal": "x", "topic": "y", "week": 1}, "/week"),
        ({"goal": None, "topic": "y"}, "/goal"),
    ],
)
def test_an_unclear_wish_is_refused_and_changes_nothing(student: Student, wish: dict[str, Any], pointer: str) -> None:
    answer = student.post("/ai/plans/generate", wish)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
    assert refusal(student) is None


def test_a_week_is_the_students_own(register: Callable[..., Student], runner: Runner, clock: FrozenClock) -> None:
    clock.set(datetime(2026, 3, 8, 11, tzinfo=UTC))  # Sunday in UTC, already Monday on Kiritimati
    far = register(timezone="Pacific/Kiritimati")
    status = far.get("/ai/plans/status/weekly").json
    assert (status["week_start"], status["week_end"]) == ("2026-03-09", "2026-03-15")
    generate(far, runner)
    days = {date.fromisoformat(session["scheduled_on"]) for session in far.get("/sessions").json}
    assert min(days) >= date(2026, 3, 9)
    assert max(days) <= date(2026, 3, 15)


def test_a_plan_that_the_planner_has_no_room_for_fails_in_words_and_can_be_asked_for_again(
    student: Student, runner: Runner
) -> None:
    for weeks in range(1, 41):
        day = date(2026, 3, 4) - timedelta(weeks=weeks)
        store(student, ({"day": day, "topic": "A", "minutes": 15} for _ in range(499 if weeks == 1 else 500)))
    job = generate(student, runner)
    assert (job["status"], job["plan_id"], job["error"]["code"]) == ("failed", None, "quota_exceeded")
    assert "20,000" in job["error"]["detail"]
    assert len(student.get("/plans").json) == 40
    assert refusal(student) is None


def test_what_a_newer_release_stored_of_a_job_in_words_of_its_own_is_left_out(student: Student, runner: Runner) -> None:
    job_id = generate(student, runner)["job_id"]
    unplaced = [{"title": "Mock test", "minutes": 60, "code": "full_moon", "text": "There was no full moon."}]
    stored = {"needed_minutes": 60, "available_minutes": 0, "unplaced": unplaced, "suggestion": None}
    Job.update(status="failed", error_code="full_moon", error_detail="No moon.", feasibility=stored).execute()
    job = student.get(f"/ai/jobs/{job_id}").json
    assert job["error"] == {"code": "internal_error", "detail": "No moon."}
    assert job["feasibility"] is None


def test_whoever_is_away_all_the_time_that_a_plan_could_use_is_told_so(student: Student, runner: Runner) -> None:
    away = [{"first": "2026-03-04", "last": "2026-03-20"}]
    assert student.put("/users/preferences", PREFERENCES | {"days_off": away}).status_code == 200
    job = generate(student, runner)
    assert (job["status"], job["error"] and job["error"]["code"]) == ("failed", "no_time_available")
