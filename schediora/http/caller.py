"""Who is calling, as a value that services take."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from schediora import localtime


@dataclass(frozen=True, slots=True)
class Caller:
    """A student and the time zone that their days and weeks are counted in."""

    user_id: UUID
    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        """Return the student's local day at `now`."""
        return localtime.local_day(now, self.zone)

    def monday(self, now: datetime) -> date:
        """Return the Monday of the student's local week at `now`."""
        return localtime.week_start(self.today(now))
