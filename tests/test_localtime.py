"""A user's days and weeks, where clocks are turned, days are skipped, and the machine knows other zones than ours."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.localtime import (
    at_minute,
    clock_of,
    country_of,
    days_later,
    local_day,
    minute_of_day,
    round_down,
    round_up,
    week_days,
    week_start,
    zone,
    zone_names,
)

BERLIN, LORD_HOWE, SANTIAGO = zone("Europe/Berlin"), zone("Australia/Lord_Howe"), zone("America/Santiago")
APIA, MONROVIA, ST_JOHNS = zone("Pacific/Apia"), zone("Africa/Monrovia"), zone("America/St_Johns")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("tz", "day", "clock", "instant"),
    [
        (BERLIN, "2026-03-29", "01:59", "2026-03-29T00:59"),
        (BERLIN, "2026-03-29", "02:00", "2026-03-29T01:00"),  # skipped: the moment of the change
        (BERLIN, "2026-03-29", "02:30", "2026-03-29T01:00"),
        (BERLIN, "2026-03-29", "02:59", "2026-03-29T01:00"),
        (BERLIN, "2026-03-29", "03:00", "2026-03-29T01:00"),
        (BERLIN, "2026-03-29", "03:01", "2026-03-29T01:01"),
        (BERLIN, "2026-03-29", "24:00", "2026-03-29T22:00"),
        (BERLIN, "2026-10-25", "01:59", "2026-10-24T23:59"),
        (BERLIN, "2026-10-25", "02:00", "2026-10-25T00:00"),  # twice: the first of the two
        (BERLIN, "2026-10-25", "02:30", "2026-10-25T00:30"),
        (BERLIN, "2026-10-25", "03:00", "2026-10-25T02:00"),
        (BERLIN, "2026-10-25", "24:00", "2026-10-25T23:00"),
        (BERLIN, "2026-12-31", "24:00", "2026-12-31T23:00"),
        (BERLIN, "2026-06-01", "00:00", "2026-05-31T22:00"),
        (LORD_HOWE, "2026-10-04", "02:15", "2026-10-03T15:30"),  # half an hour is skipped
        (LORD_HOWE, "2026-10-04", "02:30", "2026-10-03T15:30"),
        (LORD_HOWE, "2026-04-05", "01:45", "2026-04-04T14:45"),  # half an hour comes twice
        (LORD_HOWE, "2026-04-05", "02:00", "2026-04-04T15:30"),
        (SANTIAGO, "2026-09-06", "00:00", "2026-09-06T04:00"),  # the day begins at one o'clock
        (SANTIAGO, "2026-09-06", "00:59", "2026-09-06T04:00"),
        (SANTIAGO, "2026-09-05", "24:00", "2026-09-06T04:00"),
        (SANTIAGO, "2026-04-04", "23:30", "2026-04-05T02:30"),  # the day's last hour comes twice
        (SANTIAGO, "2026-04-04", "24:00", "2026-04-05T04:00"),
        (APIA, "2011-12-29", "24:00", "2011-12-30T10:00"),  # a day that never was
        (APIA, "2011-12-30", "00:00", "2011-12-30T10:00"),
        (APIA, "2011-12-30", "12:00", "2011-12-30T10:00"),
        (APIA, "2011-12-30", "24:00", "2011-12-30T10:00"),
        (APIA, "2011-12-31", "00:05", "2011-12-30T10:05"),
        (MONROVIA, "1972-01-07", "00:10", "1972-01-07T00:44:30"),  # 44 minutes and 30 seconds are skipped
        (MONROVIA, "1972-01-07", "00:45", "1972-01-07T00:45"),
        (ST_JOHNS, "2010-11-07", "00:00", "2010-11-07T02:30"),  # its first minute comes, then Saturday again
    ],
)
def test_the_instant_at_which_the_wall_clock_first_shows_a_minute(
    tz: zoneinfo.ZoneInfo, day: str, clock: str, instant: str
) -> None:
    hours, minutes = clock.split(":")
    found = at_minute(date.fromisoformat(day), int(hours) * 60 + int(minutes), tz)
    assert (found, found.tzinfo) == (utc(instant), UTC)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(zone_names())),
    st.dates(date(1975, 1, 1), date(2036, 12, 31)),
    st.integers(0, 1440),
)
def test_no_earlier_instant_shows_that_minute_or_a_later_one(name: str, day: date, minute: int) -> None:
    tz = zone(name)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    found = at_minute(day, minute, tz)

    def wall(seconds: int) -> datetime:
        return (found - timedelta(seconds=seconds)).astimezone(tz).replace(tzinfo=None)

    assert wall(0) >= wanted
    assert all(wall(seconds) < wanted for seconds in (1, 60, 1800, 3600, 7200, 10_800))


def test_a_gap_is_found_wherever_a_zone_has_one() -> None:
    for name in ("Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Beirut"):
        tz = zone(name)
        for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(365)):
            in_order = [at_minute(day, minute, tz) for minute in range(0, 1441, 15)]
            assert in_order == sorted(in_order)
            assert all(local_day(instant, tz) >= day for instant in in_order)


def test_the_names_are_those_of_the_bundled_database_without_its_words_for_no_place() -> None:
    bundled = set(zone_names())
    assert len(bundled) > 590
    assert {"UTC", "Asia/Jakarta", "America/Argentina/Buenos_Aires", "US/Pacific", "Etc/GMT+12"} <= bundled
    assert not {"Factory", "localtime", "posixrules"} & bundled
    assert not [name for name in bundled if name.startswith(("right/", "posix/"))]


def test_the_machines_own_zones_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    zoneinfo.reset_tzpath(to=())
    try:
        expected = zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"}
        assert set(zone_names()) == expected
    finally:
        zoneinfo.reset_tzpath()

    def without(*_: object, **__: object) -> None:
        raise AssertionError("asked the machine")

    monkeypatch.setattr(zoneinfo, "ZoneInfo", without)
    zone.cache_clear()
    zone_names.cache_clear()
    assert zone("Asia/Jakarta").key == "Asia/Jakarta"
    assert utc("2026-03-04T17:00").astimezone(zone("Asia/Jakarta")).isoformat() == "2026-03-05T00:00:00+07:00"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "America",
        "Factory",
        "localtime",
        "posixrules",
        "right/UTC",
        "utc",
        "../UTC",
        "/etc/localtime",
        "UTC\0",
        "x" * 99,
    ],
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not an IANA time zone such as Asia/Jakarta") as refusal:
        zone(name)
    assert len(str(refusal.value)) < 130


def test_every_zone_that_may_be_set_can_be_read() -> None:
    assert all(zone(name).key == name for name in zone_names())


@pytest.mark.parametrize(
    ("tz", "instant", "day"),
    [
        (BERLIN, "2026-03-29T21:59:59", "2026-03-29"),
        (BERLIN, "2026-03-29T22:00", "2026-03-30"),
        (APIA, "2011-12-30T09:59:59", "2011-12-29"),
        (APIA, "2011-12-30T10:00", "2011-12-31"),
        (SANTIAGO, "2026-04-05T03:59", "2026-04-04"),
    ],
)
def test_a_local_day(tz: zoneinfo.ZoneInfo, instant: str, day: str) -> None:
    assert local_day(utc(instant), tz) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-08", "2026-03-02"),
        ("2027-01-03", "2026-12-28"),
        ("2024-02-29", "2024-02-26"),
    ],
)
def test_a_week_starts_on_its_monday_and_has_seven_days(day: str, monday: str) -> None:
    start = week_start(date.fromisoformat(day))
    assert start == date.fromisoformat(monday)
    days = week_days(start)
    assert [one.isoweekday() for one in days] == [1, 2, 3, 4, 5, 6, 7]
    assert (days[0], days[-1] - days[0]) == (start, timedelta(days=6))


@pytest.mark.parametrize(
    ("instant", "minutes", "mark"),
    [
        ("2026-03-04T09:00", 5, "2026-03-04T09:00"),
        ("2026-03-04T09:00:00.000001", 5, "2026-03-04T09:05"),
        ("2026-03-04T09:04:59.999999", 5, "2026-03-04T09:05"),
        ("2026-03-04T09:05", 5, "2026-03-04T09:05"),
        ("2026-12-31T23:55:01", 5, "2027-01-01T00:00"),
        ("2026-03-04T09:01", 15, "2026-03-04T09:15"),
        ("2026-03-04T09:46", 15, "2026-03-04T10:00"),
    ],
)
def test_an_instant_is_rounded_up_to_a_mark(instant: str, minutes: int, mark: str) -> None:
    assert round_up(utc(instant), minutes) == utc(mark)


def test_marks_are_five_minutes_apart() -> None:
    assert round_up(utc("2026-03-04T09:01")) == utc("2026-03-04T09:05")


@pytest.mark.parametrize(
    ("tz", "instant", "starts_at", "day"),
    [
        (BERLIN, "2026-03-10T02:59", 240, "2026-03-09"),  # 03:59 is still the day before
        (BERLIN, "2026-03-10T03:00", 240, "2026-03-10"),
        (BERLIN, "2026-03-10T00:59", 119, "2026-03-10"),  # 01:59 is the minute 119
        (BERLIN, "2026-03-10T00:59", 120, "2026-03-09"),
        (BERLIN, "2026-03-09T23:00", 0, "2026-03-10"),
        (BERLIN, "2026-03-29T00:59", 150, "2026-03-28"),  # 01:59, before 02:00 to 03:00 are skipped
        (BERLIN, "2026-03-29T01:00", 150, "2026-03-29"),
        (BERLIN, "2026-10-25T00:30", 150, "2026-10-25"),  # 02:30 for the first time
        (BERLIN, "2026-10-25T01:15", 150, "2026-10-24"),  # 02:15 again: the clock shows less
        (BERLIN, "2026-10-25T01:30", 150, "2026-10-25"),
    ],
)
def test_a_students_day_starts_when_the_wall_clock_shows_it(
    tz: zoneinfo.ZoneInfo, instant: str, starts_at: int, day: str
) -> None:
    assert local_day(utc(instant), tz, starts_at) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("tz", "instant", "days", "then"),
    [
        (BERLIN, "2026-03-28T16:00", 1, "2026-03-29T15:00"),
        (BERLIN, "2026-03-28T01:30", 1, "2026-03-29T01:00"),  # 02:30 is skipped
        (BERLIN, "2026-03-28T01:30", 2, "2026-03-30T00:30"),
        (BERLIN, "2026-10-24T00:30", 1, "2026-10-25T00:30"),  # 02:30 twice: the first
        (BERLIN, "2026-10-25T01:30", 7, "2026-11-01T01:30"),  # from the second of the two
        (BERLIN, "2026-12-31T17:00", 1, "2027-01-01T17:00"),
        (LORD_HOWE, "2026-10-03T05:00", 1, "2026-10-04T04:30"),
        (BERLIN, "2026-06-01T10:00", 0, "2026-06-01T10:00"),
    ],
)
def test_days_later_the_wall_clock_shows_the_same_time(
    tz: zoneinfo.ZoneInfo, instant: str, days: int, then: str
) -> None:
    assert days_later(utc(instant), days, tz) == utc(then)


@pytest.mark.parametrize(
    ("instant", "minutes", "down", "up"),
    [
        ("2026-03-10T10:07:30", 5, "2026-03-10T10:05", "2026-03-10T10:10"),
        ("2026-03-10T10:05", 5, "2026-03-10T10:05", "2026-03-10T10:05"),
        ("2026-03-10T23:59:59", 15, "2026-03-10T23:45", "2026-03-11T00:00"),
    ],
)
def test_instants_are_brought_to_marks(instant: str, minutes: int, down: str, up: str) -> None:
    assert round_down(utc(instant), minutes) == utc(down)
    assert round_up(utc(instant), minutes) == utc(up)


def test_a_zone_lies_in_a_country_under_each_of_its_names() -> None:
    zones = ("Asia/Jakarta", "Europe/Berlin", "Asia/Calcutta", "US/Pacific", "UTC", "Etc/GMT+3")
    assert [country_of(name) for name in zones] == ["ID", "DE", "IN", "US", None, None]


def test_no_alias_for_no_place_is_a_zone() -> None:
    assert not zone_names() & {"Factory", "localtime", "posixrules", "right/UTC", "posix/UTC"}
    assert zone("Asia/Jakarta").key == "Asia/Jakarta"


def test_a_minute_of_the_day_is_written_as_it_is_read() -> None:
    assert [clock_of(minute) for minute in (0, 545, 1439, 1440)] == ["00:00", "09:05", "23:59", "24:00"]
    assert all(minute_of_day(clock_of(minute)) == minute for minute in range(1441))
