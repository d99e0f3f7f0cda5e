"""Signing up, in and out, and keeping a sign-in alive."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee
from pydantic import MISSING

from schediora import localtime
from schediora.audit import Act, Audit
from schediora.auth.account import Account
from schediora.auth.arrivals import Arrivals
from schediora.auth.attempts import Attempts
from schediora.auth.devices import Devices
from schediora.auth.errors import EmailTaken, InvalidCredentials, InvalidRefreshToken, RefreshTokenReused, SignedOut
from schediora.auth.familiar import FamiliarAddresses
from schediora.auth.keys import Keys
from schediora.auth.password_rules import refuse_obvious
from schediora.auth.passwords import Hasher, Outcome
from schediora.auth.queries import SignInRow, SignInState, locked_session, sign_in_row, sign_in_state
from schediora.auth.recovery import Recovery
from schediora.auth.rotation import Generations, Verdict
from schediora.auth.schemas import Credentials, Registration, TokenPair, canonical
from schediora.auth.sign_ins import SignIns, Visitor, make_room
from schediora.auth.tokens import AccessClaims
from schediora.db.database import UNREACHABLE
from schediora.errors import Code, Unauthenticated, Unavailable
from schediora.http.caller import Arrival, Caller
from schediora.http.client_address import network_of
from schediora.mail.outbox import Outbox
from schediora.models.auth import SignIn
from schediora.models.mail import MailKind
from schediora.models.users import User
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import BAD_TOKENS, REFRESHES
from schediora.settings.values import AuthSettings
from schediora.users.locking import lock_student
from schediora.users.queries import email_of, user_by_email
from schediora.users.service import add_user

_HOUR = timedelta(hours=1)
_NOBODY = UUID(int=0)


class _PasswordChanged(Exception):
    """The password was set anew, or hashed anew, while this one was checked against what was stored before."""


class Auth:
    """The sign-ins of one server: its keys, its hasher and how long things last."""

    def __init__(
        self,
        keys: Keys,
        hasher: Hasher,
        limits: RateLimits,
        audit: Audit,
        lifetimes: AuthSettings,
        default_timezone: str,
        outbox: Outbox,
    ) -> None:
        self._arrivals = Arrivals()
        self._familiar = FamiliarAddresses(keys)
        self._sign_ins = SignIns(keys, self._familiar, lifetimes)
        self._hasher = hasher
        self._limits = limits
        self._attempts = Attempts(limits)
        self._audit = audit
        self._default_timezone = default_timezone
        self._outbox = outbox
        self.account = Account(self._sign_ins, hasher, limits, self._attempts, self._familiar, outbox, audit)
        self.recovery = Recovery(self._sign_ins, hasher, self._attempts, outbox, audit)
        self.devices = Devices(audit)

    def register(self, wish: Registration, *, visitor: Visitor, now: datetime) -> TokenPair:
        """Make an account and sign it in; its address is to be confirmed where mail is sent.

        Raises Invalid for a password that others guess first, EmailTaken, LimitReached, or Unavailable when too many
        passwords are being hashed.
        """
        refuse_obvious(wish.password, wish.email)
        with self._attempts.registering(visitor.address):
            if user_by_email(wish.email):
                raise EmailTaken()
            session = self._opened(wish, self._hasher.hash(wish.password), visitor, now)
        return self._sign_ins.pair(session)

    def login(self, claim: Credentials, *, visitor: Visitor, now: datetime) -> TokenPair:
        """Sign in; raise InvalidCredentials after the same work whether or not the account exists, or Unavailable.

        Raises LimitReached, before that work, where too many sign-ins have failed. The student's sign-ins that have
        ended go, and beyond 20 the one that has been unused for longest.
        """
        email, user = _claimed(claim.email)
        familiar = self._familiar.knows(user.id if user else _NOBODY, visitor.address, now=now)
        with self._attempts.counted(email, visitor.address, familiar=familiar):
            stored = user.password_hash if user else None
            outcome = self._hasher.verify(claim.password, stored, familiar=familiar)
            if outcome is Outcome.WRONG or user is None:
                self._audit.refused(Act.SIGN_IN, Code.INVALID_CREDENTIALS, user.id if user else None, email)
                raise InvalidCredentials()
        fresh = self._renewed(claim.password) if outcome is Outcome.OUTDATED else None
        try:
            with User.transaction():
                if lock_student(user.id).password_hash != user.password_hash:
                    raise _PasswordChanged
                if fresh:
                    User.update(password_hash=fresh).where(User.id == user.id).execute()
                make_room(user.id, now)
                session = self._sign_ins.open(user.id, visitor, now)
                self._audit.done(Act.SIGN_IN, user.id, email)
        except Unauthenticated:
            # The account was deleted while its password was checked.
            self._audit.refused(Act.SIGN_IN, Code.INVALID_CREDENTIALS, user.id, email)
            raise InvalidCredentials() from None
        except _PasswordChanged:
            return self.login(claim, visitor=visitor, now=now)
        return self._sign_ins.pair(session)

    def rotate(self, token: str, *, visitor: Visitor, now: datetime) -> TokenPair:
        """Exchange a refresh token for the next pair, or repeat the current one for a call that came twice.

        Raises InvalidRefreshToken for what is no token of a living session, RefreshTokenReused, once the whole session
        is revoked, for a token that should no longer be in anybody's hands, and LimitReached.
        """
        try:
            return self._rotated(token, visitor, now)
        except InvalidRefreshToken:
            self._limits.take(BAD_TOKENS, network_of(visitor.address))
            raise

    def _rotated(self, token: str, visitor: Visitor, now: datetime) -> TokenPair:
        named = self._sign_ins.refresh_tokens.read(token)
        if named is None:
            raise InvalidRefreshToken()
        session_id, generation = named
        self._limits.take(REFRESHES, session_id.hex)
        with SignIn.transaction():
            session = locked_session(session_id)
            if session is None or session.revoked_at is not None or session.expires_at <= now:
                raise InvalidRefreshToken()
            chain = _chain(session)
            verdict = chain.judge(generation, since_rotation=now - session.rotated_at)
            if verdict is Verdict.EXCHANGE:
                self._sign_ins.advance(session, chain.exchanged(generation), visitor, now)
                self._familiar.note(session.user_id, visitor.address, now=now)
            elif verdict is Verdict.REUSE:
                session.revoked_at = now
                session.save(only=[SignIn.revoked_at])
        # Raised only here: the revocation must be committed although the call fails.
        if verdict is Verdict.REUSE:
            self._audit.refused(Act.REFRESH, Code.REFRESH_TOKEN_REUSED, session.user_id, email_of(session.user_id))
            raise RefreshTokenReused()
        return self._sign_ins.pair(session)

    def logout(self, token: str, *, now: datetime) -> None:
        """End the session that `token` belongs to, whatever its generation; a token of none is nothing to end."""
        named = self._sign_ins.refresh_tokens.read(token)
        session = SignIn.get_or_none(SignIn.id == named[0]) if named else None
        if session is None:
            return
        living = (SignIn.id == session.id) & (SignIn.user == session.user_id) & SignIn.revoked_at.is_null()
        if SignIn.update(revoked_at=now).where(living).execute():
            self._audit.done(Act.SIGN_OUT, session.user_id, email_of(session.user_id))

    def authenticate(self, token: str, now: datetime) -> Arrival:
        """Return who presents the access token `token`, and the state of what they have, looked up in one query.

        A session that has ended takes its access tokens with it. The first token of a new generation also notes that
        the generation has reached the phone, and once an hour that the session is used. Raises Unauthenticated:
        SignInExpired when opening the app again helps.
        """
        claims = self._sign_ins.access_tokens.read(token, now)
        row = sign_in_row(claims.session_id, claims.user_id)
        if row is None:
            raise SignedOut()
        return self._arrivals.find(claims, row, now) or self._judged(claims, row, now)

    def _opened(self, wish: Registration, password_hash: str, visitor: Visitor, now: datetime) -> SignIn:
        timezone = None if wish.timezone is MISSING else wish.timezone
        try:
            with User.transaction():
                user = add_user(wish.email, password_hash, timezone, now=now)
                session = self._sign_ins.open(user.id, visitor, now)
                self._audit.done(Act.REGISTRATION, user.id, wish.email)
                self._outbox.order(MailKind.CONFIRM, user.email, user.id, now=now)
                return session
        except peewee.IntegrityError:
            # Two registrations of one address at once: the unique index has the last word.
            raise EmailTaken() from None

    def _judged(self, claims: AccessClaims, row: SignInRow, now: datetime) -> Arrival:
        found = _living(claims, row, now)
        used_until = found.last_used_at + _HOUR if found.last_used_at else now
        new = claims.generation > found.used_generation or now >= used_until
        if new:
            with suppress(*UNREACHABLE):  # a full disk, or a standby, keeps nobody from reading; the next call notes it
                found = self._noted(claims, found, now)
        zone = localtime.zone(found.timezone or self._default_timezone)
        arrival = Arrival(Caller(claims.user_id, zone, found.day_starts_at or 0), found.state, claims.session_id)
        if not new:
            self._arrivals.note(claims, row, arrival, since=now, until=min(found.expires_at, used_until))
        return arrival

    def _noted(self, claims: AccessClaims, found: SignInState, now: datetime) -> SignInState:
        """Note that the sign-in is used, which is new, and return its state."""
        if claims.generation <= found.used_generation:
            SignIn.update(last_used_at=now).where(_row_of(claims)).execute()
        elif not self._mark_used(claims, now):
            # Rotated or marked by another call meanwhile: judge again by what holds now.
            return _living(claims, sign_in_row(claims.session_id, claims.user_id), now)
        return found

    def _mark_used(self, claims: AccessClaims, now: datetime) -> bool:
        current_and_unused = (
            _row_of(claims)
            & (SignIn.generation == claims.generation)
            & (SignIn.used_generation < claims.generation)
            & SignIn.revoked_at.is_null()
        )
        used = SignIn.update(used_generation=claims.generation, last_used_at=now)
        return bool(used.where(current_and_unused).execute())

    def _renewed(self, password: str) -> str | None:
        """Return a hash as we make them today, or None when there is no turn for it: the next sign-in is as good."""
        try:
            return self._hasher.hash(password, familiar=True)
        except Unavailable:
            return None


def _claimed(email: str) -> tuple[str, User | None]:
    """Return the address that is meant, in its stored form, and whose it is."""
    try:
        email = canonical(email)
    except ValueError:
        return email, None
    return email, user_by_email(email)


def _row_of(claims: AccessClaims) -> Any:
    return (SignIn.id == claims.session_id) & (SignIn.user == claims.user_id)


def _living(claims: AccessClaims, row: SignInRow | None, now: datetime) -> SignInState:
    found = sign_in_state(row) if row else None
    if found is None or found.revoked or found.expires_at <= now or not _chain(found).accepts(claims.generation):
        raise SignedOut()
    return found


def _chain(session: SignIn | SignInState) -> Generations:
    return Generations(session.generation, session.used_generation, session.replaced_generation, session.skipped)
