"""From an iCalendar text (RFC 5545) to the times that it takes up: the one file that the libraries for it are behind.

A calendar is a stranger's program: 171 bytes can take seconds, others all the memory there is, and a thread cannot be
stopped. So what can be told beforehand is refused, and the rest happens in a process of its own that the system ends
(`schediora.busy.child`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty

from schediora.busy.our_events import DOMAIN

MOST_COMPONENTS = 2_000
MOST_PARTS = 10_000
"""With the alarms and the rules of zones that components consist of."""
MOST_EVENTS = 5_000
MOST_YEARS_BACK = 20
_DAYS_A_YEAR = 365.2425
_PART = re.compile(r"^BEGIN\b[^:\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_PART_END = re.compile(r"^END\b[^:\n]*:", re.IGNORECASE | re.MULTILINE)
_INNER = frozenset({"VCALENDAR", "VALARM", "STANDARD", "DAYLIGHT"})
_TOO_OFTEN = re.compile(r"^(RRULE|EXRULE)[;:].*FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"\s*(https?|webcals?)://", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_READ = frozenset(
    {"UID", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "STATUS", "TRANSP"}
    | {"SEQUENCE", "DTSTAMP", "LAST-MODIFIED"}
)
"""What times follow from. All else would be copied for each repetition."""
_OUR_UID = re.compile(rf"[0-9a-f-]{{36}}@{re.escape(DOMAIN)}")
UNREADABLE = "The calendar cannot be read. Export it anew and try again."
_LEFT_OUT = "Some events of the calendar cannot be read and are left out."
_SHOWN_CHARACTERS = 60
_MOST_NOTES = 10

Stretch = tuple[datetime, datetime]


class Refused(Exception):
    """A calendar that is not expanded; its text is a sentence for the student."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """The stretches (UTC) that the events of a calendar take up, one for each event, and what had to be guessed."""

    events: tuple[Stretch, ...]
    notes: tuple[str, ...]


def check(text: str) -> None:
    """Refuse a text that is no calendar, and what is known to take too long before it is even read."""
    if _ADDRESS.match(text):
        raise Refused("This is an address, which is never fetched: save the calendar as a file and send that.")
    unfolded = _FOLD.sub("", text)
    parts = [part.strip().upper() for part in _PART.findall(unfolded)]
    if "VCALENDAR" not in parts:
        raise Refused("This is no calendar: it must be a file in the iCalendar format (.ics).")
    if sum(part not in _INNER for part in parts) > MOST_COMPONENTS or len(parts) > MOST_PARTS:
        raise Refused(f"The calendar has more than {MOST_COMPONENTS:,} entries. Export a shorter time of it.")
    if len(_PART_END.findall(unfolded)) < len(parts):
        raise Refused("The file ends in the middle of the calendar. Save it anew and try again.")
    if _TOO_OFTEN.search(unfolded):
        raise Refused("The calendar has an event that repeats every minute or second. Remove it and try again.")


def expand(text: str, tz: ZoneInfo, first: datetime, last: datetime) -> Expansion:
    """Return what takes up time between two instants; times without a zone, or in one that nobody knows, are `tz`'s.

    What is cancelled or transparent takes up none, and what lasts whole days only where it says that it is opaque.
    Raises Refused.
    """
    check(text)
    try:
        calendars = [part for part in Calendar.from_ical(text, multiple=True) if part.name == "VCALENDAR"]
    except ValueError:
        raise Refused(UNREADABLE) from None
    notes: list[str] = []
    found: list[Stretch] = []
    for calendar in calendars:
        _tidy(calendar, first, notes)
        for event in _occurrences(calendar, tz, first, last, notes):
            start, end = _stretch(event, tz, notes) if _counts(event) else (last, last)
            if start < last and end > first and start < end:
                found.append((start, end))
        if len(found) > MOST_EVENTS:
            raise Refused(f"The calendar has more than {MOST_EVENTS:,} events in the next months. Leave some out.")
    return Expansion(tuple(sorted(found)), tuple(dict.fromkeys(notes))[:_MOST_NOTES])


def _tidy(calendar: Component, first: datetime, notes: list[str]) -> None:
    """Leave in `calendar` the events that can take up time, without what they are about, and refuse one that began too
    long ago.
    """
    calendar.pop("X-WR-TIMEZONE", None)  # a floating time is the student's own, whatever zone the file is shown in
    events = [event for event in calendar.walk("VEVENT") if not _OUR_UID.fullmatch(_uid(event))]
    readable = [event for event in events if _starts(event) is not None and not _runs_backwards(event)]
    if len(readable) < len(events):
        notes.append(_LEFT_OUT)
    counting = {_uid(event) for event in readable if _counts(event)}
    calendar.subcomponents = [event for event in readable if _uid(event) in counting]
    earliest = (first - timedelta(days=MOST_YEARS_BACK * _DAYS_A_YEAR)).date()
    for event in calendar.subcomponents:
        event.subcomponents = []
        for name in event.keys() - _READ:
            del event[name]
        starts = _starts(event)
        if starts and (starts.date() if isinstance(starts, datetime) else starts) < earliest:
            raise Refused(
                f"The calendar has an event that began more than {MOST_YEARS_BACK} years ago. Export a shorter time."
            )
        notes += [
            f'The time zone "{name[:_SHOWN_CHARACTERS]}" is not known: its times are read in your own.'
            for name in _unknown_zones(event)
        ]


def _occurrences(
    calendar: Component, tz: ZoneInfo, first: datetime, last: datetime, notes: list[str]
) -> list[Component]:
    """Return the events with their repetitions; a day more on either side, as those without a zone are compared as they
    stand. Where the library stumbles over one series, the others are read one by one.
    """
    start, end = (moment.astimezone(tz) for moment in (first - timedelta(days=1), last + timedelta(days=1)))
    try:
        return list(recurring_ical_events.of(calendar).between(start, end))
    except MemoryError:
        raise
    except Exception:  # whatever a strange file makes the library raise
        series = defaultdict(list)
        for event in calendar.subcomponents:
            series[_uid(event)].append(event)
    found: list[Component] = []
    for events in series.values():
        calendar.subcomponents = events
        try:
            found += recurring_ical_events.of(calendar).between(start, end)
        except MemoryError:
            raise
        except Exception:  # as above
            notes.append(_LEFT_OUT)
    return found


def _counts(event: Component) -> bool:
    """Tell whether an event takes up time."""
    transparency = str(event.get("TRANSP", "")).strip().upper()
    if str(event.get("STATUS", "")).strip().upper() == "CANCELLED" or transparency == "TRANSPARENT":
        return False
    return isinstance(_starts(event), datetime) or transparency == "OPAQUE"


def _starts(event: Component) -> date | None:
    """Return the day or the moment at which an event starts, None where that cannot be read."""
    try:
        starts = getattr(event.get("DTSTART"), "dt", None)
    except BrokenCalendarProperty:
        return None
    return starts if isinstance(starts, date) else None


def _runs_backwards(event: Component) -> bool:
    """Tell whether an event ends before it starts, which the library would turn round."""
    try:
        starts, ends, lasts = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND", "DURATION"))
        return lasts < timedelta() if isinstance(lasts, timedelta) else ends is not None and ends < starts
    except (BrokenCalendarProperty, TypeError):  # a day and a moment do not compare, and the library reads them so
        return False


def _stretch(event: Any, tz: ZoneInfo, notes: list[str]) -> Stretch:
    try:
        start, end = _instant(event.start, tz), _instant(event.end, tz)
        # Of an hour that the change to summer leaves out, both may be the same instant.
        return start, (end if end > start else start + (event.end - event.start))
    except (ValueError, OverflowError):  # an end past the end of time, or before its start
        notes.append(_LEFT_OUT)
        return (datetime.max.replace(tzinfo=UTC),) * 2


def _instant(moment: date, tz: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=tz)).astimezone(UTC)


def _uid(event: Component) -> str:
    return str(event.get("UID", ""))


def _unknown_zones(event: Component) -> Iterator[str]:
    """Yield the names of zones that neither the file nor anybody else knows: their times are without one."""
    for name in _TIMES:
        values: Any = event.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            said = getattr(value, "params", {}).get("TZID")
            if said and any(isinstance(at, datetime) and at.tzinfo is None for at in _moments(value)):
                yield str(said)


def _moments(value: Any) -> list[Any]:
    try:
        return [each.dt for each in getattr(value, "dts", [value])]
    except BrokenCalendarProperty:
        return []
