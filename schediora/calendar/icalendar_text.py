"""Sessions as an iCalendar text (RFC 5545), written by the library `icalendar`."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone

from schediora.busy.our_events import DOMAIN
from schediora.calendar.queries import Entry

NAME = "Schediora"
REFRESHED_EVERY = timedelta(hours=1)
"""How often a calendar is asked to look; what it does is its own affair."""
_PRODUCT = "-//Schediora//Study sessions//EN"
_DONE = "\N{CHECK MARK} "
_NO_TEXT = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What no text of a calendar may hold (RFC 5545, section 3.1), and what some readers take for the end of a line."""


def calendar_text(entries: Iterable[Entry], tz: ZoneInfo, year: int, *, alarm: int | None) -> bytes:
    """Return the calendar with an event for each entry, in the zone `tz`, whose rules are told for `year` and the two
    beside it. `alarm` is how many minutes before each open one its reminder comes, None for no reminder.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    events = [_event(entry, tz, alarm) for entry in entries]
    if any("TZID" in event[name].params for event in events for name in ("DTSTART", "DTEND")):
        calendar.add_component(_rules(tz, year))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@cache
def _rules(tz: ZoneInfo, year: int) -> Timezone:
    """Return what is said of a zone, from its own rules: the library's come from the machine's, which may be older."""
    return Timezone.from_tzinfo(tz, tz.key, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))


def _event(entry: Entry, tz: ZoneInfo, alarm: int | None) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@{DOMAIN}")
    event.add("dtstamp", entry.created_at)
    event.add("sequence", entry.sequence)
    starts_at, ends_at = entry.starts_at, entry.starts_at + timedelta(minutes=entry.minutes)
    local = [moment.astimezone(tz) for moment in (starts_at, ends_at)]
    # Of an hour that comes twice a local time names the first (section 3.3.5); only UTC can name the second.
    start, end = (starts_at, ends_at) if any(moment.fold for moment in local) else local
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", (_DONE if entry.done else "") + _plain(entry.title))
    if entry.detail:
        event.add("description", _plain(entry.detail))
    event.add("categories", [_plain(entry.topic)])
    event.add("status", "CONFIRMED")
    if alarm is not None and not entry.done:
        event.add_component(_reminder(entry, alarm))
    return event


def _reminder(entry: Entry, minutes: int) -> Alarm:
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", _plain(entry.title))
    reminder.add("trigger", -timedelta(minutes=minutes))
    return reminder


def _plain(text: str) -> str:
    return _NO_TEXT.sub(" ", text.replace("\r\n", "\n"))
