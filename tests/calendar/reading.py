"""What a student's calendar makes of a feed: two readers that have nothing to do with each other."""

from datetime import UTC, datetime
from typing import Any

import icalendar
import recurring_ical_events
import vobject
from falcon.testing import Result

from tests.client import Student


def link(student: Student) -> str:
    answer = student.post("/users/me/calendar")
    assert answer.status_code == 201, answer.text
    return str(answer.json["url"])


def fetch(student: Student, url: str, method: str = "GET", **headers: str) -> Result:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return student.api.client.simulate_request(method, url, headers=sent)


def feed(student: Student, url: str) -> Any:
    answer = fetch(student, url)
    assert answer.status_code == 200, answer.text
    return icalendar.Calendar.from_ical(answer.content)


def events(student: Student, url: str) -> dict[str, Any]:
    """Return the feed's events by their UID."""
    return {str(event["UID"]): event for event in feed(student, url).events}


def opened(student: Student, url: str) -> list[tuple[str, datetime, datetime]]:
    """Return title, start and end (UTC) of all that both readers find, who must agree."""
    answer = fetch(student, url)
    between = recurring_ical_events.of(icalendar.Calendar.from_ical(answer.content)).between((2020, 1, 1), (2040, 1, 1))
    one = sorted((str(event["SUMMARY"]), event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in between)
    other = sorted(
        (event.summary.value, event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC))
        for event in vobject.readOne(answer.text).contents.get("vevent", [])
    )
    assert one == other
    return one
