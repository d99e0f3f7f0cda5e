"""What day it is for whoever calls."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from schediora import localtime
from schediora.http.caller import Caller

SINCE, UNTIL = datetime(1972, 2, 1), datetime(2100, 1, 1)


@given(some.datetimes(SINCE, UNTIL), some.timezone_keys(), some.integers(0, 24 * 60 - 1))
def test_a_day_that_is_kept_is_the_day_of_the_instant(instant: datetime, zone: str, starts: int) -> None:
    now = instant.replace(tzinfo=UTC)
    caller = Caller(UUID(int=1), ZoneInfo(zone), starts)
    assert caller.today(now) == localtime.local_day(now, caller.zone, starts)
