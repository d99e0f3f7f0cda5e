"""The free time of a week: each local day as cells of five minutes, cut into spans by availability, now and what is
there already.

A cell is open when the wall clock shows a time inside the day's availability throughout. Cells count real time, so a
day of 23 or 25 hours just has fewer or more of them, and nothing after this file knows about clocks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from schediora.localtime import MINUTES_A_DAY, START_MARK_MINUTES, at_minute, round_up, week_days
from schediora.planner.scheduler.objective import evening_cost
from schediora.planner.scheduler.problem import Week, topic_key

CELL = timedelta(minutes=START_MARK_MINUTES)

Range = tuple[int, int]
"""From the first, to but not with the second."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A session next to a span of free time: the cell where it ends (on the left) or starts (on the right), and its
    topic.
    """

    cell: int
    topic: str


@dataclass(frozen=True, slots=True)
class Span:
    """Free cells `start` to `end` (exclusive) of a day. No session lies between two spans of one `stretch`."""

    start: int
    end: int
    left: Neighbour | None
    right: Neighbour | None
    stretch: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What packing a day depends on. Days with equal layouts are packed alike. `evening` sums the evening cost of the
    cells before each.
    """

    spans: tuple[Span, ...]
    evening: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of the week: cell 0 starts at `origin`, the `first`-th cell of the week. Minutes are those within
    the daily limit.
    """

    index: int
    day: date
    origin: datetime
    first: int
    layout: Layout
    busy_minutes: int
    left_minutes: int

    def instant(self, cell: int) -> datetime:
        """Return the instant (UTC) at which a cell of this day starts."""
        return self.origin + cell * CELL

    @property
    def free_minutes(self) -> int:
        """Return how many minutes can still be placed on this day."""
        free = sum(span.end - span.start for span in self.layout.spans) * START_MARK_MINUTES
        return min(free, self.left_minutes)


def free_days(week: Week) -> tuple[Day, ...]:
    """Return the seven days of `week` with their free time from `now` on."""
    return tuple(_free_day(week, index, day) for index, day in enumerate(week_days(week.monday)))


def _free_day(week: Week, index: int, day: date) -> Day:
    origin = round_up(at_minute(day, 0, week.tz))
    clock = _wall_minutes(day, origin, week.tz)
    windows = _merged([(window.start, window.end) for window in week.windows if window.weekday == day.isoweekday()])
    sessions = _sessions(week, origin, len(clock))
    past = -((origin - week.now) // CELL)
    free = _without(_open_cells(clock, windows), [(0, past), *((start, end) for start, end, _ in sessions)])
    busy_minutes = sum(busy.minutes for busy in week.busy if busy.day == day)
    return Day(
        index=index,
        day=day,
        origin=origin,
        first=(origin - at_minute(week.monday, 0, week.tz)) // CELL,
        layout=Layout(tuple(_span(start, end, sessions) for start, end in free), _evening(tuple(clock))),
        busy_minutes=busy_minutes,
        left_minutes=max(0, week.daily_minutes - busy_minutes),
    )


def _wall_minutes(day: date, origin: datetime, tz: ZoneInfo) -> Sequence[int]:
    """Return the minute of the day that the clock shows at the start of each cell (-1 where it shows another day)."""
    cells = (at_minute(day, MINUTES_A_DAY, tz) - origin) // CELL
    first, last = origin.astimezone(tz), (origin + (cells - 1) * CELL).astimezone(tz)
    if first.utcoffset() == last.utcoffset() and first.hour == first.minute == 0:
        return range(0, cells * START_MARK_MINUTES, START_MARK_MINUTES)
    walls = [(origin + cell * CELL).astimezone(tz) for cell in range(cells)]
    return [wall.hour * 60 + wall.minute if wall.date() == day else -1 for wall in walls]


@lru_cache(maxsize=64)
def _evening(clock: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(accumulate(map(evening_cost, clock), initial=0))


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """Return ranges in order, with those that touch or overlap made one, and without empty ones."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _open_cells(clock: Sequence[int], windows: Sequence[Range]) -> list[Range]:
    """Return the cells during which the clock shows times inside the windows throughout."""
    mark = START_MARK_MINUTES
    if isinstance(clock, range):
        return _merged((-(-start // mark), min(end // mark, len(clock))) for start, end in windows)
    return _merged(
        (cell, cell + 1)
        for cell, minute in enumerate(clock)
        if any(start <= minute and minute + mark <= end for start, end in windows)
    )


def _without(ranges: Sequence[Range], taken: Iterable[Range]) -> list[Range]:
    left: list[Range] = []
    blocks = _merged(taken)
    for begin, end in ranges:
        start = begin
        for first, last in blocks:
            if first >= end:
                break
            if start < first:
                left.append((start, first))
            start = max(start, last)
        if start < end:
            left.append((start, end))
    return left


def _sessions(week: Week, origin: datetime, cells: int) -> list[tuple[int, int, str]]:
    """Return the cells that sessions already there take up on a day: first, one past the last, topic; by time."""
    found = []
    for busy in week.busy:
        start = (busy.starts_at - origin) // CELL
        end = -((origin - busy.starts_at - timedelta(minutes=busy.minutes)) // CELL)
        if start < cells and end > 0:
            found.append((max(start, 0), min(end, cells), topic_key(busy.topic)))
    return sorted(found)


def _span(start: int, end: int, sessions: Sequence[tuple[int, int, str]]) -> Span:
    before = [(last, first, topic) for first, last, topic in sessions if first < start]
    after = [(first, last, topic) for first, last, topic in sessions if first >= start]
    left, right = max(before, default=None), min(after, default=None)
    return Span(
        start=start,
        end=end,
        left=Neighbour(left[0], left[2]) if left else None,
        right=Neighbour(right[0], right[2]) if right else None,
        stretch=len(before),
    )
