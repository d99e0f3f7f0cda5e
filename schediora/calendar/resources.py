"""The calendar calls, and the feed itself, which lies outside the API's prefix."""

import falcon

from schediora.calendar.errors import FeedNotFound
from schediora.calendar.schemas import CalendarLink, FeedQuery
from schediora.calendar.service import Feeds
from schediora.errors import TooManyRequests
from schediora.http.middleware import SECRET_ADDRESSES
from schediora.http.operation import Request, operation

FEED_ADDRESS = SECRET_ADDRESSES + "{token}.ics"
_CALENDAR = "text/calendar; charset=utf-8"
_FRESH = "private, max-age=300"


class CalendarLinkResource:
    """The student's secret address."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds

    @operation(
        "createCalendarLink", "Make a link for a calendar", answer=CalendarLink, status=201, headers=("Cache-Control",)
    )
    def on_post(self, req: Request, resp: falcon.Response) -> CalendarLink:
        """Make a secret address at which a calendar finds the sessions, from 60 days back to 120 days ahead. It takes
        the place of the one before, which is not answered any more.
        """
        resp.set_header("Cache-Control", "no-store")
        return self._feeds.make(req.context.caller, now=req.context.now)

    @operation("deleteCalendarLink", "Take back the link", status=204)
    def on_delete(self, req: Request, resp: falcon.Response) -> None:
        """Take back the secret address; calendars that know it get nothing any more."""
        self._feeds.take_back(req.context.caller)


class FeedResource:
    """A student's feed. Whoever knows the address reads it, so that the address is never repeated anywhere."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds

    @operation(
        "getFeed",
        "Read the sessions as a calendar",
        query=FeedQuery,
        errors=(FeedNotFound, TooManyRequests),
        public=True,
        uncounted=True,
    )
    def on_get(self, req: Request, resp: falcon.Response, query: FeedQuery, token: str) -> None:
        """Answer the calendar, or 304 to who has it already."""
        tags = req.if_none_match or []
        feed = self._feeds.read(
            token,
            alarm=query.alarm,
            known=lambda tag: "*" in tags or tag in tags,
            address=req.context.address,
            now=req.context.now,
        )
        resp.etag = feed.tag
        resp.set_header("Cache-Control", _FRESH)
        if feed.text is None:
            resp.status = falcon.HTTP_304
            return
        resp.content_type = _CALENDAR
        resp.data = feed.text
