"""Generation, replanning and quick add go around what the student's own calendar takes up. It is Wednesday, 09:00."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from schediora.localtime import zone
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.problem import Week, Window
from tests.ai.weeks import made
from tests.busy.calendars import calendar
from tests.client import FrozenClock, Student
from tests.planner.book import append, make_plan, ok, week
from tests.planner.replanning import preview

KIND = {"Content-Type": "text/calendar"}
MORNINGS = "DTSTART:20260302T080000Z\r\nDTEND:20260302T150000Z\r\nRRULE:FREQ=DAILY"


@pytest.fixture
def runner(database: Database, clock: FrozenClock) -> Runner:
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    return Runner(database, author, default_timezone="UTC", clock=clock)


def upload(student: Student, *events: str) -> None:
    ok(student.put("/users/me/busy", body=calendar(*events), headers=KIND))


def lies_on_a_morning(session: dict[str, object]) -> bool:
    start = datetime.fromisoformat(str(session["scheduled_at"]))
    end = start + timedelta(minutes=int(str(session["duration_minutes"])))
    return start.hour < 15 and (end.hour, end.minute) > (8, 0)


def test_a_plan_keeps_clear_and_has_all_its_hours(student: Student, runner: Runner) -> None:
    upload(student, MORNINGS)
    job = made(student, runner)
    assert job["status"] == "completed", job
    sessions = week(student)
    assert sessions
    assert [session for session in sessions if lies_on_a_morning(session)] == []
    days = {session["scheduled_on"] for session in sessions}
    minutes = {day: sum(s["duration_minutes"] for s in sessions if s["scheduled_on"] == day) for day in days}
    assert max(minutes.values()) > 60, "what the calendar takes up is no study of that day"


def test_a_full_calendar_is_named_as_what_is_in_the_way(student: Student, runner: Runner) -> None:
    upload(student, "DTSTART:20260301T000000Z\r\nDTEND:20260401T000000Z")
    job = made(student, runner)
    assert (job["status"], job["error"]["code"]) == ("failed", "no_time_available")


def test_replanning_moves_what_lies_on_it_and_says_so(student: Student) -> None:
    make_plan(student, title="On the lecture", scheduled_at="2026-03-05T10:00:00Z")
    append(student, title="Beside it", scheduled_at="2026-03-05T17:00:00Z")
    append(student, title="Missed", scheduled_at="2026-03-03T10:00:00Z")
    assert [entry["title"] for entry in preview(student)["moved"]] == ["Missed"]
    before = preview(student)["revision"]
    upload(student, MORNINGS)
    told = preview(student)
    moved = {entry["title"]: entry for entry in told["moved"]}
    assert moved.keys() == {"On the lecture", "Missed"}
    assert not any(map(lies_on_a_morning, moved.values()))
    assert "lies at its old time" in moved["On the lecture"]["reason"]["text"]
    assert student.post("/plans/current/replan", {"apply": True, "revision": before}).status_code == 409


def test_what_a_student_has_pinned_onto_it_stays(student: Student) -> None:
    make_plan(student, title="In the lecture", scheduled_at="2026-03-05T10:00:00Z")
    (session,) = week(student)
    ok(student.patch(f"/sessions/{session['id']}", {"pinned": True}))
    append(student, title="Missed", scheduled_at="2026-03-03T10:00:00Z")
    upload(student, MORNINGS)
    assert [entry["title"] for entry in preview(student)["moved"]] == ["Missed"]


def test_quick_add_waits_for_the_end_of_it(student: Student) -> None:
    upload(student, "DTSTART:20260304T083000Z\r\nDTEND:20260304T101700Z")
    make_plan(student)
    assert [session["scheduled_at"] for session in week(student)] == ["2026-03-04T10:20:00Z"]


def test_cells_that_it_touches_are_not_free_and_the_days_hours_stay() -> None:
    plain = Week(
        monday=date(2026, 3, 2),
        now=datetime(2026, 3, 1, tzinfo=UTC),
        tz=zone("UTC"),
        windows=tuple(Window(day, 480, 720) for day in range(1, 8)),
        daily_minutes=120,
        session_minutes=60,
    )
    taken = (datetime(2026, 3, 2, 8, 58, tzinfo=UTC), datetime(2026, 3, 2, 10, 1, tzinfo=UTC))
    before, day = free_days(plain)[0], free_days(replace(plain, busy_times=(taken,)))[0]
    spans = [(day.instant(span.start), day.instant(span.end)) for span in day.layout.spans]
    assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in spans] == ["08:00-08:55", "10:05-12:00"]
    assert (before.left_minutes, before.busy_minutes) == (day.left_minutes, day.busy_minutes) == (120, 0)
