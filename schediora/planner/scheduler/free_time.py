"""The free time of a week: each local day as cells of five minutes, cut into spans by availability, now and what is
there already.

A cell is open when the wall clock shows a time inside the day's availability throughout. Cells count real time, so a
day of 23 or 25 hours just has fewer or more of them, and nothing after this file knows about clocks.

A day is the student's: it starts when they say (`Week.day_starts_at`) and lasts until the next one does. Its minutes
count from its own midnight, so that two in the night after it is its minute 1560; the windows of that night are those
of the next weekday.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from schediora.localtime import MINUTES_A_DAY, START_MARK_MINUTES, at_minute, round_up, week_days
from schediora.planner.scheduler.day_clock import CELL, Hours, hours_of, wall_minutes
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES, Busy, Week, topic_key

_SHORTEST_CELLS = SHORTEST_SESSION_MINUTES // START_MARK_MINUTES

Range = tuple[int, int]
"""From the first, to but not with the second."""

Taken = tuple[int, int, str]
"""What a session takes up of a day: its first cell, the one past its last, its topic as a key."""


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
    """What packing a day depends on. Days with equal layouts are packed alike. `hours` is what their hours cost."""

    spans: tuple[Span, ...]
    hours: Hours


@dataclass(frozen=True, slots=True)
class Day:
    """A student's day of the week: cell 0 starts at `origin`, the `first`-th cell of the week. Minutes are those within
    the daily limit; `sessions` are there already, by time.
    """

    index: int
    day: date
    origin: datetime
    first: int
    layout: Layout
    sessions: tuple[Taken, ...]
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
    return Calendar(week).days()


def free_minutes(week: Week) -> int:
    """Return how many minutes can still be placed in `week`, exams aside."""
    return sum(day.free_minutes for day in free_days(week))


def only_days_off(week: Week, days: Sequence[Day]) -> bool:
    """Tell whether the free `days` of `week` hold nothing more, and its days off would."""
    if not week.days_off or any(day.free_minutes for day in days):
        return False
    return free_minutes(replace(week, days_off=frozenset())) > 0


def with_room_for(days: Sequence[Day], cells: int) -> tuple[Day, ...]:
    """Return the days with those spans alone that take a session of `cells`: between many sessions most take none."""
    return tuple(
        replace(day, layout=replace(day.layout, spans=spans)) if len(spans) < len(day.layout.spans) else day
        for day in days
        for spans in [tuple(span for span in day.layout.spans if span.end - span.start >= cells)]
    )


class Calendar:
    """A week's free time, with what is there already put under its days once: more sessions cost their own days alone.

    Neither what it is made from nor what it answers is ever changed, so one serves every arrangement of a week.
    """

    def __init__(self, week: Week) -> None:
        self.week = week
        self._frames = [_Frame(week, index, day) for index, day in enumerate(week_days(week.monday))]
        self._days = tuple(frame.filled(frame.those_of(week.busy)) for frame in self._frames)

    def days(self, more: Sequence[Busy] = ()) -> tuple[Day, ...]:
        """Return the seven days with their free time from `now` on, when the sessions `more` are there as well."""
        found = []
        for frame, day in zip(self._frames, self._days, strict=True):
            here = frame.those_of(more)
            found.append(frame.filled(here, day) if here else day)
        return tuple(found)


class _Frame:
    """What of a day does not depend on its sessions: its cells, its open time that is not past, its limits."""

    def __init__(self, week: Week, index: int, day: date) -> None:
        starts_at = week.day_starts_at
        self._index, self._day, self._daily_minutes = index, day, week.daily_minutes
        self._origin = round_up(at_minute(day, starts_at, week.tz))
        self._first = (self._origin - round_up(at_minute(week.monday, starts_at, week.tz))) // CELL
        clock = wall_minutes(day, self._origin, week.tz, starts_at)
        self._cells = len(clock)
        self._end = self._origin + self._cells * CELL
        past = -((self._origin - week.now) // CELL)
        self._open = (
            []
            if day in week.days_off
            else _without(_open_cells(clock, _windows(week, day)), [(0, past), *self._cells_of(week.busy_times)])
        )
        self._hours = hours_of(tuple(clock), week.habit_hours, starts_at)
        self._cap = week.day_caps.get(day, week.daily_minutes)
        ends = week.day_ends.get(day, starts_at + MINUTES_A_DAY)
        self._late = [(cell, cell + 1) for cell, minute in enumerate(clock) if minute + START_MARK_MINUTES > ends]

    def _cells_of(self, stretches: Iterable[tuple[datetime, datetime]]) -> list[Range]:
        """Return the cells of the day that stretches touch."""
        return [
            (max((start - self._origin) // CELL, 0), min(-((self._origin - end) // CELL), self._cells))
            for start, end in stretches
            if start < self._end and self._origin < end
        ]

    def those_of(self, sessions: Iterable[Busy]) -> list[Busy]:
        """Return the sessions that count on this day or take up some of its time."""
        return [
            busy
            for busy in sessions
            if busy.day == self._day or (not busy.done and busy.starts_at < self._end and self._origin < _end(busy))
        ]

    def filled(self, sessions: Sequence[Busy], before: Day | None = None) -> Day:
        """Return the day with `sessions`, all of them its own, added to those of `before`."""
        there = before.sessions if before else ()
        taken = tuple(sorted([*there, *(found for busy in sessions if (found := self._taken(busy)))]))
        free = _without(self._open, [(start, end) for start, end, _ in taken])
        if self._late:
            early = _without(free, self._late)
            free = early if any(end - start >= _SHORTEST_CELLS for start, end in early) else free
        here = sum(busy.minutes for busy in sessions if busy.day == self._day)
        minutes = here + (before.busy_minutes if before else 0)
        return Day(
            index=self._index,
            day=self._day,
            origin=self._origin,
            first=self._first,
            layout=Layout(tuple(_spans(free, taken)), self._hours),
            sessions=taken,
            busy_minutes=minutes,
            left_minutes=max(0, min(self._daily_minutes - minutes, self._cap - (here if before else 0))),
        )

    def _taken(self, busy: Busy) -> Taken | None:
        start = (busy.starts_at - self._origin) // CELL
        end = -((self._origin - _end(busy)) // CELL)
        if busy.done or start >= self._cells or end <= 0:
            return None
        return max(start, 0), min(end, self._cells), topic_key(busy.topic)


def _end(busy: Busy) -> datetime:
    return busy.starts_at + timedelta(minutes=busy.minutes)


def _windows(week: Week, day: date) -> list[Range]:
    """Return when the student may study on their `day`, in its minutes: that evening's windows and that night's."""
    night = (day + timedelta(days=1)).isoweekday()
    begins, ends = week.day_starts_at, week.day_starts_at + MINUTES_A_DAY
    return _merged(
        (max(window.start + shift, begins), min(window.end + shift, ends))
        for window in week.windows
        for weekday, shift in ((day.isoweekday(), 0), (night, MINUTES_A_DAY))
        if window.weekday == weekday
    )


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
        begins = clock.start
        return _merged(
            (max(0, -(-(start - begins) // mark)), min((end - begins) // mark, len(clock))) for start, end in windows
        )
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


def _spans(free: Iterable[Range], sessions: Sequence[Taken]) -> Iterator[Span]:
    """Yield the free ranges of a day, in order, each with the sessions next to it."""
    left: tuple[int, int, str] | None = None
    before = 0
    for start, end in free:
        while before < len(sessions) and sessions[before][0] < start:
            first, last, topic = sessions[before]
            left = max(left or (0, 0, ""), (last, first, topic))
            before += 1
        right = sessions[before] if before < len(sessions) else None
        yield Span(
            start=start,
            end=end,
            left=Neighbour(left[0], left[2]) if left else None,
            right=Neighbour(right[0], right[2]) if right else None,
            stretch=before,
        )
