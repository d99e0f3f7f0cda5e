"""Mails that are due, and the links that they carry."""

from enum import StrEnum
from uuid import UUID

import peewee

from schediora.db.base import Table
from schediora.db.fields import EnumField, InstantField
from schediora.models.users import User


class LinkPurpose(StrEnum):
    """What a link is good for."""

    RESET = "reset"
    CONFIRM = "confirm"


class MailKind(StrEnum):
    """What a mail is about; the first two carry a link for the purpose of the same name."""

    RESET = "reset"
    CONFIRM = "confirm"
    PASSWORD_CHANGED = "password_changed"
    ADDRESS_CHANGED = "address_changed"


class Mail(Table):
    """What is to be written to an address, or was: a job whose row is the truth.

    `due_at` is when it is to be tried next, null once there is nothing to send. `asked` are the seconds since 1970 at
    which it was due within the last hour before `asked_at`, when it was asked for last. `user` is null where a stranger
    asked, who does not learn whether the address is anybody's. Who is written to is decided when it is sent.
    """

    user_id: UUID | None

    address = peewee.TextField()
    kind = EnumField(MailKind)
    user = peewee.ForeignKeyField(User, null=True, on_delete="CASCADE", backref="mails", index=True)
    asked = peewee.JSONField()
    asked_at = InstantField(index=True)
    due_at = InstantField(null=True, index=True)
    tries = peewee.IntegerField(default=0)
    tried_at = InstantField(null=True)

    class Meta:
        """One row an address and kind."""

        table_name = "mails"
        primary_key = peewee.CompositeKey("address", "kind")


class Link(Table):
    """A link that was sent to an address and is good once; `token_hash` lets nobody use it."""

    user_id: UUID

    token_hash = peewee.TextField(primary_key=True)
    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="links", index=True)
    purpose = EnumField(LinkPurpose)
    address = peewee.TextField()
    expires_at = InstantField(index=True)

    class Meta:
        """Links of mails."""

        table_name = "links"
