"""Getting back into an account whose password is forgotten, and showing that its address is one's own: by links that go
to that address. Who reads the mailbox owns the account.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from schediora.audit import Act, Audit
from schediora.auth.attempts import Attempts
from schediora.auth.password_rules import refuse_obvious
from schediora.auth.passwords import Hasher
from schediora.auth.schemas import PasswordReset, TokenPair, canonical
from schediora.auth.sign_ins import SignIns, Visitor
from schediora.errors import Code, Unauthenticated
from schediora.mail import links
from schediora.mail.errors import InvalidLink
from schediora.mail.outbox import Outbox
from schediora.models.auth import SignIn
from schediora.models.mail import LinkPurpose, Mail, MailKind
from schediora.models.users import User
from schediora.users.locking import count_change, lock_student


class Recovery:
    """What links are asked for and used for."""

    def __init__(self, sign_ins: SignIns, hasher: Hasher, attempts: Attempts, outbox: Outbox, audit: Audit) -> None:
        self._sign_ins = sign_ins
        self._hasher = hasher
        self._attempts = attempts
        self._outbox = outbox
        self._audit = audit

    @property
    def by_mail(self) -> bool:
        """Whether links are sent; else whoever runs the server makes them."""
        return self._outbox.sends

    def forgot(self, email: str, *, now: datetime) -> None:
        """Have a link for a new password sent to `email`, if that is a student's.

        Whether it is one is only looked up when the mail is written, so that nobody learns it from how long this takes.
        """
        try:
            address = canonical(email)
        except ValueError:
            return
        with Mail.transaction():
            self._outbox.order(MailKind.RESET, address, None, now=now)
            self._audit.done(Act.PASSWORD_LINK, None, address)

    def reset(self, wish: PasswordReset, *, visitor: Visitor, now: datetime) -> TokenPair:
        """Set the password that a link allows, and return the only tokens that are good from now on.

        Every sign-in ends, all data stays, the address is confirmed, and failed sign-ins count no more. Raises
        InvalidLink, Invalid for a password that others guess first, or Unavailable when too many passwords are being
        hashed.
        """
        with self._noting_bad_links(Act.PASSWORD_RESET):
            user_id = links.owner(wish.token, LinkPurpose.RESET, now=now)
            user: User | None = User.get_or_none(User.id == user_id)
            if user is None:
                raise InvalidLink()
        refuse_obvious(wish.new_password, user.email, field="new_password")
        fresh = self._hasher.hash(wish.new_password, familiar=True)
        with self._noting_bad_links(Act.PASSWORD_RESET), User.transaction():
            user = _used_by(user_id, wish.token, LinkPurpose.RESET, now)
            links.take_back(user_id)
            _confirm(user, now, password_hash=fresh)
            SignIn.delete().where(SignIn.user == user_id).execute()
            session = self._sign_ins.open(user_id, visitor, now)
            self._outbox.withdraw(user.email, (MailKind.RESET, MailKind.CONFIRM))
            self._outbox.order(MailKind.PASSWORD_CHANGED, user.email, user_id, now=now)
            self._audit.done(Act.PASSWORD_RESET, user_id, user.email)
        self._attempts.lift(user.email, visitor.address)
        return self._sign_ins.pair(session)

    def confirm(self, token: str, *, now: datetime) -> None:
        """Note that the student reads what is sent to their address; raise InvalidLink."""
        with self._noting_bad_links(Act.EMAIL_CONFIRMATION), User.transaction():
            user_id = links.owner(token, LinkPurpose.CONFIRM, now=now)
            user = _used_by(user_id, token, LinkPurpose.CONFIRM, now)
            _confirm(user, now)
            self._outbox.withdraw(user.email, (MailKind.CONFIRM,))
            self._audit.done(Act.EMAIL_CONFIRMATION, user_id, user.email)

    @contextmanager
    def _noting_bad_links(self, act: Act) -> Iterator[None]:
        try:
            yield
        except InvalidLink:
            self._audit.refused(act, Code.INVALID_LINK)
            raise


def _used_by(user_id: UUID, token: str, purpose: LinkPurpose, now: datetime) -> User:
    """Use a link up and return its student, whose row is taken; of several calls at once one gets here."""
    try:
        user = lock_student(user_id)
    except Unauthenticated:
        raise InvalidLink() from None
    links.use(token, purpose, user, now=now)
    return user


def _confirm(user: User, now: datetime, **columns: object) -> None:
    """Store that the address is the student's own, and what else changes with it."""
    User.update(email_confirmed_at=user.email_confirmed_at or now, **columns).where(User.id == user.id).execute()
    count_change(user)
