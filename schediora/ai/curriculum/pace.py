"""How many new units a week must hold so that all of them are learned in time."""

from datetime import date
from math import ceil

from schediora.localtime import DAYS_A_WEEK
from schediora.memory.state import LAST_WEEK_DAYS

_WITHOUT_EXAM = 2
_WITHOUT_EXAM_MINUTES = 120
_FURTHER_MINUTES = 60


def whole_weeks_left(first: date, exam: date) -> int:
    """Return the whole weeks from the day `first` to the last seven days before `exam`."""
    return max(0, ((exam - first).days - LAST_WEEK_DAYS) // DAYS_A_WEEK)


def units_a_week(left: int, first: date, exam: date | None, daily_minutes: int, kept: float = 1.0) -> int:
    """Return how many of the `left` units to begin in a whole week that starts on `first`.

    With an exam they are spread over the whole weeks before its last seven days, and none may be left over: who keeps
    only the share `kept` of their lessons is given more of them. Without one it is two a week up to two hours a day,
    and one more for each further hour.
    """
    if exam:
        weeks = whole_weeks_left(first, exam) - (kept < 1)
        return min(left, ceil(left / max(1, weeks) / kept))
    return min(left, _WITHOUT_EXAM + max(0, daily_minutes - _WITHOUT_EXAM_MINUTES) // _FURTHER_MINUTES)


def units_now(left: int, first: date, days: int, exam: date | None, daily_minutes: int, kept: float = 1.0) -> int:
    """Return how many of the `left` units to begin in what is left of a week, `days` days from `first` on."""
    pace = units_a_week(left, first, exam, daily_minutes, kept)
    if exam and whole_weeks_left(first, exam) < 1:
        return pace
    return min(left, ceil(pace * min(days, DAYS_A_WEEK) / DAYS_A_WEEK))
