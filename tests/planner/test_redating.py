"""Another zone, or another start of the day: what is ahead gets the day that it falls on now, and the past stays."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.db.base import new_id
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, move_to, ok, tick, travel, week
from tests.planner.replanning import UNDO, apply, preview, rows

AHEAD = "2026-03-06T01:30:00Z"
PAST = "2026-03-03T01:30:00Z"


def start_days_at(student: Student, clock: str) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"day_starts_at": clock}))


def days(student: Student) -> dict[str, str]:
    return {each["title"]: each["scheduled_on"] for each in ok(student.get("/sessions", params={"week": "all"}))}


def test_what_is_ahead_and_open_gets_its_new_day_and_nothing_else_does(student: Student) -> None:
    make_plan(student, title="Missed", scheduled_at=PAST)
    tick(student, append(student, title="Done", scheduled_at=PAST))
    append(student, title="Ahead", scheduled_at=AHEAD)
    change(student, append(student, title="Pinned", scheduled_at="2026-03-06T12:00:00Z"), scheduled_at=AHEAD)
    change(student, append(student, title="Begun", scheduled_at=AHEAD), status="in_progress")
    tick(student, append(student, title="Done ahead", scheduled_at=AHEAD))
    append(student, title="Daily", scheduled_at=AHEAD, repeat={"every": "day", "until": "2026-03-07"})
    before = days(student)
    start_days_at(student, "04:00")
    moved = {"Ahead", "Pinned", "Begun"}
    for title, day in days(student).items():
        if title in moved:
            assert day == "2026-03-05", title
        elif title != "Daily":
            assert day == before[title], title
    series = [each["scheduled_on"] for each in week(student) if each["title"] == "Daily"]
    assert series == ["2026-03-05", "2026-03-06"]
    move_to(student, "America/Bogota")
    assert {day for title, day in days(student).items() if title in moved} == {"2026-03-05"}
    move_to(student, "Pacific/Kiritimati")
    assert {day for title, day in days(student).items() if title in moved} == {"2026-03-06"}
    assert days(student)["Done ahead"] == before["Done ahead"]


def test_the_same_zone_and_start_touch_nothing(student: Student) -> None:
    make_plan(student, scheduled_at=AHEAD)
    before = rows()
    move_to(student, "UTC")
    start_days_at(student, "00:00")
    assert rows() == before


def test_refused_preferences_move_no_session(student: Student) -> None:
    make_plan(student, scheduled_at=AHEAD)
    before = rows()
    wrong = {"day_starts_at": "04:00", "days_off": [{"first": "2020-01-01", "last": "2020-01-01"}]}
    assert student.put("/users/preferences", PREFERENCES | wrong).status_code == 422
    assert rows() == before


def test_another_students_sessions_stay(student: Student, register: Any) -> None:
    other = register()
    make_plan(other, scheduled_at=AHEAD)
    start_days_at(student, "04:00")
    assert days(other) == {"Cell division": "2026-03-06"}


def test_a_session_on_monday_at_two_comes_into_the_week_that_it_is_the_end_of(student: Student) -> None:
    make_plan(student, title="This week", scheduled_at=AHEAD)
    make_plan(student, title="Night", scheduled_at="2026-03-09T02:00:00Z")
    assert [each["title"] for each in week(student)] == ["This week"]
    start_days_at(student, "04:00")
    assert [(each["title"], each["scheduled_on"]) for each in week(student)][1:] == [("Night", "2026-03-08")]


def test_a_full_week_takes_what_comes_into_it_and_many_sessions_are_moved_at_once(student: Student) -> None:
    make_plan(student, title="First", scheduled_at="2026-03-08T12:00:00Z")
    plan, now = Plan.get(), datetime.fromisoformat("2026-03-04T09:00:00+00:00")
    monday = datetime.fromisoformat("2026-03-09T01:00:00+00:00")
    Session.insert_many(
        [
            {
                "id": new_id(),
                "user": UUID(student.id),
                "plan": plan,
                "title": "Night",
                "topic": "Math",
                "duration_minutes": 15,
                "scheduled_at": monday,
                "scheduled_on": monday.date(),
                "created_at": now,
            }
            for _ in range(1100)
        ]
    ).execute()
    start_days_at(student, "04:00")
    assert Session.select().where(Session.scheduled_on == monday.date() - timedelta(days=1)).count() == 1101


def test_the_way_back_from_a_replanning_stays_open_and_gives_todays_days(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"availability": [window(day) for day in range(1, 8)]}))
    make_plan(student, title="Missed", scheduled_at="2026-03-04T02:00:00Z")
    append(student, title="Ahead", scheduled_at="2026-03-05T20:00:00Z")
    original = {row["title"]: row["scheduled_at"] for row in rows()}
    apply(student, preview(student)["revision"])
    moved = {row["title"]: (row["scheduled_at"], row["scheduled_on"]) for row in rows()}
    assert all(at != original[title] for title, (at, _) in moved.items())
    start_days_at(student, "04:00")
    assert all(row["scheduled_on"] == row["scheduled_at"].date() - timedelta(days=1) for row in rows())
    ok(student.post(UNDO))
    back = {row["title"]: (row["scheduled_at"], str(row["scheduled_on"])) for row in rows()}
    assert {title: at for title, (at, _) in back.items()} == original
    assert {title: day for title, (_, day) in back.items()} == {"Missed": "2026-03-04", "Ahead": "2026-03-05"}
    assert User.get().last_replan is None


def window(weekday: int) -> dict[str, Any]:
    return {"weekday": weekday, "start": "01:00", "end": "03:00"}


def test_what_was_done_at_two_counts_on_the_day_before(student: Student, clock: FrozenClock) -> None:
    start_days_at(student, "04:00")
    session = make_plan(student, scheduled_at="2026-03-08T20:00:00Z")
    assert session["week_start"] == "2026-03-02"
    travel(student, clock, "2026-03-09T02:00:00+00:00")
    (listed,) = week(student)
    done = tick(student, listed)
    assert (done["completed_on"], done["completed_at"]) == ("2026-03-08", "2026-03-09T02:00:00Z")
    summary = ok(student.get("/dashboard/summary"))
    assert (summary["streak_days"], summary["focus_minutes_trend"][6]["minutes"]) == (1, 45)
    travel(student, clock, "2026-03-09T04:00:00+00:00")
    assert week(student) == []
    assert ok(student.get("/dashboard/summary"))["streak_days"] == 1
