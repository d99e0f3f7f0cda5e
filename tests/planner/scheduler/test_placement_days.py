"""Days that start after midnight, and days on which nothing is placed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from schediora.localtime import at_minute, local_day, zone
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.placement import (
    Busy,
    Exam,
    Kind,
    Movable,
    Obstacle,
    Step,
    Week,
    Window,
    place,
    place_again,
)
from schediora.planner.scheduler.problem import ReasonCode
from tests.planner.scheduler.placement_rules import broken_rules

MONDAY, TUESDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 29)
ZONE = zone("UTC")
FOUR = 4 * 60
EVERY_DAY = tuple(Window(weekday, 480, 1320) for weekday in range(1, 8))
NIGHTS = tuple(window for day in range(1, 8) for window in (Window(day, 1320, 1440), Window(day, 0, 120)))
WEEK = Week(MONDAY, at_minute(MONDAY, FOUR, ZONE), ZONE, EVERY_DAY, 120, 45, day_starts_at=FOUR)


def lessons(count: int, minutes: int = 45) -> list[Step]:
    return [Step(f"Unit {number}", "", "Biology", Kind.LEARN, minutes, after=()) for number in range(count)]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return at_minute(day, hour * 60 + minute, ZONE)


def test_the_small_hours_of_a_weekday_are_the_end_of_the_day_before() -> None:
    week = replace(WEEK, windows=(Window(2, 0, 120),))
    placement = place(lessons(2), week)
    assert [piece.day for piece in placement.pieces] == [MONDAY, MONDAY]
    assert all(at(TUESDAY, 0) <= piece.starts_at < at(TUESDAY, 2) for piece in placement.pieces)
    assert broken_rules(lessons(2), week, placement) == []


def test_the_night_after_sunday_is_this_weeks_and_the_night_before_monday_last_weeks() -> None:
    week = replace(WEEK, windows=(Window(1, 0, 120),))
    assert [piece.starts_at.date() for piece in place(lessons(1), week).pieces] == [SUNDAY + timedelta(days=1)]
    assert [day.day for day in free_days(week) if day.free_minutes] == [SUNDAY]


def test_a_session_may_cross_midnight_but_not_the_start_of_the_day() -> None:
    week = replace(WEEK, windows=(Window(1, 1410, 1440), Window(2, 0, 15)))
    assert [piece.starts_at for piece in place(lessons(1), week).pieces] == [at(MONDAY, 23, 30)]
    around_four = replace(WEEK, windows=(Window(2, 210, 270),), now=at(MONDAY, 23))
    assert {piece.minutes for piece in place(lessons(1, 60), around_four).pieces} == {30}


def test_the_minutes_of_the_night_count_on_the_evening_before_it() -> None:
    there = (Busy(at(TUESDAY, 1), 90, MONDAY, "Math"),)
    week = replace(WEEK, busy=there)
    assert [day.left_minutes for day in free_days(week)[:2]] == [30, 120]


def test_a_students_own_late_hours_come_first() -> None:
    week = replace(WEEK, windows=NIGHTS, habit_hours=(0, 0, 0, 1))
    assert {piece.starts_at.hour for piece in place(lessons(4), week).pieces} == {0}
    by_midnight = replace(week, day_starts_at=0, now=at(MONDAY, 0))
    assert {piece.starts_at.hour for piece in place(lessons(4), by_midnight).pieces} <= {22, 23}


def test_the_evening_comes_before_the_night_where_no_hours_are_known() -> None:
    week = replace(WEEK, windows=tuple(Window(day, 0, 1440) for day in range(1, 8)), daily_minutes=960)
    assert min(piece.starts_at.hour for piece in place(lessons(20, 45), week).pieces) >= 6
    assert {piece.starts_at.hour for piece in place(lessons(1), replace(week, windows=NIGHTS)).pieces} <= {22, 23, 0, 1}


def test_what_prepares_for_an_exam_ends_before_the_students_day_of_it_begins() -> None:
    week = replace(WEEK, windows=NIGHTS, exams=(Exam("Biology", TUESDAY),))
    placement = place(lessons(2), week)
    assert {piece.day for piece in placement.pieces} == {MONDAY}
    at_two = replace(week, now=at(TUESDAY, 0))
    assert [piece.starts_at >= at_two.now for piece in place(lessons(1), at_two).pieces] == [True]
    assert place(lessons(1), replace(at_two, windows=(Window(2, 480, 600),))).obstacle is Obstacle.EXAM


def test_a_day_start_that_a_clock_change_skips_or_repeats_keeps_every_minute_on_its_day() -> None:
    wrong = []
    for name, monday in (
        ("Europe/Berlin", date(2026, 3, 23)),
        ("Europe/Berlin", date(2026, 10, 19)),
        ("Australia/Lord_Howe", date(2026, 3, 30)),
        ("Australia/Lord_Howe", date(2026, 9, 28)),
        ("America/Santiago", date(2026, 8, 31)),
        ("America/Santiago", date(2026, 3, 30)),
        ("Pacific/Apia", date(2011, 12, 26)),
    ):
        tz = zone(name)
        for starts_at in (30, 105, 135, 150, 153, 240):
            windows = tuple(Window(day, 0, 1440) for day in range(1, 8))
            week = Week(monday, datetime(2000, 1, 1, tzinfo=UTC), tz, windows, 960, 45, day_starts_at=starts_at)
            for day in free_days(week):
                for span in day.layout.spans:
                    minutes = (
                        day.instant(span.start) + timedelta(minutes=n) for n in range(5 * (span.end - span.start))
                    )
                    wrong += [(name, at) for at in minutes if local_day(at, tz, starts_at) != day.day]
            hours = sum(span.end - span.start for day in free_days(week) for span in day.layout.spans) / 12
            if not 7 * 24 - 27 <= hours <= 7 * 24 + 1:
                wrong.append((name, at_minute(monday, starts_at, tz)))
    assert wrong == []


def test_nothing_is_placed_on_a_day_off_and_nothing_suggested_for_it() -> None:
    only_tuesdays = replace(WEEK, windows=(Window(2, 840, 1200),), days_off=frozenset({TUESDAY}))
    placement = place(lessons(2), only_tuesdays)
    assert (placement.pieces, placement.obstacle) == ((), Obstacle.NO_WINDOWS)
    assert placement.note.startswith("The study time that is left in this week lies on your days off. Take one")
    assert placement.suggestion is not None
    assert placement.suggestion.window is not None
    assert placement.suggestion.window.weekday != 2
    assert {item.reason.text for item in placement.unplaced} == {
        "The study time that is left in this week lies on your days off."
    }


def test_a_week_that_is_wholly_off_has_no_suggestion_of_a_window() -> None:
    off = replace(WEEK, days_off=frozenset(MONDAY + timedelta(days=day) for day in range(7)))
    placement = place(lessons(2), off)
    assert (placement.obstacle, placement.suggestion) == (Obstacle.NO_WINDOWS, None)
    assert "days off" in placement.note


def test_days_off_are_named_only_where_they_are_in_the_way() -> None:
    exam = replace(WEEK, exams=(Exam("Biology", TUESDAY),), windows=(Window(3, 840, 1200),))
    note = place(lessons(1), replace(exam, days_off=frozenset({SUNDAY}))).note
    assert note.startswith("There is no free study time before the Biology exam")
    before = replace(exam, windows=(Window(1, 840, 1200), Window(3, 840, 1200)), days_off=frozenset({MONDAY}))
    assert "days off" in place(lessons(1), before).note


def test_a_session_on_a_day_that_is_off_now_moves_to_another() -> None:
    def movable(number: int, day: date) -> Movable:
        return Movable(UUID(int=number), f"Unit {number}", "Biology", 45, at(day, 15))

    week = replace(WEEK, days_off=frozenset({TUESDAY}))
    moves = place_again([movable(1, MONDAY), movable(2, TUESDAY)], week).moves
    assert [move.kept for move in moves] == [True, False]
    assert moves[1].day not in (MONDAY, TUESDAY)
    off = replace(week, days_off=frozenset(MONDAY + timedelta(days=day) for day in range(7)))
    (impossible,) = place_again([movable(1, MONDAY)], off).impossible
    assert impossible.reason.code is ReasonCode.NO_TIME_LEFT
    assert impossible.reason.text == (
        "The study time that is left in this week lies on your days off."
        " Add study time, make it shorter, or move it yourself."
    )
