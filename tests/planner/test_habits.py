"""How a student really studies. The clock stands at Wednesday 2026-03-04, 09:00 UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schediora.db.database import Database
from schediora.planner.history import minutes_taken
from tests.client import FrozenClock, Student
from tests.dashboard.history import store
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, tick, travel, week
from tests.reads import noted, rows_touched

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


def habits(student: Student) -> dict[str, Any]:
    return dict(ok(student.get("/users/me/habits")))


def test_of_a_new_student_nothing_is_known(student: Student) -> None:
    unknown = {"median_start_by_weekday": [None] * 7, "finish_rate": None, "actual_over_planned": None}
    assert habits(student) == unknown
    make_plan(student, scheduled_at="2026-03-04T20:00:00Z")
    assert habits(student) == unknown
    assert student.get("/users/me/habits?x=1").status_code == 422


def test_the_median_start_is_what_was_said_else_the_tick_less_the_length(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"timezone": "Asia/Jakarta"}))
    make_plan(student, scheduled_at="2026-03-04T09:00:00Z", duration_minutes=60)
    begun = append(student, scheduled_at="2026-03-05T09:00:00Z")
    change(student, begun, status="in_progress")
    clock.advance(hours=1)
    tick(student, week(student)[0])
    tick(student, begun)
    assert habits(student)["median_start_by_weekday"] == [None, None, "16:00", None, None, None, None]
    travel(student, clock, "2026-03-06T12:00:00Z")
    for minutes in (30, 60, 90):
        tick(student, append(student, scheduled_at="2026-03-06T11:00:00Z", duration_minutes=minutes))
    assert habits(student)["median_start_by_weekday"] == [None, None, "16:00", None, "18:00", None, None]


def test_a_start_after_midnight_is_late_on_the_day_that_is_not_over(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"day_starts_at": "04:00"}))
    for evening in ("2026-03-04T23:00:00Z", "2026-03-05T01:00:00Z"):
        travel(student, clock, evening)
        session = make_plan(student, scheduled_at=evening)
        (made,) = [each for each in week(student) if each["plan_id"] == session["id"]]
        change(student, made, status="in_progress")
        tick(student, made)
    assert habits(student)["median_start_by_weekday"] == [None, None, "00:00", None, None, None, None]


def test_the_finish_rate_is_of_the_sessions_of_past_days_in_eight_weeks(student: Student, clock: FrozenClock) -> None:
    make_plan(student, scheduled_at="2026-03-03T10:00:00Z")
    tick(student, week(student)[0])
    append(student, scheduled_at="2026-03-02T10:00:00Z")
    append(student, scheduled_at="2026-03-04T08:00:00Z")
    append(student, scheduled_at="2026-01-05T10:00:00Z")
    assert habits(student)["finish_rate"] == 0.5
    travel(student, clock, "2026-03-05T09:00:00Z")
    assert habits(student)["finish_rate"] == pytest.approx(1 / 3)
    travel(student, clock, "2026-04-30T09:00:00Z")
    assert habits(student) == {
        "median_start_by_weekday": [None] * 7,
        "finish_rate": None,
        "actual_over_planned": None,
    }


def test_what_it_took_is_what_was_said_or_a_likely_time_from_start_to_tick(
    student: Student, clock: FrozenClock
) -> None:
    make_plan(student, duration_minutes=40)
    change(student, week(student)[0], status="done", actual_minutes=60)
    assert habits(student)["actual_over_planned"] == 1.5
    begun = append(student, duration_minutes=60)
    change(student, begun, status="in_progress")
    clock.advance(minutes=90)
    tick(student, begun)
    assert habits(student)["actual_over_planned"] == 1.5
    at_once = append(student, duration_minutes=60)
    change(student, at_once, status="in_progress")
    tick(student, at_once)
    tick(student, append(student))
    assert habits(student)["actual_over_planned"] == 1.5


def test_a_time_from_start_to_tick_is_believed_within_half_to_twice_the_length() -> None:
    found = [minutes_taken(None, NOW, NOW + timedelta(minutes=took), 60) for took in (0, 29, 30, 90, 120, 121, 600)]
    assert found == [None, None, 30, 90, 120, None, None]
    assert minutes_taken(45, NOW, NOW, 60) == 45
    assert minutes_taken(None, None, NOW, 60) is minutes_taken(None, NOW, None, 60) is None


def test_habits_cost_no_more_than_their_days(
    student: Student, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [NOW.date() - timedelta(days=back) for back in range(2000)]
    store(student, ({"day": day, "topic": "A", "minutes": 30} for day in days))
    database.execute_sql("ANALYZE")
    ran = noted(database, monkeypatch)
    assert habits(student)["finish_rate"] == 1
    assert len(ran) == 2
    assert rows_touched(database, ran) <= 2 * 57
