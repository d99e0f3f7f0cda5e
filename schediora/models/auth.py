"""Sign-ins."""

from uuid import UUID

import peewee

from schediora.db.base import Entity
from schediora.db.fields import InstantField
from schediora.models.users import User


class SignIn(Entity):
    """One sign-in and its chain of refresh tokens, kept as generation numbers: nothing here lets its reader sign in.

    `generation` is the last one issued, `used_generation` the newest that is known to have reached the phone,
    `replaced_generation` the one that the last rotation exchanged. `skipped` lists the generations that died unused,
    as ranges `[first, last]`.
    """

    user_id: UUID

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="sessions", index=True)
    generation = peewee.IntegerField(default=1)
    used_generation = peewee.IntegerField(default=0)
    replaced_generation = peewee.IntegerField(default=0)
    skipped = peewee.JSONField(default=list)
    rotated_at = InstantField()
    expires_at = InstantField()
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
