"""When a session starts for which no time is named: now, or as soon as nothing else is in its way."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schediora.http.caller import Caller
from schediora.localtime import round_down, round_up

Stretch = tuple[datetime, datetime]
"""From an instant to another, which is not of it: stretches that only touch have no time in common."""


def start_without_time(caller: Caller, minutes: int, taken: Iterable[Stretch], *, now: datetime) -> datetime:
    """Return when a session of `minutes` starts: at the first mark of five minutes from `now` on at which it lies on
    none of the `taken` stretches.

    It starts on the student's day of `now`, though it may end after it. Where that leaves no such mark, it starts at
    the mark before `now`, whatever lies there.
    """
    today, length = caller.today(now), timedelta(minutes=minutes)
    start = round_up(now)
    for begins, ends in sorted(taken):
        if start < ends and begins < start + length:
            start = round_up(ends)
    if caller.day_of(start) == today:
        return start
    before = round_down(now)
    return before if caller.day_of(before) == today else now.replace(second=0, microsecond=0)
