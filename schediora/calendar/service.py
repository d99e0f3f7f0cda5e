"""Making, taking back and reading a student's feed."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schediora.audit import Act, Audit
from schediora.calendar.errors import FeedNotFound
from schediora.calendar.icalendar_text import calendar_text
from schediora.calendar.queries import entries_between, student_of, token_hash
from schediora.calendar.schemas import CalendarLink
from schediora.http.caller import Caller
from schediora.http.client_address import network_of
from schediora.localtime import at_minute
from schediora.models.calendar import CalendarFeed
from schediora.models.users import User
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import FEED_MISSES, FEED_READINGS
from schediora.users.locking import lock_student
from schediora.users.queries import email_of

TOKEN_BYTES = 16
"""128 bits: nobody guesses them."""
DAYS_BACK = timedelta(days=60)
DAYS_AHEAD = timedelta(days=120)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_TAG_CHARACTERS = 32
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FeedText:
    """What a feed answers; `text` is None for a reader who has what bears the tag already."""

    tag: str
    text: bytes | None


class Feeds:
    """The students' feeds, as this server offers them: `public_url` is its own address, without a slash at its end."""

    def __init__(
        self, limits: RateLimits, audit: Audit, *, public_url: str, default_timezone: str, release: str
    ) -> None:
        self._limits = limits
        self._audit = audit
        self._public_url = public_url
        self._default_timezone = default_timezone
        self._release = release

    def make(self, caller: Caller, *, now: datetime) -> CalendarLink:
        """Give the student a new secret address; the one before is nobody's from now on."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with User.transaction():
            user = lock_student(caller.user_id)
            CalendarFeed.delete().where(CalendarFeed.user == user).execute()
            CalendarFeed.create(user=user, token_hash=token_hash(token), created_at=now)
            self._audit.done(Act.FEED, user.id, user.email)
        return CalendarLink(url=f"{self._public_url}/calendar/{token}.ics")

    def take_back(self, caller: Caller) -> None:
        """Make the student's address nobody's; nothing happens when they have none."""
        if CalendarFeed.delete().where(CalendarFeed.user == caller.user_id).execute():
            self._audit.done(Act.FEED_END, caller.user_id, email_of(caller.user_id))

    def read(
        self, token: str, *, alarm: int | None, known: Callable[[str], bool], address: str, now: datetime
    ) -> FeedText:
        """Return the feed of `token`: the sessions from 60 days back to 120 days ahead.

        `known` tells whether the reader has what bears a tag. Raises FeedNotFound, and LimitReached for a feed that is
        asked for too often and for an `address` that asks for too many that do not exist.
        """
        student = student_of(token, self._default_timezone) if _TOKEN.fullmatch(token) else None
        if student is None:
            self._limits.take(FEED_MISSES, network_of(address))
            raise FeedNotFound()
        self._limits.take(FEED_READINGS, student.user_id.hex)
        today, tz = student.today(now), student.zone
        first, last = at_minute(today - DAYS_BACK, 0, tz), at_minute(today + DAYS_AHEAD + _DAY, 0, tz)
        entries = entries_between(student.user_id, first, last)
        # All that the text follows from: reading it costs little beside writing the text.
        parts = (entries, tz.key, today.year, alarm, self._release)
        tag = hashlib.sha256(repr(parts).encode()).hexdigest()[:_TAG_CHARACTERS]
        return FeedText(tag, None if known(tag) else calendar_text(entries, tz, today.year, alarm=alarm))
