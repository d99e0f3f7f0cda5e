"""What the wall clock shows in each cell of five minutes of a student's day, and what studying then costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from schediora.localtime import MINUTES_A_DAY, START_MARK_MINUTES, at_minute
from schediora.planner.scheduler.objective import evening_cost, habit_costs, starting_cost

CELL = timedelta(minutes=START_MARK_MINUTES)


@dataclass(frozen=True, slots=True)
class Hours:
    """What the hours of a day cost: `evening` sums the evening cost of the cells before each, `starting` is the cost of
    each cell of a session that starts in a cell, and `drops` are the cells at which that falls.
    """

    evening: tuple[int, ...]
    starting: tuple[int, ...]
    drops: tuple[int, ...]


def wall_minutes(day: date, origin: datetime, tz: ZoneInfo, starts_at: int) -> Sequence[int]:
    """Return the minute of the student's `day` that the clock shows at the start of each cell (-1 where it shows
    another day's).
    """
    cells = (at_minute(day, starts_at + MINUTES_A_DAY, tz) - origin) // CELL
    first, last = origin.astimezone(tz), (origin + (cells - 1) * CELL).astimezone(tz)
    begins = _minute_of(first, day, starts_at)
    if first.utcoffset() == last.utcoffset() and begins >= 0:
        return range(begins, begins + cells * START_MARK_MINUTES, START_MARK_MINUTES)
    return [_minute_of((origin + cell * CELL).astimezone(tz), day, starts_at) for cell in range(cells)]


def _minute_of(wall: datetime, day: date, starts_at: int) -> int:
    """Return the minute of the student's `day` at which the clock shows `wall`, -1 when that is another day's."""
    minute = (wall.date() - day).days * MINUTES_A_DAY + wall.hour * 60 + wall.minute
    return minute if starts_at <= minute < starts_at + MINUTES_A_DAY else -1


@lru_cache(maxsize=64)
def hours_of(clock: tuple[int, ...], habit_hours: tuple[int, ...], starts_at: int) -> Hours:
    """Return what the hours of a day cost whose cells start at the minutes `clock`, when the student's done sessions
    started in `habit_hours` and their day starts at the minute `starts_at`.
    """
    if habit_hours:
        costs = habit_costs(habit_hours, starts_at)
        evening = [0] * len(clock)
        starting = [costs[minute // 60 % 24] for minute in clock]
    else:
        evening = [evening_cost(minute) for minute in clock]
        starting = [starting_cost(minute) for minute in clock]
    drops = [cell for cell in range(1, len(clock)) if starting[cell] < starting[cell - 1]]
    return Hours(tuple(accumulate(evening, initial=0)), tuple(starting), tuple(drops))
