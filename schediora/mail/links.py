"""Links that prove who reads a mailbox: random, good once and for a while, and only for the address they went to."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from schediora.mail.errors import InvalidLink
from schediora.models.mail import Link, LinkPurpose
from schediora.models.users import User

GOOD_FOR = timedelta(minutes=30)
"""From when it is sent; OWASP ASVS 5, 6.4.3, asks for links that are short-lived."""
_TOKEN_BYTES = 32
"""256 bits: nobody guesses them, so their hash needs no key."""


def make(user_id: UUID, purpose: LinkPurpose, address: str, *, now: datetime) -> str:
    """Store a link for the student at `address` and return its token, which is written nowhere else."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    Link.create(token_hash=_hash(token), user=user_id, purpose=purpose, address=address, expires_at=now + GOOD_FOR)
    return token


def owner(token: str, purpose: LinkPurpose, *, now: datetime) -> UUID:
    """Return whose link it is that `token` makes, unused; raise InvalidLink."""
    found: Link | None = Link.get_or_none(_good(token, purpose, now))
    if found is None:
        raise InvalidLink()
    return found.user_id


def use(token: str, purpose: LinkPurpose, user: User, *, now: datetime) -> None:
    """Use the link of a locked student up, inside the caller's transaction; raise InvalidLink, also where it went to
    another address than theirs is now.
    """
    theirs = (Link.user == user) & (Link.address == user.email)
    if not Link.delete().where(theirs & _good(token, purpose, now)).execute():
        raise InvalidLink()


def take_back(user_id: UUID) -> None:
    """Make every link of the student good for nothing."""
    Link.delete().where(Link.user == user_id).execute()


def path_of(purpose: LinkPurpose, token: str) -> str:
    """Return what comes after the service's address in a link. The token is in the fragment, so that no server's log,
    no proxy and no `Referer` ever has it.
    """
    return f"/#{purpose}={token}"


def _good(token: str, purpose: LinkPurpose, now: datetime) -> object:
    return (Link.token_hash == _hash(token)) & (Link.purpose == purpose) & (Link.expires_at > now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
