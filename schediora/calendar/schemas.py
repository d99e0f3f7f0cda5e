"""What the calendar calls take and show."""

from typing import Annotated

from pydantic import Field

from schediora.http.wire import Digits, Query, View

MOST_ALARM_MINUTES = 7 * 24 * 60


class CalendarLink(View):
    """Where a calendar finds the student's sessions."""

    url: str = Field(
        description="The secret address: whoever has it reads the sessions. Absolute where the server knows its own "
        "address (`server.public_url`), else a path. `?alarm=10` adds a reminder so many minutes before each session.",
        examples=["https://study.example.org/calendar/Zx2vJmW0b1Qk3r8cTn5yHg.ics"],
    )


class FeedQuery(Query):
    """How a calendar wants the feed."""

    alarm: Annotated[int, Digits(0, MOST_ALARM_MINUTES)] | None = Field(
        default=None, description="How many minutes before each session its reminder comes; left out, there is none."
    )
