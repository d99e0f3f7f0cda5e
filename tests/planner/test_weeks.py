"""Days and weeks at the year's edges, when clocks change, at the ends of the date line, and on a journey."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.client import FrozenClock, Student
from tests.dashboard.history import complete
from tests.planner.book import append, change, make_plan, move_to, plans, summary, tick, travel, week


def days(student: Student) -> list[str]:
    return [session["scheduled_on"] for session in week(student)]


@pytest.mark.parametrize(
    "now", ["2026-12-28T00:00:00Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2027-01-03T23:54:59Z"]
)
def test_week_53_runs_across_the_new_year(student: Student, clock: FrozenClock, now: str) -> None:
    travel(student, clock, now)
    plan = make_plan(student)
    assert plan["week_start"] == "2026-12-28"
    for day in ("2026-12-27", "2026-12-28", "2027-01-03", "2027-01-04"):
        append(student, scheduled_at=f"{day}T12:00:00Z")
    (session,) = [session for session in week(student) if session["plan_id"] == plan["id"]][:1]
    tick(student, session)
    assert summary(student)["today"] == now[:10]
    assert summary(student)["weekly_progress"][date.fromisoformat(now[:10]).weekday()] == 1


def test_the_week_after_week_53_is_week_1(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2027-01-03T10:00:00Z")
    make_plan(student, scheduled_at="2027-01-01T10:00:00Z")
    travel(student, clock, "2027-01-04T10:00:00Z")
    assert week(student) == []
    assert make_plan(student)["week_start"] == "2027-01-04"


@pytest.mark.parametrize(
    ("zone", "last", "first", "monday"),
    [
        ("America/New_York", "2026-03-09T03:59:59Z", "2026-03-09T04:00:00Z", "2026-03-09"),
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z", "2026-11-02"),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z", "2026-10-26"),
        ("Pacific/Kiritimati", "2026-03-08T09:59:59Z", "2026-03-08T10:00:00Z", "2026-03-09"),
        ("Pacific/Pago_Pago", "2026-03-09T10:59:59Z", "2026-03-09T11:00:00Z", "2026-03-09"),
        ("Asia/Kathmandu", "2026-03-08T18:14:59Z", "2026-03-08T18:15:00Z", "2026-03-09"),
    ],
)
def test_a_week_begins_at_local_midnight(
    register: Callable[..., Student], clock: FrozenClock, zone: str, last: str, first: str, monday: str
) -> None:
    student = register(timezone=zone)
    travel(student, clock, last)
    sunday = (date.fromisoformat(monday) - timedelta(days=1)).isoformat()
    make_plan(student, scheduled_at=last)
    assert plans(student)[0]["week_start"] == (date.fromisoformat(monday) - timedelta(days=7)).isoformat()
    assert days(student) == [sunday]
    tick(student, week(student)[0])
    assert summary(student)["today"] == sunday
    assert summary(student)["weekly_progress"] == [0, 0, 0, 0, 0, 0, 1]
    travel(student, clock, first)
    assert week(student) == []
    assert summary(student)["today"] == monday
    assert summary(student)["weekly_progress"] == [0] * 7
    assert summary(student)["streak_days"] == 1
    assert make_plan(student)["week_start"] == monday


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Kiritimati", "2026-03-05"), ("Pacific/Pago_Pago", "2026-03-03")])
def test_today_is_the_students_own(register: Callable[..., Student], clock: FrozenClock, zone: str, today: str) -> None:
    student = register(timezone=zone)
    travel(student, clock, "2026-03-04T10:30:00Z")
    make_plan(student)
    (session,) = week(student)
    assert session["scheduled_on"] == today
    assert tick(student, session)["completed_at"] == "2026-03-04T10:30:00Z"
    shown = summary(student)
    assert (shown["today"], shown["today_completed"], shown["today_total"]) == (today, 1, 1)


def test_a_journey_from_jakarta_to_new_york_leaves_the_past_where_it_was(
    register: Callable[..., Student], clock: FrozenClock
) -> None:
    student = register(timezone="Asia/Jakarta")
    complete(student, *(date(2026, 3, 2) - timedelta(days=back) for back in range(10)))
    travel(student, clock, "2026-03-03T18:00:00Z")
    make_plan(student)
    session = week(student)[-1]
    assert session["scheduled_on"] == "2026-03-04"
    tick(student, session)
    assert summary(student)["streak_days"] == 1
    complete(student, date(2026, 3, 3))
    assert summary(student)["streak_days"] == 12

    move_to(student, "America/New_York")
    shown = summary(student)
    assert (shown["today"], shown["streak_days"]) == ("2026-03-03", 11)
    assert shown["weekly_progress"] == [1, 1, 1, 0, 0, 0, 0]
    assert days(student) == ["2026-03-02", "2026-03-03", "2026-03-04"]
    travel(student, clock, "2026-03-04T12:00:00Z")
    shown = summary(student)
    assert (shown["today"], shown["streak_days"], shown["today_completed"]) == ("2026-03-04", 12, 1)
    travel(student, clock, "2026-03-05T12:00:00Z")
    assert summary(student)["streak_days"] == 12
    travel(student, clock, "2026-03-06T12:00:00Z")
    assert summary(student)["streak_days"] == 0


def test_after_a_move_what_is_ahead_gets_its_day_in_the_new_zone_and_the_past_keeps_its_own(
    register: Callable[..., Student],
) -> None:
    student = register(timezone="Asia/Jakarta")
    make_plan(student, scheduled_at="2026-03-02T20:00:00Z")
    append(student, scheduled_at="2026-03-05T20:00:00Z")
    missed, session = week(student)
    assert (missed["scheduled_on"], session["scheduled_on"]) == ("2026-03-03", "2026-03-06")
    move_to(student, "America/New_York")
    assert change(student, missed, title="Same time")["scheduled_on"] == "2026-03-03"
    assert change(student, session, title="Same time")["scheduled_on"] == "2026-03-05"
    assert change(student, session, scheduled_at="2026-03-05T21:00:00Z")["scheduled_on"] == "2026-03-05"
