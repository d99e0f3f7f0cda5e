"""Calls that may be sent again: the phone did not hear the answer, and must not have done it twice."""

import peewee

from schediora.db.base import Table
from schediora.db.fields import InstantField
from schediora.models.users import User


class IdempotencyKey(Table):
    """The key that a student's client gave one call, and, once that has happened, what it was answered.

    `call` is the method with the path, `body_mac` a keyed hash of the body, `begun_at` when somebody last set about it.
    `answer` is encrypted under the server's key; null as long as nothing has happened.
    """

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="idempotency_keys", index=False)
    key = peewee.TextField()
    call = peewee.TextField()
    body_mac = peewee.TextField()
    begun_at = InstantField(index=True)
    answer = peewee.BlobField(null=True)

    class Meta:
        """One row a student and key."""

        table_name = "idempotency_keys"
        primary_key = peewee.CompositeKey("user", "key")
