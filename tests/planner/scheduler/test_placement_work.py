"""How much the search may do is bounded, whatever a student's preferences are: counted, as time differs by machine."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler import free_time, selection, set_selection
from schediora.planner.scheduler.day_packing import DayPacker
from schediora.planner.scheduler.placement import Busy, Exam, Kind, Movable, Step, Week, Window, place, place_again
from schediora.planner.scheduler.week_search import WeekSearch
from tests.planner.scheduler.placement_rules import broken_by_moves, broken_rules

MONDAY = date(2026, 11, 23)
UTC = zone("UTC")
BEGINS = at_minute(MONDAY, 0, UTC)
KINDS: list[Kind] = [Kind.LEARN, Kind.PRACTICE, Kind.RECALL, Kind.LEARN, Kind.REVIEW, Kind.MOCK]
ALL_DAY = [(0, 1440)]
MANY_GAPS = [(hour * 60, hour * 60 + 45) for hour in range(5, 23, 2)]


def week(windows: Iterable[tuple[int, int]], daily_minutes: int, session_minutes: int) -> Week:
    days = tuple(Window(weekday, start, end) for weekday in range(1, 8) for start, end in windows)
    return Week(MONDAY, BEGINS, UTC, days, daily_minutes, session_minutes)


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the places that are tried in choosing and inside a day, and the runs that are put on a day."""
    counted: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def counting(*args: Any) -> Any:
            counted[name] += 1
            return original(*args)

        monkeypatch.setattr(owner, name, counting)

    count(selection, "first_fit")
    count(set_selection, "first_fit")
    count(free_time, "topic_key")
    count(free_time, "_spans")
    count(DayPacker, "_at")
    count(WeekSearch, "_spacing")
    return counted


@pytest.mark.parametrize("topics", range(1, 7))
@pytest.mark.parametrize(("windows", "daily_minutes"), [(ALL_DAY, 120), (ALL_DAY, 960), (MANY_GAPS, 240)])
@pytest.mark.parametrize("first_day", [-1, 0])
def test_placing_forty_sessions_again_is_bounded(
    tries: Counter[str], topics: int, windows: list[tuple[int, int]], daily_minutes: int, first_day: int
) -> None:
    frame = replace(week(windows, daily_minutes, 45), exams=(Exam("Topic 0", MONDAY + timedelta(days=5)),))
    sessions = [
        Movable(
            id=UUID(int=number + 1),
            title=f"Session {number}",
            topic=f"Topic {number % topics}",
            minutes=15 + 5 * (number * 7 % 11),
            starts_at=BEGINS + timedelta(days=first_day, hours=number * 5 % (24 if first_day else 168)),
            kind=KINDS[number // topics % len(KINDS)],
        )
        for number in range(40)
    ]
    moves = place_again(sessions, frame)
    assert broken_by_moves(sessions, frame, moves) == []
    assert tries["first_fit"] < 60_000
    assert tries["_at"] < 40_000
    assert tries["_spacing"] < 300_000


@pytest.mark.parametrize("topics", [1, 2, 4])
@pytest.mark.parametrize("windows", [ALL_DAY, MANY_GAPS])
@pytest.mark.parametrize("daily_minutes", [60, 240, 960])
def test_placing_the_longest_outline_in_the_shortest_sessions_is_bounded(
    tries: Counter[str], topics: int, windows: list[tuple[int, int]], daily_minutes: int
) -> None:
    frame = week(windows, daily_minutes, 15)
    steps = [
        Step(f"Step {number}", "What to do", f"Topic {number % topics}", KINDS[number // topics % len(KINDS)], 240)
        for number in range(10)
    ]
    placement = place(steps, frame)
    assert broken_rules(steps, frame, placement) == []
    assert tries["first_fit"] < 60_000
    assert tries["_at"] < 40_000
    assert tries["_spacing"] < 300_000


@pytest.mark.parametrize("sessions_there", [500, 2_500])
@pytest.mark.parametrize("minutes", [15, 20, 45])
def test_placing_again_in_the_fullest_week_looks_at_what_is_there_once(
    tries: Counter[str], sessions_there: int, minutes: int
) -> None:
    every = 7 * 1440 // 500
    starts = [BEGINS + timedelta(minutes=number * every % (7 * 1440)) for number in range(sessions_there)]
    there = tuple(Busy(at, minutes, at.date(), f"Topic {number % 5}") for number, at in enumerate(starts))
    frame = replace(week(ALL_DAY, 960, 45), busy=there)
    sessions = [
        Movable(UUID(int=number + 1), "Missed", f"Topic {number % 3}", 15, BEGINS - timedelta(hours=number))
        for number in range(40)
    ]
    moves = place_again(sessions, frame)
    assert broken_by_moves(sessions, frame, moves) == []
    assert tries["topic_key"] <= sessions_there + 7 + 40 * 40
    assert tries["_spans"] < 500
    assert tries["first_fit"] < 60_000
    assert tries["_at"] < 40_000
    assert tries["_spacing"] < 300_000
