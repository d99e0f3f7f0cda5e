"""What a student changes of their account: the password, and that it is there at all."""

from datetime import datetime
from uuid import UUID

from schediora.audit import Act, Audit
from schediora.auth.attempts import Attempts
from schediora.auth.errors import InvalidCredentials, WrongPassword
from schediora.auth.familiar import FamiliarAddresses
from schediora.auth.password_rules import refuse_obvious
from schediora.auth.passwords import Hasher, Outcome
from schediora.auth.queries import sign_in_of
from schediora.auth.schemas import PasswordChange, TokenPair
from schediora.auth.sign_ins import SignIns, Visitor
from schediora.errors import Code, Unauthenticated
from schediora.models.auth import SignIn
from schediora.models.users import User
from schediora.users.locking import lock_student


class Account:
    """Changes to an account, each of which asks for the password again: whoever holds an unlocked phone has a token."""

    def __init__(
        self, sign_ins: SignIns, hasher: Hasher, attempts: Attempts, familiar: FamiliarAddresses, audit: Audit
    ) -> None:
        self._sign_ins = sign_ins
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
            self._still(user)
            User.update(password_hash=fresh).where(User.id == user_id).execute()
            since = sign_in_of(user_id, sign_in_id).created_at
            SignIn.delete().where(SignIn.user == user_id).execute()
            session = self._sign_ins.open(user_id, visitor, now, since=since)
            self._audit.done(Act.PASSWORD_CHANGE, user_id, user.email)
        return self._sign_ins.pair(session)

    def delete(self, user_id: UUID, password: str, *, visitor: Visitor, now: datetime) -> None:
        """Delete the student and everything that is theirs, at once; a job of theirs that runs finishes into nothing.

        Raises WrongPassword, LimitReached, or Unavailable.
        """
        user = self._proven(Act.DELETION, user_id, password, visitor, now)
        with User.transaction():
            self._still(user)
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

    def _still(self, proven: User) -> None:
        """Take the student's row; raise WrongPassword where the password was changed while it was checked."""
        if lock_student(proven.id).password_hash != proven.password_hash:
            raise WrongPassword()
