"""Days in a row with a completion. A day off adds to a streak only when something was completed on it, and never breaks
one: who rests on Sundays has not stopped.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from schediora.dashboard.queries import days_with_a_completion
from schediora.users.queries import Rest

BEST_OF_DAYS = 366
"""The best streak is that of a year."""
_STUDENTS = 4096
_DAY = timedelta(days=1)

IsOff = Callable[[date], bool]
Read = Callable[[date, date], Collection[date]]
"""From the first and the last of some local days to those of them that have a completion."""


def streak_days(today: date, known: Collection[date], known_from: date, is_off: IsOff, read: Read) -> int:
    """Return how many local days in a row have a completion that end today, or yesterday while nothing is done today.

    `known` are the days with a completion since `known_from`. Earlier ones are `read` only while the row goes on, twice
    as many days each time: there are so few days off that it always ends.
    """
    day = today if today in known else today - _DAY
    look_back, streak = today - known_from, 0
    while day in known or is_off(day):
        streak += day in known
        day -= _DAY
        if day < known_from:
            look_back *= 2
            known_from -= look_back
            known = read(known_from, day)
    return streak


def longest(done: Collection[date], first: date, today: date, is_off: IsOff) -> int:
    """Return the most days in a row of those `done` from `first` to `today`, which is not over yet. Pure."""
    best = row = 0
    before = first
    for day in sorted(day for day in done if first <= day <= today):
        row = row + 1 if _only_off(before, day, is_off) else 1
        best = max(best, row)
        before = day + _DAY
    return best


def _only_off(first: date, end: date, is_off: IsOff) -> bool:
    """Tell whether all days from `first` up to `end`, which is not one of them, are off."""
    while first < end:
        if not is_off(first):
            return False
        first += _DAY
    return True


@lru_cache(maxsize=_STUDENTS)
def best_streak_days(user_id: UUID, today: date, _recent: frozenset[date], rest: Rest, _revision: int) -> int:
    """Return the longest streak of the last `BEST_OF_DAYS` days.

    It reads a year, so it is kept: until the `_recent` days with a completion change, or the `_revision` of the planner
    does, which stands for the earlier ones.
    """
    first = today - (BEST_OF_DAYS - 1) * _DAY
    return longest(days_with_a_completion(user_id, first, today), first, today, rest.is_off)
