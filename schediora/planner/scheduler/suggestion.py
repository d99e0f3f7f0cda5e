"""The one change of preferences that would make everything fit, the smallest first."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from schediora.localtime import MINUTES_A_DAY, START_MARK_MINUTES, local_day, week_days
from schediora.planner.scheduler.problem import (
    LONGEST_DAY_MINUTES,
    LONGEST_SESSION_MINUTES,
    SHORTEST_SESSION_MINUTES,
    Change,
    Suggestion,
    Week,
    Window,
)

NO_SINGLE_CHANGE = "No single change of hours, availability or session length makes room for everything in this week."

_STEP = 30
"""Hours and availability change by half an hour at a time."""

_EARLIEST, _LATEST = 6 * 60, MINUTES_A_DAY
_NEW_WINDOW_END = 20 * 60
"""A weekday with no availability gets a window that ends at 20:00."""


@dataclass(frozen=True, slots=True)
class _Sized:
    """A change and its size in minutes."""

    size: int
    suggestion: Suggestion


def smallest_change(week: Week, fits: Callable[[Week], bool]) -> Suggestion | None:
    """Return the smallest change with which `fits` says yes, or None when no single one does.

    A change is measured in minutes: of study a day, of availability on one weekday, or of the longest session. Among
    equal ones more daily hours come first, then a window, then the session length.
    """

    def helps(change: _Sized) -> bool:
        return fits(with_change(week, change.suggestion))

    best: _Sized | None = None
    for changes in (_more_hours(week), *_more_availability(week)):
        smaller = [change for change in changes if best is None or change.size < best.size]
        if smaller and helps(smaller[-1]):
            best = smaller[bisect_left(smaller, True, key=helps)]
    for change in _other_lengths(week):
        if (best is None or change.size < best.size) and helps(change):
            best = change
    return None if best is None else best.suggestion


def with_change(week: Week, suggestion: Suggestion) -> Week:
    """Return `week` as it is when the student follows `suggestion`."""
    if suggestion.daily_minutes is not None:
        return replace(week, daily_minutes=suggestion.daily_minutes)
    if suggestion.session_minutes is not None:
        return replace(week, session_minutes=suggestion.session_minutes)
    if suggestion.window is None:
        return week
    others = tuple(window for window in week.windows if window != suggestion.replaces)
    return replace(week, windows=(*others, suggestion.window))


def _more_hours(week: Week) -> list[_Sized]:
    """Return longer days, by half hours up to the longest that preferences allow; each fits whatever a shorter one
    fits.
    """
    first = (week.daily_minutes // _STEP + 1) * _STEP
    return [
        _Sized(
            minutes - week.daily_minutes,
            Suggestion(
                Change.DAILY_HOURS, f"With {_hours(minutes)} of study a day, everything fits.", daily_minutes=minutes
            ),
        )
        for minutes in range(first, LONGEST_DAY_MINUTES + 1, _STEP)
    ]


def _more_availability(week: Week) -> Iterator[list[_Sized]]:
    """Yield, for each weekday that is left, ever wider windows: later into the evening, earlier in the morning, or a
    new one.
    """
    today = local_day(week.now, week.tz)
    for day in week_days(week.monday):
        weekday = day.isoweekday()
        windows = [window for window in week.windows if window.weekday == weekday]
        if day < today:
            continue
        if not windows:
            yield [
                _widened(day, None, minutes, _NEW_WINDOW_END - minutes, _NEW_WINDOW_END)
                for minutes in _steps(_NEW_WINDOW_END - _EARLIEST)
            ]
            continue
        last, first = max(windows, key=lambda window: window.end), min(windows, key=lambda window: window.start)
        yield [_widened(day, last, minutes, last.start, last.end + minutes) for minutes in _steps(_LATEST - last.end)]
        yield [
            _widened(day, first, minutes, first.start - minutes, first.end)
            for minutes in _steps(first.start - _EARLIEST)
        ]


def _other_lengths(week: Week) -> list[_Sized]:
    """Return other longest sessions, the nearest first: shorter ones fit into smaller gaps, longer ones need less
    rounding.
    """
    marks = range(SHORTEST_SESSION_MINUTES, LONGEST_SESSION_MINUTES + 1, START_MARK_MINUTES)
    nearest_first = sorted(marks, key=lambda minutes: abs(minutes - week.session_minutes))
    return [
        _Sized(
            abs(minutes - week.session_minutes),
            Suggestion(
                Change.SESSION_MINUTES,
                f"With sessions of up to {minutes} minutes, everything fits.",
                session_minutes=minutes,
            ),
        )
        for minutes in nearest_first
        if minutes != week.session_minutes
    ]


def _steps(most: int) -> range:
    return range(_STEP, most + 1, _STEP)


def _widened(day: date, window: Window | None, size: int, start: int, end: int) -> _Sized:
    text = f"With time to study from {_clock(start)} to {_clock(end)} on {day:%A}, everything fits."
    return _Sized(size, Suggestion(Change.WINDOW, text, window=Window(day.isoweekday(), start, end), replaces=window))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _hours(minutes: int) -> str:
    return "1 hour" if minutes == 60 else f"{minutes / 60:g} hours"
