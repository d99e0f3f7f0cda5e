"""A series beside plans: replanned within its week, in the way of what is generated, and on the old app's screens. It
is Wednesday 2026-03-04.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from schediora.ai.jobs import Runner
from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, ok, travel, week
from tests.planner.replanning import UNDO, apply, preview

WISH = {"goal": "Pass the exam", "topic": "Chemistry"}


def daily(until: str) -> dict[str, str]:
    return {"every": "day", "until": until}


def everything(student: Student) -> list[dict[str, Any]]:
    return list(ok(student.get("/sessions", params={"week": "all", "limit": "500"})))


def span(session: dict[str, Any]) -> tuple[datetime, datetime]:
    starts_at = datetime.fromisoformat(session["scheduled_at"])
    return starts_at, starts_at + timedelta(minutes=session["duration_minutes"])


def test_what_was_missed_of_a_series_finds_room_and_the_rest_stays_at_its_time(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-02T10:00:00Z", repeat=daily("2026-03-20"))
    before = everything(student)
    shown = preview(student)
    assert [entry["was_at"][:10] for entry in shown["moved"]] == ["2026-03-02", "2026-03-03"]
    assert {entry["scheduled_on"] <= "2026-03-08" for entry in shown["moved"]} == {True}
    assert [entry["scheduled_on"] for entry in shown["kept"]] == [f"2026-03-0{day}" for day in (4, 5, 6, 7, 8)]
    assert shown["impossible"] == []
    apply(student, shown["revision"])
    moved = {entry["id"] for entry in shown["moved"]}
    assert [session for session in everything(student) if session["id"] not in moved] == before[2:]
    assert preview(student)["moved"] == []
    ok(student.post(UNDO))
    assert everything(student) == before


def test_what_was_missed_of_a_series_keeps_no_other_session_of_its_topic_waiting(student: Student) -> None:
    make_plan(student, title="Daily", scheduled_at="2026-03-02T15:00:00Z", repeat=daily("2026-03-08"))
    append(student, title="First", scheduled_at="2026-03-03T18:00:00Z")
    append(student, title="Second", scheduled_at="2026-03-05T18:00:00Z")
    shown = preview(student)
    assert sorted(entry["title"] for entry in shown["moved"]) == ["Daily", "Daily", "First"]
    first = next(entry for entry in shown["moved"] if entry["title"] == "First")
    assert first["scheduled_at"] < "2026-03-05T18:00:00Z", "the order of what is no series holds"


def test_what_was_missed_of_a_series_last_week_comes_back_only_when_asked_for(
    student: Student, clock: FrozenClock
) -> None:
    make_plan(student, scheduled_at="2026-03-05T10:00:00Z", repeat=daily("2026-03-20"))
    travel(student, clock, "2026-03-09T09:00:00+00:00")
    assert preview(student)["moved"] == []
    shown = ok(student.post("/plans/current/replan", {"include_overdue": True}))
    assert [entry["was_at"][:10] for entry in shown["moved"]] == [f"2026-03-0{day}" for day in (5, 6, 7, 8)]
    assert all("2026-03-09" <= entry["scheduled_on"] <= "2026-03-15" for entry in shown["moved"])


def test_a_plan_of_a_later_week_keeps_clear_of_a_series(student: Student, runner: Runner, clock: FrozenClock) -> None:
    make_plan(student, scheduled_at="2026-03-04T15:00:00Z", duration_minutes=60, repeat=daily("2026-04-01"))
    travel(student, clock, "2026-03-09T06:00:00+00:00")
    series = [session["id"] for session in week(student)]
    assert len(series) == 7
    job = ok(student.post("/ai/plans/generate", WISH), 202)
    runner.run(UUID(job["job_id"]))
    assert ok(student.get(f"/ai/jobs/{job['job_id']}"))["status"] == "completed"
    spans = sorted(map(span, week(student)))
    assert len(spans) > len(series)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    a_day: dict[str, int] = {}
    for session in week(student):
        a_day[session["scheduled_on"]] = a_day.get(session["scheduled_on"], 0) + session["duration_minutes"]
    assert max(a_day.values()) <= 120, "the series takes its part of the day's hours"


def test_an_appended_series_belongs_to_the_plan_and_the_next_weeks_plan_to_itself(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    job = ok(student.post("/ai/plans/generate", WISH), 202)
    runner.run(UUID(job["job_id"]))
    first = append(student, scheduled_at="2026-03-05T07:00:00Z", repeat=daily("2026-03-11"))
    assert {session["plan_id"] for session in week(student)} == {first["plan_id"]}
    travel(student, clock, "2026-03-10T06:00:00+00:00")
    assert [session["scheduled_on"] for session in week(student)] == ["2026-03-09", "2026-03-10", "2026-03-11"]
    status = ok(student.get("/ai/plans/status/weekly"))
    assert (status["can_generate"], status["has_generated_this_week"]) == (True, False)
    again = ok(student.post("/ai/plans/generate", WISH), 202)
    runner.run(UUID(again["job_id"]))
    plan_id = ok(student.get(f"/ai/jobs/{again['job_id']}"))["plan_id"]
    assert append(student)["plan_id"] == plan_id != first["plan_id"]


def test_a_session_of_a_series_that_was_moved_by_hand_is_where_it_was_moved(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-04T10:00:00Z", repeat=daily("2026-03-10"))
    first = week(student)[0]
    later = everything(student)[-1]
    assert change(student, first, scheduled_at="2026-03-12T10:00:00Z")["pinned"]
    change(student, later, scheduled_at="2026-03-06T18:00:00Z")
    assert first["id"] not in {session["id"] for session in week(student)}
    assert later["id"] in {session["id"] for session in week(student)}
