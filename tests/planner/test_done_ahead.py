"""What is done takes up no time ahead, and counts on the day on which it was. It is Wednesday 2026-03-04, 09:00."""

from typing import Any
from uuid import UUID

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, tick, travel, week
from tests.planner.replanning import preview

HOUR = {"duration_minutes": 60}


def studies_on(student: Student, *weekdays: int) -> None:
    """Let the student study for an hour in the afternoon of these weekdays, and at no other time."""
    windows = [{"weekday": weekday, "start": "16:00", "end": "17:00"} for weekday in weekdays]
    ok(student.put("/users/preferences", PREFERENCES | {"availability": windows, "daily_hours": 1}))


def starts(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["title"]: entry["scheduled_at"] for entry in entries}


def test_a_session_done_ahead_leaves_its_time_and_its_days_hours_to_what_was_missed(student: Student) -> None:
    studies_on(student, 5)
    make_plan(student, title="Missed", scheduled_at="2026-03-02T10:00:00Z", **HOUR)
    ahead = append(student, title="Ahead", scheduled_at="2026-03-06T16:00:00Z", **HOUR)
    change(student, ahead, pinned=True)
    assert starts(preview(student)["impossible"]) == {"Missed": "2026-03-02T10:00:00Z"}
    tick(student, ahead)
    assert starts(preview(student)["moved"]) == {"Missed": "2026-03-06T16:00:00Z"}


def test_what_was_done_today_takes_of_todays_hours_once_and_of_no_other_days(student: Student) -> None:
    studies_on(student, 3, 4)
    make_plan(student, title="Missed", scheduled_at="2026-03-02T10:00:00Z", **HOUR)
    assert starts(preview(student)["moved"]) == {"Missed": "2026-03-04T16:00:00Z"}
    ahead = append(student, title="Ahead", scheduled_at="2026-03-05T16:00:00Z", **HOUR)
    tick(student, ahead)
    assert starts(preview(student)["moved"]) == {"Missed": "2026-03-05T16:00:00Z"}
    change(student, ahead, completed_on="2026-03-03")
    assert starts(preview(student)["moved"]) == {"Missed": "2026-03-04T16:00:00Z"}
    change(student, ahead, completed_on="2026-03-04", scheduled_at="2026-03-04T08:00:00Z")
    assert starts(preview(student)["moved"]) == {"Missed": "2026-03-05T16:00:00Z"}


def test_what_is_in_progress_keeps_its_time(student: Student) -> None:
    studies_on(student, 5)
    make_plan(student, title="Missed", scheduled_at="2026-03-02T10:00:00Z", **HOUR)
    change(student, append(student, scheduled_at="2026-03-06T16:00:00Z", **HOUR), status="in_progress")
    assert starts(preview(student)["impossible"]) == {"Missed": "2026-03-02T10:00:00Z"}


def test_a_plan_is_made_for_the_week_whose_sessions_were_done_ahead(
    student: Student, database: Database, clock: FrozenClock
) -> None:
    studies_on(student, *range(1, 8))
    make_plan(student)
    for day in range(9, 16):
        append(student, scheduled_at=f"2026-03-{day:02}T16:00:00Z", **HOUR)
    listed = ok(student.get("/sessions", params={"week": "all"}))
    for session in listed:
        tick(student, session)
    travel(student, clock, "2026-03-09T07:00:00+00:00")
    job = ok(student.post("/ai/plans/generate", {"goal": "Pass the exam", "topic": "Biology"}), 202)
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    Runner(database, author, default_timezone="UTC", clock=clock).run(UUID(job["job_id"]))
    made = ok(student.get(f"/ai/jobs/{job['job_id']}"))
    assert made["status"] == "completed", made["error"]
    placed = [session["scheduled_at"] for session in week(student) if session["plan_id"] == made["plan_id"]]
    assert placed[0] == "2026-03-09T16:00:00Z"
    assert len(placed) >= 6
