"""Who is calling, as a value that services take."""

import functools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from schediora import localtime


@functools.lru_cache(maxsize=10_000)
def _day_of_minute(minute: int, zone: ZoneInfo, day_starts_at: int) -> date:
    """Return the day of a minute since 1970, kept: days start with one, as clocks have been whole minutes from UTC in
    every zone since 1972.
    """
    return localtime.local_day(datetime.fromtimestamp(minute * 60, UTC), zone, day_starts_at)


@dataclass(frozen=True, slots=True)
class Caller:
    """A student, and what their days and weeks are counted by: a time zone, and the minutes after midnight at which a
    day starts.
    """

    user_id: UUID
    zone: ZoneInfo
    day_starts_at: int = 0

    def day_of(self, instant: datetime) -> date:
        """Return the student's day of `instant`: what is scheduled or ticked off at it counts on that day."""
        return localtime.local_day(instant, self.zone, self.day_starts_at)

    def today(self, now: datetime) -> date:
        """Return the student's day at `now`."""
        return _day_of_minute(int(now.timestamp()) // 60, self.zone, self.day_starts_at)

    def monday(self, now: datetime) -> date:
        """Return the Monday of the student's local week at `now`."""
        return localtime.week_start(self.today(now))


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who is calling, and the `state` of what they have, read at the same moment: a text that is another one as soon as
    an answer to them can be another one, except by the day or by what the server is; `sign_in` is theirs.
    """

    caller: Caller
    state: str
    sign_in: UUID
