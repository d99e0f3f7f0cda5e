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
