from datetime import UTC, datetime, timedelta

import pytest

from schediora.busy.expansion import Refused, expand
from schediora.localtime import zone
from tests.busy.calendars import LECTURE, calendar

FIRST = datetime(2026, 3, 1, 17, tzinfo=UTC)
"""Monday in Jakarta."""
LAST = FIRST + timedelta(days=120)
JAKARTA = zone("Asia/Jakarta")
UNKNOWN = 'The time zone "Campus Time" is not known: its times are read in your own.'


def times(text: str) -> list[str]:
    return [f"{start:%m-%d %H:%M}/{end:%m-%d %H:%M}" for start, end in expand(text, JAKARTA, FIRST, LAST).events]


CASES = {
    "an instant": (calendar(LECTURE), ["03-05 08:00/03-05 10:00"]),
    "a floating time": (calendar("DTSTART:20260305T080000\r\nDURATION:PT1H"), ["03-05 01:00/03-05 02:00"]),
    "a zone": (
        calendar("DTSTART;TZID=Europe/Berlin:20260305T080000\r\nDURATION:PT1H"),
        ["03-05 07:00/03-05 08:00"],
    ),
    "a zone of Outlook's": (
        calendar("DTSTART;TZID=SE Asia Standard Time:20260305T080000\r\nDURATION:PT1H"),
        ["03-05 01:00/03-05 02:00"],
    ),
    "a zone of Outlook's, over the change to summer": (
        calendar("DTSTART;TZID=W. Europe Standard Time:20260325T080000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=2"),
        ["03-25 07:00/03-25 08:00", "04-01 06:00/04-01 07:00"],
    ),
    "in the hour that the change to summer leaves out": (
        calendar("DTSTART;TZID=Europe/Berlin:20260329T023000\r\nDURATION:PT1H"),
        ["03-29 01:30/03-29 02:30"],
    ),
    "a zone that the file defines": (
        calendar(
            "DTSTART;TZID=Ours:20260305T080000\r\nDURATION:PT1H",
            extra="BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
            "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
        ),
        ["03-05 02:30/03-05 03:30"],
    ),
    "a rule, an exception and a date more": (
        calendar(
            "DTSTART:20260305T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
            "EXDATE:20260312T080000Z\r\nRDATE:20260313T100000Z"
        ),
        ["03-05 08:00/03-05 09:00", "03-13 10:00/03-13 11:00", "03-19 08:00/03-19 09:00"],
    ),
    "one of a series moved, one cancelled": (
        calendar("DTSTART:20260305T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3").replace(
            "END:VCALENDAR",
            "BEGIN:VEVENT\r\nUID:0@example.org\r\nRECURRENCE-ID:20260312T080000Z\r\nDTSTART:20260312T120000Z\r\n"
            "DURATION:PT1H\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:0@example.org\r\nRECURRENCE-ID:20260319T080000Z\r\n"
            "DTSTART:20260319T080000Z\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR",
        ),
        ["03-05 08:00/03-05 09:00", "03-12 12:00/03-12 13:00"],
    ),
    "days, opaque": (
        calendar("DTSTART;VALUE=DATE:20260305\r\nDTEND;VALUE=DATE:20260307\r\nTRANSP:OPAQUE"),
        ["03-04 17:00/03-06 17:00"],
    ),
    "days that do not say that they are opaque": (calendar("DTSTART;VALUE=DATE:20260305"), []),
    "a birthday since long ago": (calendar("DTSTART;VALUE=DATE:19990305\r\nRRULE:FREQ=YEARLY"), []),
    "cancelled or transparent": (calendar(f"{LECTURE}\r\nSTATUS:CANCELLED", f"{LECTURE}\r\nTRANSP:TRANSPARENT"), []),
    "without a length": (calendar("DTSTART:20260305T080000Z"), []),
    "past and far ahead": (calendar("DTSTART:20260201T080000Z\r\nDURATION:PT1H", LECTURE.replace("2026", "2027")), []),
    "begun before, still lasting": (
        calendar("DTSTART:20200101T000000Z\r\nDTEND:20300101T000000Z"),
        ["01-01 00:00/01-01 00:00"],
    ),
    "a task": (calendar(LECTURE).replace("VEVENT", "VTODO"), []),
    "two calendars": (calendar(LECTURE) + calendar(LECTURE), ["03-05 08:00/03-05 10:00"] * 2),
    "nothing": (calendar(), []),
    "folded, in lower case": (
        calendar("dtstart:20260305T\r\n 080000Z\r\nduration:PT1H"),
        ["03-05 08:00/03-05 09:00"],
    ),
    "our own sessions, come back": (
        calendar(LECTURE).replace("0@example.org", "01a21697-cae8-75d7-9776-81c8b7de3882@schediora"),
        [],
    ),
}


def test_every_kind_of_event_takes_up_its_time() -> None:
    found = {name: times(text) for name, (text, _) in CASES.items()}
    assert found == {name: expected for name, (_, expected) in CASES.items()}


def test_what_had_to_be_guessed_is_said() -> None:
    strange = "DTSTART;TZID=Campus Time:20260305T080000\r\nDURATION:PT1H"
    expansion = expand(calendar(strange, strange, LECTURE), JAKARTA, FIRST, LAST)
    assert expansion.notes == (UNKNOWN,)
    assert times(calendar(strange)) == ["03-05 01:00/03-05 02:00"]
    assert expand(calendar(LECTURE), JAKARTA, FIRST, LAST).notes == ()


@pytest.mark.parametrize(
    "broken",
    [
        "DTSTART:20260399T080000Z",
        "SUMMARY:No start",
        "DTSTART:20260305T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=SOMETIMES",
        "DTSTART:99991231T080000Z\r\nDURATION:P30D\r\nRRULE:FREQ=DAILY",
        "DTSTART:20260303T080000Z\r\nDURATION:P99999999999D",
        "DTSTART:20260303T080000Z\r\nDURATION:-PT1H",
        "DTSTART:20260303T080000Z\r\nDTEND:20260302T080000Z\r\nRRULE:FREQ=DAILY",
    ],
)
def test_an_event_that_cannot_be_read_keeps_no_other_out(broken: str) -> None:
    expansion = expand(calendar(broken, LECTURE), JAKARTA, FIRST, LAST)
    assert [(start.hour, end.hour) for start, end in expansion.events] == [(8, 10)]
    assert expansion.notes == ("Some events of the calendar cannot be read and are left out.",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello", "no calendar"),
        ("", "no calendar"),
        ("webcal://example.org/mine.ics", "never fetched"),
        (calendar(f"{LECTURE}\r\nRRULE:FREQ=MINUTELY"), "every minute"),
        (calendar(f"{LECTURE}\r\nRRULE:COUNT=5;\r\n FREQ=SECOND\r\n LY"), "every minute"),
        (calendar(*[LECTURE] * 2001), "2,000"),
        (calendar(*[LECTURE] * 2001).replace("BEGIN:VEVENT", "BEGIN;X=1:VEVENT"), "2,000"),
        (calendar(LECTURE, LECTURE)[:-60], "ends in the middle"),
        (calendar(LECTURE).removesuffix("END:VCALENDAR\r\n"), "ends in the middle"),
        (calendar("DTSTART:20050305T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY"), "20 years"),
        (calendar("DTSTART:00010305T080000Z\r\nDURATION:PT1H"), "20 years"),
    ],
)
def test_what_is_known_to_be_too_much_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        expand(text, JAKARTA, FIRST, LAST)
