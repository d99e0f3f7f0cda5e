"""What a student changes of their account: the password, the address, and that it is there at all."""

from datetime import datetime
from uuid import UUID

import peewee

from schediora.audit import Act, Audit
from schediora.auth.attempts import Attempts
from schediora.auth.errors import EmailTaken, InvalidCredentials, WrongPassword
from schediora.auth.familiar import FamiliarAddresses
from schediora.auth.password_rules import refuse_obvious
from schediora.auth.passwords import Hasher, Outcome
from schediora.auth.queries import sign_in_of
from schediora.auth.schemas import EmailChange, PasswordChange, TokenPair
from schediora.auth.sign_ins import SignIns, Visitor, end_all_but
from schediora.errors import Code, Unauthenticated
from schediora.mail import links, outbox
from schediora.mail.outbox import Outbox
from schediora.models.auth import SignIn
from schediora.models.mail import MailKind
from schediora.models.users import User
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import ADDRESS_CHANGES
from schediora.users.locking import count_change, lock_student
from schediora.users.queries import user_by_email

_TAKEN = "There is already an account with this email address. Please choose another."


class Account:
    """Changes to an account, each of which asks for the password again: whoever holds an unlocked phone has a token."""

    def __init__(
        self,
        sign_ins: SignIns,
        hasher: Hasher,
        limits: RateLimits,
        attempts: Attempts,
        familiar: FamiliarAddresses,
        outbox: Outbox,
        audit: Audit,
    ) -> None:
        self._sign_ins = sign_ins
        self._limits = limits
        self._outbox = outbox
        self._hasher = hasher
        self._attempts = attempts
        self._familiar = familiar
        self._audit = audit

    def change_password(
        self, user_id: UUID, sign_in_id: UUID, wish: PasswordChange, *, visitor: Visitor, now: datetime
    ) -> TokenPair:
        """Set another password and return the only tokens that are good from now on.

        Every other sign-in ends, and this one goes on under another name, so that whatever was issued for it before is
        dead. Raises WrongPassword, Invalid for a password that others guess first, LimitReached, or Unavailable.
        """
        user = self._proven(Act.PASSWORD_CHANGE, user_id, wish.old_password, visitor, now)
        refuse_obvious(wish.new_password, user.email, field="new_password")
        fresh = self._hasher.hash(wish.new_password, familiar=True)
        with User.transaction():
            user = self._still(user)
            User.update(password_hash=fresh).where(User.id == user_id).execute()
            since = sign_in_of(user_id, sign_in_id).created_at
            SignIn.delete().where(SignIn.user == user_id).execute()
            session = self._sign_ins.open(user_id, visitor, now, since=since)
            self._audit.done(Act.PASSWORD_CHANGE, user_id, user.email)
            links.take_back(user_id)
            self._outbox.order(MailKind.PASSWORD_CHANGED, user.email, user_id, now=now)
        return self._sign_ins.pair(session)

    def change_email(
        self, user_id: UUID, sign_in_id: UUID, wish: EmailChange, *, visitor: Visitor, now: datetime
    ) -> None:
        """Give the account another address, which holds at once and is to be confirmed.

        Every other sign-in ends, and so does whatever was issued for this one before what it uses now. The old address
        is told. The address that it has already changes nothing, and gets another link while it is not confirmed.
        Raises WrongPassword, EmailTaken, LimitReached, or Unavailable.
        """
        proven = self._proven(Act.EMAIL_CHANGE, user_id, wish.password, visitor, now)
        self._limits.take(ADDRESS_CHANGES, user_id.hex)
        if wish.email != proven.email and user_by_email(wish.email):
            raise EmailTaken(_TAKEN)
        try:
            with User.transaction():
                user = self._still(proven)
                if wish.email != user.email:
                    self._move(user, sign_in_id, wish.email, now)
                    self._audit.done(Act.EMAIL_CHANGE, user_id, wish.email)
                if wish.email != user.email or user.email_confirmed_at is None:
                    self._outbox.order(MailKind.CONFIRM, wish.email, user_id, now=now)
        except peewee.IntegrityError:
            # Two who take one address at once: the unique index has the last word.
            raise EmailTaken(_TAKEN) from None

    def _move(self, user: User, sign_in_id: UUID, email: str, now: datetime) -> None:
        """Store another address, which nobody has confirmed yet, and end what the old one was good for."""
        User.update(email=email, email_confirmed_at=None).where(User.id == user.id).execute()
        end_all_but(user.id, sign_in_id)
        links.take_back(user.id)
        self._outbox.withdraw(user.email)
        self._outbox.order(MailKind.ADDRESS_CHANGED, user.email, user.id, now=now)
        count_change(user)

    def delete(self, user_id: UUID, password: str, *, visitor: Visitor, now: datetime) -> None:
        """Delete the student and everything that is theirs, at once; a job of theirs that runs finishes into nothing.

        Raises WrongPassword, LimitReached, or Unavailable.
        """
        user = self._proven(Act.DELETION, user_id, password, visitor, now)
        with User.transaction():
            outbox.forget(self._still(user).email)
            User.delete().where(User.id == user_id).execute()
            self._audit.done(Act.DELETION, user_id, user.email)

    def _proven(self, act: Act, user_id: UUID, password: str, visitor: Visitor, now: datetime) -> User:
        """Return the student who may do `act`, as it is their password; a wrong one counts like one at the door."""
        user: User | None = User.get_or_none(User.id == user_id)
        if user is None:
            raise Unauthenticated("This account no longer exists.")
        familiar = self._familiar.knows(user_id, visitor.address, now=now)
        try:
            with self._attempts.counted(user.email, visitor.address, familiar=familiar):
                if self._hasher.verify(password, user.password_hash, familiar=familiar) is Outcome.WRONG:
                    raise InvalidCredentials
        except InvalidCredentials:
            self._audit.refused(act, Code.WRONG_PASSWORD, user_id, user.email)
            raise WrongPassword() from None
        return user

    def _still(self, proven: User) -> User:
        """Take the student's row and return it; raise WrongPassword where the password was changed while it was
        checked.
        """
        user = lock_student(proven.id)
        if user.password_hash != proven.password_hash:
            raise WrongPassword()
        return user
