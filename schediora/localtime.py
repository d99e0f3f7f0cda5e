"""A user's local days and ISO weeks: pure functions, and the only place that knows about weeks and daylight saving
time.

Instants are aware datetimes in UTC, days are local dates, minutes of a day are wall-clock minutes since local
midnight (0 to 1440). Zones come from the bundled tzdata alone, so every machine agrees on them.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

DAYS_A_WEEK = 7
A_WEEK = timedelta(days=DAYS_A_WEEK)
TO_SUNDAY = timedelta(days=DAYS_A_WEEK - 1)
"""From a week's Monday to its last day."""
MINUTES_A_DAY = 24 * 60
START_MARK_MINUTES = 5
"""Sessions start on marks of five minutes."""

_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names a user may set: the bundled tzdata's zones without its aliases for "no place"."""
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(name for name in names if name not in _NOT_PLACES and not name.startswith("right/"))


@cache
def zone(name: str) -> ZoneInfo:
    """Return the bundled zone called `name`; raise ValueError for any other string."""
    if name not in zone_names():
        raise ValueError(f"{name[:64]!r} is not an IANA time zone such as Asia/Jakarta")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@cache
def _countries() -> dict[str, str]:
    folder = files("tzdata").joinpath("zoneinfo")
    places = (line.split("\t") for line in folder.joinpath("zone.tab").read_text("utf-8").splitlines())
    countries = {fields[2]: fields[0] for fields in places if len(fields) > 2}
    for line in folder.joinpath("tzdata.zi").read_text("utf-8").splitlines():
        if line.startswith("L "):
            _, place, alias = line.split()
            if place in countries:
                countries.setdefault(alias, countries[place])
    return countries


def country_of(zone_name: str) -> str | None:
    """Return the country (ISO 3166, two letters) in which the zone lies, None for one that is no place, such as UTC."""
    return _countries().get(zone_name)


def local_day(instant: datetime, tz: ZoneInfo, day_starts_at: int = 0) -> date:
    """Return the student's day at `instant`: the local date, or the one before while the wall clock shows less than
    `day_starts_at` (minutes after midnight).
    """
    wall = instant.astimezone(tz)
    early = wall.hour * 60 + wall.minute < day_starts_at
    return wall.date() - timedelta(days=early)


def week_start(day: date) -> date:
    """Return the Monday of the ISO week (ISO 8601) that holds `day`."""
    return day - timedelta(days=day.weekday())


def week_days(monday: date) -> tuple[date, ...]:
    """Return the seven days, Monday to Sunday, of the week that starts on `monday`."""
    return tuple(monday + timedelta(days=offset) for offset in range(DAYS_A_WEEK))


def minute_of_day(clock: str) -> int:
    """Return the minutes since local midnight that `HH:MM` says; `24:00` is 1440."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minute: int) -> str:
    """Return `HH:MM` for a minute of the day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def at_minute(day: date, minute: int, tz: ZoneInfo) -> datetime:
    """Return the instant at which the wall clock of `day` first reaches `minute` (1440 is the next midnight).

    A minute that a clock change skips is the moment of the change; one that occurs twice is its first occurrence.
    """
    whole_days, rest = divmod(minute, MINUTES_A_DAY)
    return _first_instant_at(datetime.combine(day + timedelta(days=whole_days), time(rest // 60, rest % 60)), tz)


def days_later(instant: datetime, days: int, tz: ZoneInfo) -> datetime:
    """Return the instant at which the wall clock shows the same time as at `instant`, but `days` days later.

    Where a clock change skips that time or lets it occur twice, it is as `at_minute` has it.
    """
    return _first_instant_at(instant.astimezone(tz).replace(tzinfo=None, fold=0) + timedelta(days=days), tz)


def _first_instant_at(naive: datetime, tz: ZoneInfo) -> datetime:
    """Return the instant at which the wall clock first reaches `naive`: the clock change that skips it, if one does."""
    wall = naive.replace(tzinfo=tz)
    instant = wall.astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _first_instant_after_gap(wall, tz)


def _first_instant_after_gap(wall: datetime, tz: ZoneInfo) -> datetime:
    """Return the instant of the clock change that skipped `wall`.

    Read with the offset before the change (fold 0), a skipped wall time falls after it by as much as it lies in the
    gap.
    """
    after = wall.replace(fold=1).utcoffset()
    before = wall.replace(fold=0).utcoffset()
    if before is None or after is None:
        raise ValueError("a zone without offsets")
    low, high = wall.astimezone(UTC) - (after - before), wall.astimezone(UTC)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def round_down(instant: datetime, minutes: int = START_MARK_MINUTES) -> datetime:
    """Return the last mark of `minutes` past the hour (UTC) at or before `instant`."""
    up = round_up(instant, minutes)
    return up if up == instant else up - timedelta(minutes=minutes)


def round_up(instant: datetime, minutes: int = START_MARK_MINUTES) -> datetime:
    """Return the first mark of `minutes` past the hour (UTC) at or after `instant`."""
    step = timedelta(minutes=minutes)
    hour = instant.replace(minute=0, second=0, microsecond=0)
    return hour + -(-(instant - hour) // step) * step
