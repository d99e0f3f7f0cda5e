"""What a suggestion says: a change of a certain size, and no smaller one makes room."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler.placement import Change, Exam, Kind, Step, Suggestion, Week, Window, place

MONDAY = date(2026, 11, 23)
UTC = zone("UTC")


def a_week(*windows: Window, daily_minutes: int = 120, session_minutes: int = 45) -> Week:
    return Week(MONDAY, at_minute(MONDAY, 0, UTC), UTC, windows, daily_minutes, session_minutes)


def every_day(start: int, end: int) -> tuple[Window, ...]:
    return tuple(Window(weekday, start, end) for weekday in range(1, 8))


def steps(*minutes: int) -> list[Step]:
    return [Step(f"Step {number}", "", "Biology", Kind.PRACTICE, length) for number, length in enumerate(minutes)]


def suggested(week: Week, *minutes: int) -> Suggestion:
    suggestion = place(steps(*minutes), week).suggestion
    assert suggestion is not None
    return suggestion


def test_more_hours_a_day_come_in_half_hours_up_to_sixteen() -> None:
    day = Window(1, 480, 1320)
    assert suggested(a_week(day, daily_minutes=60), 45, 30) == Suggestion(
        Change.DAILY_HOURS, "With 1.5 hours of study a day, everything fits.", daily_minutes=90
    )
    assert suggested(a_week(day, daily_minutes=30), 45).daily_minutes == 60
    assert suggested(a_week(day, daily_minutes=100), 45, 45, 15).daily_minutes == 120
    whole = a_week(Window(1, 0, 1440), daily_minutes=930, session_minutes=180)
    assert suggested(whole, *[160] * 6).daily_minutes == 960
    longest = replace(whole, daily_minutes=960)
    fuller = place(steps(*[165] * 6), longest)
    assert fuller.unplaced
    assert fuller.suggestion is None or fuller.suggestion.daily_minutes is None


def test_a_window_ends_later_before_it_starts_earlier() -> None:
    assert suggested(a_week(Window(1, 600, 630)), 45) == Suggestion(
        Change.WINDOW,
        "With time to study from 10:00 to 11:00 on Monday, everything fits.",
        window=Window(1, 600, 660),
        replaces=Window(1, 600, 630),
    )


def test_a_window_that_ends_at_midnight_starts_earlier() -> None:
    assert suggested(a_week(Window(1, 1410, 1440)), 45) == Suggestion(
        Change.WINDOW,
        "With time to study from 23:00 to 24:00 on Monday, everything fits.",
        window=Window(1, 1380, 1440),
        replaces=Window(1, 1410, 1440),
    )


def test_of_two_windows_the_last_ends_later_and_the_first_starts_earlier_but_not_before_six() -> None:
    first, last = Window(1, 390, 420), Window(1, 1420, 1440)
    assert suggested(a_week(last, first), 50).window == Window(1, 360, 420)
    earliest = a_week(Window(1, 360, 420), Window(1, 1380, 1440), session_minutes=90)
    found = place(steps(90), earliest).suggestion
    assert found is None or found.window != Window(1, 330, 420)


def test_a_day_without_a_window_gets_one_that_ends_at_eight_in_the_evening() -> None:
    week = replace(a_week(Window(1, 600, 615), daily_minutes=240), now=at_minute(MONDAY + timedelta(days=6), 0, UTC))
    assert suggested(week, 45) == Suggestion(
        Change.WINDOW,
        "With time to study from 19:00 to 20:00 on Sunday, everything fits.",
        window=Window(7, 19 * 60, 20 * 60),
        replaces=None,
    )


def test_no_change_is_suggested_for_a_day_that_is_over() -> None:
    wednesday = at_minute(MONDAY + timedelta(days=2), 0, UTC)
    window = suggested(replace(a_week(*every_day(600, 615)), now=wednesday), 30, 30, 30).window
    assert window == Window(3, 600, 645)


def test_a_paper_that_is_never_split_asks_for_longer_sessions_not_shorter_ones() -> None:
    paper = Step("A paper", "", "Biology", Kind.MOCK, 90, whole=True)
    placement = place([*steps(45), paper], a_week(*every_day(600, 900)))
    assert [unplaced.title for unplaced in placement.unplaced] == ["A paper"]
    assert placement.suggestion == Suggestion(
        Change.SESSION_MINUTES, "With sessions of up to 90 minutes, everything fits.", session_minutes=90
    )


def changes(week: Week) -> Iterator[tuple[int, Week]]:
    """Every single change of a week, with its size in minutes."""
    for minutes in range(30, 961, 30):
        if minutes > week.daily_minutes:
            yield minutes - week.daily_minutes, replace(week, daily_minutes=minutes)
    for minutes in range(week.session_minutes + 5, 181, 5):
        yield minutes - week.session_minutes, replace(week, session_minutes=minutes)
    for weekday in range(1, 8):
        own = [window for window in week.windows if window.weekday == weekday]
        others = tuple(window for window in week.windows if window.weekday != weekday)
        for size in range(30, 1441, 30):
            if not own and size <= 840:
                yield size, replace(week, windows=(*others, Window(weekday, 1200 - size, 1200)))
            for window in own:
                if window.end + size <= 1440:
                    yield size, replace(week, windows=(*others, Window(weekday, window.start, window.end + size)))
                if window.start - size >= 360:
                    yield size, replace(week, windows=(*others, Window(weekday, window.start - size, window.end)))


@pytest.mark.parametrize(
    ("week", "minutes"),
    [
        (a_week(Window(1, 480, 540), daily_minutes=240), [45] * 5),
        (a_week(*every_day(600, 640)), [40] * 8),
        (a_week(*every_day(600, 620), daily_minutes=60), [40, 40, 40, 40]),
        (a_week(Window(3, 900, 945), daily_minutes=30, session_minutes=30), [30, 30]),
        (replace(a_week(*every_day(600, 660)), exams=(Exam("Biology", MONDAY + timedelta(days=1)),)), [45, 45]),
    ],
)
def test_no_smaller_change_makes_room(week: Week, minutes: list[int]) -> None:
    suggestion = suggested(week, *minutes)
    match suggestion.change:
        case Change.DAILY_HOURS:
            size = (suggestion.daily_minutes or 0) - week.daily_minutes
        case Change.SESSION_MINUTES:
            size = (suggestion.session_minutes or 0) - week.session_minutes
        case Change.WINDOW:
            new, old = suggestion.window, suggestion.replaces
            assert new is not None
            size = new.end - new.start - (old.end - old.start if old else 0)
    assert [
        size_of for size_of, changed in changes(week) if size_of < size and not place(steps(*minutes), changed).unplaced
    ] == []
