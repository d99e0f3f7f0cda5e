"""The one change of preferences that would make everything fit, the smallest first."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from schediora.localtime import MINUTES_A_DAY, START_MARK_MINUTES, week_days
from schediora.planner.scheduler.problem import (
    LONGEST_DAY_MINUTES,
    LONGEST_SESSION_MINUTES,
    Change,
    Suggestion,
    Week,
    Window,
)
from schediora.planner.scheduler.sentences import Phrase, sentence

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


def smallest_change(week: Week, fits: Callable[[Week], bool], *, lengths_matter: bool = True) -> Suggestion | None:
    """Return the smallest change with which `fits` says yes, or None when no single one does.

    A change is measured in minutes: of study a day, of availability on one weekday, or, where `lengths_matter`, of the
    longest session. Among equal ones more daily hours come first, then a window, then the session length. No window is
    on a day off.
    """

    def helps(change: _Sized) -> bool:
        return fits(with_change(week, change.suggestion))

    best: _Sized | None = None
    for changes in (_more_hours(week), *_more_availability(week)):
        smaller = [change for change in changes if best is None or change.size < best.size]
        if smaller and helps(smaller[-1]):
            best = smaller[bisect_left(smaller, True, key=helps)]
    for change in _longer_sessions(week) if lengths_matter else ():
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
                Change.DAILY_HOURS,
                sentence(Phrase.MORE_HOURS, week.language, minutes=minutes),
                daily_minutes=minutes,
            ),
        )
        for minutes in range(first, LONGEST_DAY_MINUTES + 1, _STEP)
    ]


def _more_availability(week: Week) -> Iterator[list[_Sized]]:
    """Yield, for each weekday that is left and not off, ever wider windows: later into the evening, earlier in the
    morning, or a new one.
    """
    today = week.today
    for day in week_days(week.monday):
        weekday = day.isoweekday()
        if day < today or day in week.days_off:
            continue
        # What ends before the student's day starts is the night of the day before.
        windows = [window for window in week.windows if window.weekday == weekday and window.end > week.day_starts_at]
        if not windows:
            yield [
                _widened(day, None, minutes, _NEW_WINDOW_END - minutes, _NEW_WINDOW_END, week.language)
                for minutes in _steps(_NEW_WINDOW_END - _EARLIEST)
            ]
            continue
        last, first = max(windows, key=lambda window: window.end), min(windows, key=lambda window: window.start)
        yield [
            _widened(day, last, minutes, last.start, last.end + minutes, week.language)
            for minutes in _steps(_LATEST - last.end)
        ]
        yield [
            _widened(day, first, minutes, first.start - minutes, first.end, week.language)
            for minutes in _steps(first.start - _EARLIEST)
        ]


def _longer_sessions(week: Week) -> list[_Sized]:
    """Return longer sessions, the nearest first: they hold what is never split. Shorter ones would hold no more, as
    steps are split where free time is short.
    """
    first = (week.session_minutes // START_MARK_MINUTES + 1) * START_MARK_MINUTES
    return [
        _Sized(
            minutes - week.session_minutes,
            Suggestion(
                Change.SESSION_MINUTES,
                sentence(Phrase.OTHER_LENGTH, week.language, minutes=minutes),
                session_minutes=minutes,
            ),
        )
        for minutes in range(first, LONGEST_SESSION_MINUTES + 1, START_MARK_MINUTES)
    ]


def _steps(most: int) -> range:
    return range(_STEP, most + 1, _STEP)


def _widened(day: date, window: Window | None, size: int, start: int, end: int, language: str) -> _Sized:
    text = sentence(Phrase.WIDER_WINDOW, language, day=day, start=start, end=end)
    return _Sized(size, Suggestion(Change.WINDOW, text, window=Window(day.isoweekday(), start, end), replaces=window))
