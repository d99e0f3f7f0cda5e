"""What a new plan looks back at. It is Wednesday 2026-03-04, 09:00."""

from datetime import date
from uuid import UUID

from schediora.http.caller import Caller
from schediora.localtime import zone
from schediora.planner.history import habit_hours
from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, tick, week

TODAY = date(2026, 3, 4)


def test_habit_hours_are_those_that_were_said_else_those_that_the_ticks_tell(
    student: Student, clock: FrozenClock
) -> None:
    berlin = Caller(UUID(student.id), zone("Europe/Berlin"))
    make_plan(student, scheduled_at="2026-03-04T08:00:00Z")
    tick(student, week(student)[0])
    assert habit_hours(berlin, TODAY) == (9,)
    begun = append(student, scheduled_at="2026-03-03T20:00:00Z")
    change(student, begun, status="in_progress")
    clock.advance(hours=5)
    tick(student, begun)
    assert sorted(habit_hours(berlin, TODAY)) == [9, 10]


def test_a_tick_on_a_later_day_tells_nothing_about_the_hour(student: Student) -> None:
    caller = Caller(UUID(student.id), zone("UTC"))
    make_plan(student, scheduled_at="2026-03-03T20:00:00Z")
    done = change(student, week(student)[0], status="done", completed_on="2026-03-03")
    assert habit_hours(caller, TODAY) == ()
    change(student, done, status="in_progress")
    change(student, done, status="done", completed_on="2026-03-03")
    assert habit_hours(caller, TODAY) == ()
    change(student, done, completed_on="2026-03-04")
    assert habit_hours(caller, TODAY) == (9,)
