"""The calls about busy times."""

import falcon

from schediora.busy.errors import ExpandersBusy
from schediora.busy.schemas import BusyQuery, BusyTimeView, BusyUploaded
from schediora.busy.service import busy_on, expand_anew, forget, upload
from schediora.http.operation import Request, Upload, operation

MOST_BYTES = 1024 * 1024
_EXAMPLE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:lecture@example.org\r\n"
    "DTSTAMP:20260301T000000Z\r\nDTSTART;TZID=Asia/Jakarta:20260304T080000\r\nDURATION:PT90M\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=14\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class BusyResource:
    """The times that the student's own calendar takes up."""

    @operation(
        "setBusyTimes",
        "Upload a calendar",
        answer=BusyUploaded,
        upload=Upload("text/calendar", MOST_BYTES, _EXAMPLE),
        errors=(ExpandersBusy,),
    )
    def on_put(self, req: Request, resp: falcon.Response, text: str) -> BusyUploaded:
        """Keep the student's own calendar (RFC 5545, as a file: addresses are never fetched), in the place of the one
        before: plans keep clear of its events in the next 120 days. Repetitions are followed and worked out anew each
        day. What is cancelled or transparent takes up no time, what lasts whole days only where it is opaque.
        """
        return upload(req.context.caller, text, now=req.context.now)

    @operation("listBusyTimes", "List the busy times", answer=list[BusyTimeView], query=BusyQuery)
    def on_get(self, req: Request, resp: falcon.Response, query: BusyQuery) -> list[BusyTimeView]:
        """List the stretches that the calendar takes up, by time; none without a calendar."""
        caller, now = req.context.caller, req.context.now
        expand_anew(caller, now=now)
        return busy_on(caller, query.first, query.last, now=now)

    @operation("deleteBusyTimes", "Forget the calendar", status=204)
    def on_delete(self, req: Request, resp: falcon.Response) -> None:
        """Forget the calendar and the times that it takes up."""
        forget(req.context.caller)
