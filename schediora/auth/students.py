"""What an operator does with students: find them, let them in, give them another password or a link to set one, end
their sign-ins, delete them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee

from schediora.auth.errors import EmailTaken
from schediora.auth.schemas import canonical
from schediora.errors import NotFound
from schediora.mail import links, outbox
from schediora.models.auth import SignIn
from schediora.models.mail import LinkPurpose
from schediora.models.users import User
from schediora.users.locking import lock_student
from schediora.users.queries import user_by_email
from schediora.users.service import add_user


class StudentNotFound(NotFound):
    """There is no such student; schediora users list shows those who are there."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A student as an operator sees them. `last_used_at` is kept to the hour; `sign_ins` are those that still last."""

    id: UUID
    email: str
    timezone: str | None
    created_at: datetime
    last_used_at: datetime | None
    sign_ins: int


def enrolled(*, address_part: str = "", limit: int, now: datetime) -> list[Enrolled]:
    """Return up to `limit` students whose address contains `address_part`, the newest first."""
    lasts = SignIn.revoked_at.is_null() & (SignIn.expires_at > now)
    users = User.select(User.id, User.email, User.timezone, User.created_at)
    if address_part:
        users = users.where(User.email.contains(address_part.lower()))
    found = list(users.order_by(User.id.desc()).limit(limit))
    signed_in = (
        SignIn.select(SignIn.user, peewee.fn.MAX(SignIn.last_used_at), peewee.fn.COUNT(peewee.Case(None, [(lasts, 1)])))
        .where(SignIn.user.in_([user.id for user in found]))
        .group_by(SignIn.user)
    )
    used = {row[0]: (row[1], row[2]) for row in _rows(signed_in)}
    return [
        Enrolled(user.id, user.email, user.timezone, user.created_at, *used.get(user.id, (None, 0))) for user in found
    ]


def _rows(query: Any) -> list[tuple[Any, ...]]:
    return list(query.tuples())


def student_called(name: str) -> User:
    """Return the student whose address or id is `name`; raise StudentNotFound."""
    try:
        found = user_by_email(canonical(name)) if "@" in name else User.get_or_none(User.id == UUID(name))
    except ValueError:
        found = None
    if found is None:
        raise StudentNotFound()
    return found


def enrol(email: str, password_hash: str, timezone: str | None, *, now: datetime) -> User:
    """Make a student without a sign-in; `email` is in its stored form. Raises EmailTaken."""
    try:
        with User.transaction():
            return add_user(email, password_hash, timezone, now=now)
    except peewee.IntegrityError:
        raise EmailTaken("A student with this address is there already.") from None


def set_password(user_id: UUID, password_hash: str, *, now: datetime) -> int:
    """Give a student another password, end every sign-in of theirs, and return how many that were.

    Raises Unauthenticated when they are gone.
    """
    with User.transaction():
        lock_student(user_id)
        User.update(password_hash=password_hash).where(User.id == user_id).execute()
        links.take_back(user_id)
        return _end_sign_ins(user_id, now)


def reset_path(user_id: UUID, *, now: datetime) -> str:
    """Return what comes after the service's address in a link by which a student sets a new password, for half an hour.

    Raises Unauthenticated when they are gone.
    """
    with User.transaction():
        address = lock_student(user_id).email
        return links.path_of(LinkPurpose.RESET, links.make(user_id, LinkPurpose.RESET, address, now=now))


def sign_out(user_id: UUID, *, now: datetime) -> int:
    """End every sign-in of a student, which takes the tokens on all their devices with it; return how many those were.

    Raises Unauthenticated when they are gone.
    """
    with User.transaction():
        lock_student(user_id)
        return _end_sign_ins(user_id, now)


def delete(user_id: UUID) -> None:
    """Delete a student and everything that is theirs; a job of theirs that runs finishes into nothing.

    Raises Unauthenticated when they are gone.
    """
    with User.transaction():
        outbox.forget(lock_student(user_id).email)
        User.delete().where(User.id == user_id).execute()


def _end_sign_ins(user_id: UUID, now: datetime) -> int:
    lasting: Sequence[object] = (SignIn.user == user_id, SignIn.revoked_at.is_null(), SignIn.expires_at > now)
    return int(SignIn.update(revoked_at=now).where(*lasting).execute())
