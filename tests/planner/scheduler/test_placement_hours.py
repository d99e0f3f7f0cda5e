"""The hours and days that are used, and what is said when there are none."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler.placement import (
    Busy,
    Exam,
    Kind,
    Obstacle,
    Piece,
    Step,
    Week,
    Window,
    choose_week,
    place,
)
from tests.planner.scheduler.placement_rules import broken_rules

MONDAY = date(2026, 11, 23)
UTC = zone("UTC")


def every_day(*windows: tuple[int, int]) -> tuple[Window, ...]:
    return tuple(Window(weekday, start, end) for weekday in range(1, 8) for start, end in windows)


WEEK = Week(MONDAY, at_minute(MONDAY, 0, UTC), UTC, every_day((480, 1320)), 120, 45)


def lessons(count: int, minutes: int = 45) -> list[Step]:
    return [Step(f"Unit {number}", "", "Biology", Kind.LEARN, minutes, after=()) for number in range(count)]


def pieces(steps: list[Step], week: Week) -> tuple[Piece, ...]:
    placement = place(steps, week)
    assert broken_rules(steps, week, placement) == []
    assert placement.unplaced == ()
    return placement.pieces


def at(day: int, hour: int) -> datetime:
    return at_minute(MONDAY + timedelta(days=day), hour * 60, UTC)


def test_three_windows_of_twenty_minutes_a_day_are_used() -> None:
    week = replace(WEEK, windows=every_day((420, 440), (780, 800), (1140, 1160)))
    found = pieces(lessons(6), week)
    assert {piece.minutes for piece in found} <= {15, 20}
    assert sum(piece.minutes for piece in found) == 270


def test_half_an_hour_a_day_holds_parts_of_half_an_hour() -> None:
    found = pieces(lessons(3), replace(WEEK, daily_minutes=30))
    assert max(piece.minutes for piece in found) <= 30


def test_short_windows_are_used_beside_a_long_one_when_that_is_full() -> None:
    week = replace(WEEK, windows=(*every_day((1140, 1160)), Window(7, 600, 700)))
    found = pieces(lessons(4), week)
    assert {piece.minutes for piece in found} >= {45}
    assert min(piece.minutes for piece in found) <= 20


def test_afternoons_come_first() -> None:
    assert {piece.starts_at.hour for piece in pieces(lessons(4), WEEK)} == {14}


def test_the_night_is_used_last() -> None:
    week = replace(WEEK, windows=every_day((0, 1440)), daily_minutes=960)
    hours = [piece.starts_at.hour for piece in pieces(lessons(20, 120), replace(week, session_minutes=120))]
    assert min(hours) >= 6
    only_ends = replace(WEEK, windows=every_day((0, 360), (1320, 1440)))
    assert {piece.starts_at.hour for piece in pieces(lessons(7), only_ends)} <= {0, 1, 22, 23}


@pytest.mark.parametrize(("hours", "expected"), [((7, 7, 8, 19), 7), ((20, 21, 21), 21), ((3, 3, 3, 9), 9)])
def test_the_hours_at_which_the_student_studies_come_first(hours: tuple[int, ...], expected: int) -> None:
    week = replace(WEEK, windows=every_day((0, 1440)), habit_hours=hours)
    assert {piece.starts_at.hour for piece in pieces(lessons(4), week)} == {expected}


def test_a_day_takes_no_more_than_its_cap_of_this_plan() -> None:
    tuesday = MONDAY + timedelta(days=1)
    busy = (Busy(at(1, 9), 60, tuesday, "Math"),)
    week = replace(WEEK, windows=(Window(1, 840, 1200), Window(2, 840, 1200)), busy=busy, day_caps={tuesday: 30})
    found = pieces(lessons(2, 45) + lessons(1, 30), week)
    assert [piece.minutes for piece in found if piece.day == tuesday] == [30]


def test_a_day_ends_early_where_it_has_time_before() -> None:
    ends = {MONDAY: 21 * 60}
    week = replace(WEEK, windows=(Window(1, 1200, 1440),), day_ends=ends)
    assert [piece.starts_at.hour for piece in pieces(lessons(1), week)] == [20]
    late = replace(week, windows=(Window(1, 1260, 1440),))
    assert [piece.starts_at.hour for piece in pieces(lessons(1), late)] == [21]


TOMORROW = Exam("Biology", MONDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("week", "obstacle", "says"),
    [
        (replace(WEEK, now=at(6, 23)), Obstacle.NO_WINDOWS, "Your study times leave no time in the rest of this week."),
        (
            replace(WEEK, windows=every_day((480, 490))),
            Obstacle.WINDOWS_TOO_SHORT,
            "Your free study times are all shorter than the 15 minutes that a session takes.",
        ),
        (
            replace(WEEK, now=at(0, 22), exams=(TOMORROW,)),
            Obstacle.EXAM,
            "There is no free study time before the Biology exam on Tuesday 24 November.",
        ),
        (
            replace(WEEK, busy=tuple(Busy(at(day, 9), 120, MONDAY + timedelta(days=day), "Math") for day in range(7))),
            Obstacle.ALL_BUSY,
            "Other sessions already fill your study time in this week.",
        ),
        (
            replace(WEEK, windows=(Window(1, 840, 870),)),
            Obstacle.TOO_LITTLE_TIME,
            "The free study time left in this week is too little even for the shortest step, of 45 minutes.",
        ),
    ],
)
def test_a_week_without_time_says_what_is_in_the_way_and_what_would_help(
    week: Week, obstacle: Obstacle, says: str
) -> None:
    placement = place(lessons(3), week)
    assert (placement.pieces, placement.obstacle) == ((), obstacle)
    assert placement.note.startswith(f"{says} ")


def test_a_sunday_before_an_exam_on_tuesday_is_used() -> None:
    sunday = replace(WEEK, now=at(6, 8), exams=(Exam("Biology", MONDAY + timedelta(days=8)),))
    week, placement = choose_week(lessons(7), sunday, replace(sunday, monday=MONDAY + timedelta(days=7)))
    assert week == sunday
    assert placement.placed_minutes == 90
