"""Calendars as other programs write them."""

LECTURE = "DTSTART:20260305T080000Z\r\nDTEND:20260305T100000Z"
"""On Thursday, the day after the tests' clock stands still."""


def calendar(*events: str, extra: str = "") -> str:
    """Return a calendar with events of which only what follows the UID is given."""
    whole = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@example.org\r\nDTSTAMP:20260301T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Elsewhere//EN\r\n{extra}{whole}END:VCALENDAR\r\n"
