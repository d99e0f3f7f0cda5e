"""What the calls about busy times take and show."""

from datetime import date, datetime

from pydantic import ConfigDict, Field

from schediora.http.wire import Day, Query, View

MOST_DAYS = 92
"""How many days a range has, at most, as for lists of sessions."""


class BusyUploaded(View):
    """What was found in a calendar."""

    model_config = ConfigDict(serialize_by_alias=True)

    events: int = Field(description="How many of its events take up time in these days.", examples=[23])
    from_: date = Field(serialization_alias="from", description="The first local day.", examples=["2026-03-04"])
    to: date = Field(description="The last local day, itself included.", examples=["2026-07-02"])
    notes: list[str] = Field(
        description="What had to be guessed, in sentences; empty for most calendars.",
        examples=[['The time zone "Campus Time" is not known: its times are read in your own.']],
    )


class BusyQuery(Query):
    """The days that are asked for."""

    first: Day = Field(alias="from", description="The first local day.", examples=["2026-03-02"])
    last: Day = Field(
        alias="to",
        description=f"The last local day, itself included; {MOST_DAYS} days in all at most.",
        examples=["2026-03-08"],
    )


class BusyTimeView(View):
    """A stretch that the student's calendar takes up."""

    start: datetime = Field(description="When it begins.", examples=["2026-03-04T08:00:00Z"])
    end: datetime = Field(description="When it ends.", examples=["2026-03-04T09:30:00Z"])
