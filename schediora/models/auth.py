"""Sign-ins, and where students sign in from."""

from uuid import UUID

import peewee

from schediora.db.base import Entity, Table
from schediora.db.fields import InstantField
from schediora.models.users import User


class SignIn(Entity):
    """One sign-in and its chain of refresh tokens, kept as generation numbers: nothing here lets its reader sign in.

    `generation` is the last one issued, `used_generation` the newest that is known to have reached the phone,
    `replaced_generation` the one that the last rotation exchanged. `skipped` lists the generations that died unused,
    as ranges `[first, last]`. `last_used_at` is kept to the hour; it is null in rows that were not used since before it
    was kept. `client` is what the phone or browser called itself last (its `User-Agent`), null where it did not.
    """

    user_id: UUID

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="sessions", index=True)
    generation = peewee.IntegerField(default=1)
    used_generation = peewee.IntegerField(default=0)
    replaced_generation = peewee.IntegerField(default=0)
    skipped = peewee.JSONField(default=list)
    rotated_at = InstantField()
    last_used_at = InstantField(null=True)
    client = peewee.TextField(null=True)
    expires_at = InstantField(index=True)
    ends_at = InstantField()
    revoked_at = InstantField(null=True)
    created_at = InstantField()

    class Meta:
        """A generation is known to be used only after it was issued."""

        table_name = "refresh_tokens"
        constraints = [
            peewee.Check(
                "used_generation <= generation AND replaced_generation < generation",
                name="ck_refresh_tokens_generations",
            )
        ]


class FamiliarAddress(Table):
    """An address from which a student registered, signed in or refreshed well, and the day (UTC) when they last did.

    `address` is a keyed hash, so that the table tells nobody where students are.
    """

    user_id: UUID

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="familiar_addresses", index=False)
    address = peewee.TextField()
    day = peewee.DateField(index=True)

    class Meta:
        """One row a student and address."""

        table_name = "familiar_addresses"
        primary_key = peewee.CompositeKey("user", "address")
