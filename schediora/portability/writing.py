"""Writing a student's export: a page of rows at a time, all of one moment."""

import zlib
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic_core import to_json

from schediora.errors import Unauthenticated
from schediora.models.calendar import BusyCalendar, CalendarFeed
from schediora.models.users import User
from schediora.portability import parts
from schediora.portability.parts import Part
from schediora.portability.queries import only_row, pages, user_of
from schediora.portability.schemas import FORMAT, VERSION


class Sink(Protocol):
    """What takes the bytes of a document."""

    def write(self, data: bytes, /) -> object:
        """Take some more."""


def write_export(user_id: UUID, to: Sink, *, default_timezone: str, release: str, now: datetime) -> None:
    """Write the student's document, UTF-8 with a row in each line, as it is in one moment of the database.

    `default_timezone` is the zone of students who never set one. Raises Unauthenticated when the account is gone.
    """
    with User.snapshot():
        user = user_of(user_id)
        if user is None:
            raise Unauthenticated("This account no longer exists.")
        account = {name: getattr(user, name) for name in parts.ACCOUNT.columns}
        feed = only_row(CalendarFeed, ("created_at",), user_id)
        calendar = only_row(BusyCalendar, ("text",), user_id)
        preferences = only_row(parts.PREFERENCES.model, parts.PREFERENCES.columns, user_id)
        _member(to, "format", FORMAT, before=b"{\n")
        _member(to, "version", VERSION)
        _member(to, "exported_at", now)
        _member(to, "release", release)
        _member(to, "account", account | {"timezone": user.timezone or default_timezone})
        _member(to, "preferences", preferences and parts.PREFERENCES.shaped(preferences))
        _list(to, parts.PLANS, user_id)
        _list(to, parts.SESSIONS, user_id)
        _list(to, parts.CHANGES, user_id)
        _list(to, parts.LISTS, user_id)
        _list(to, parts.MEMORIES, user_id)
        _member(to, "calendar_feed_since", feed and feed["created_at"])
        _member(to, "busy_calendar", calendar and zlib.decompress(calendar["text"]).decode())
        _list(to, parts.BUSY_TIMES, user_id)
        _list(to, parts.JOBS, user_id)
        _list(to, parts.DEVICES, user_id)
    to.write(b"\n}\n")


def _member(to: Sink, name: str, value: Any, *, before: bytes = b",\n") -> None:
    to.write(before + to_json(name) + b": " + to_json(value))


def _list(to: Sink, part: Part, user_id: UUID) -> None:
    before = b",\n" + to_json(part.name) + b": [\n"
    empty = True
    for rows in pages(part.model, part.columns, part.key, user_id):
        to.write(before + b",\n".join(to_json(part.shaped(row)) for row in rows))
        before, empty = b",\n", False
    to.write(before + b"]" if empty else b"\n]")
