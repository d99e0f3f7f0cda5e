"""The student's own calendar: the feed that goes there, and the busy times that come from it."""

import peewee

from schediora.db.base import Table
from schediora.db.fields import InstantField
from schediora.models.users import User


class CalendarFeed(Table):
    """The secret address of a student's feed, as a hash (SHA-256, in hexadecimal): its reader cannot open the feed."""

    user = peewee.ForeignKeyField(User, primary_key=True, on_delete="CASCADE", backref="calendar_feeds")
    token_hash = peewee.TextField(unique=True)
    created_at = InstantField()

    class Meta:
        """One a student; a new address takes the place of the one before."""

        table_name = "calendar_feeds"


class BusyCalendar(Table):
    """The calendar that a student uploaded: its text (RFC 5545, UTF-8, compressed by zlib), and when it is expanded
    next. `upload` names the one text, so that what was worked out from another is not stored.
    """

    user = peewee.ForeignKeyField(User, primary_key=True, on_delete="CASCADE", backref="busy_calendars")
    upload = peewee.UUIDField()
    text = peewee.BlobField()
    due_at = InstantField(index=True)

    class Meta:
        """One a student; a new one takes the place of the one before."""

        table_name = "busy_calendars"


class BusyTime(Table):
    """A stretch that the calendar takes up, from an instant to another. A student's lie apart from each other."""

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="busy_times", index=False)
    starts_at = InstantField()
    ends_at = InstantField()

    class Meta:
        """Found by student and end, in the order of which they also start."""

        table_name = "busy_times"
        primary_key = peewee.CompositeKey("user", "ends_at")
