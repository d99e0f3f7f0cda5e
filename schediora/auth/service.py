"""Signing up, in and out, and keeping a sign-in alive."""

from datetime import datetime, timedelta
from uuid import UUID

import peewee
from pydantic import MISSING

from schediora import localtime, log
from schediora.auth.errors import EmailTaken, InvalidCredentials, InvalidRefreshToken, RefreshTokenReused, SignedOut
from schediora.auth.keys import Keys
from schediora.auth.passwords import Hasher
from schediora.auth.queries import SignInState, locked_session, sign_in
from schediora.auth.rotation import Generations, Verdict
from schediora.auth.schemas import Credentials, Registration, TokenPair, canonical
from schediora.auth.tokens import AccessClaims, AccessTokens, RefreshTokens
from schediora.http.caller import Caller
from schediora.models.auth import SignIn
from schediora.models.users import User
from schediora.settings.values import AuthSettings
from schediora.users.queries import user_by_email
from schediora.users.service import add_user

_log = log.get_logger(__name__)


class Auth:
    """The sign-ins of one server: its keys, its hasher and how long things last."""

    def __init__(self, keys: Keys, hasher: Hasher, lifetimes: AuthSettings, default_timezone: str) -> None:
        self._access = AccessTokens(keys)
        self._refresh = RefreshTokens(keys)
        self._hasher = hasher
        self._access_lifetime = timedelta(minutes=lifetimes.access_minutes)
        self._refresh_lifetime = timedelta(days=lifetimes.refresh_days)
        self._session_lifetime = timedelta(days=lifetimes.session_days)
        self._default_timezone = default_timezone

    def register(self, wish: Registration, *, now: datetime) -> TokenPair:
        """Make an account and sign it in; raise EmailTaken, or Unavailable when too many passwords are being hashed."""
        if user_by_email(wish.email):
            raise EmailTaken()
        password_hash = self._hasher.hash(wish.password)
        try:
            with User.transaction():
                user = add_user(wish.email, password_hash, None if wish.timezone is MISSING else wish.timezone, now=now)
                session = self._open(user.id, now)
        except peewee.IntegrityError:
            # Two registrations of one address at once: the unique index has the last word.
            raise EmailTaken() from None
        return self._pair(session)

    def login(self, claim: Credentials, *, now: datetime) -> TokenPair:
        """Sign in; raise InvalidCredentials after the same work whether or not the account exists, or Unavailable."""
        user = _claimed(claim.email)
        if not self._hasher.verify(claim.password, user.password_hash if user else None) or user is None:
            raise InvalidCredentials()
        fresh = self._hasher.hash(claim.password) if self._hasher.outdated(user.password_hash) else None
        try:
            with User.transaction():
                if fresh:
                    unchanged = (User.id == user.id) & (User.password_hash == user.password_hash)
                    User.update(password_hash=fresh).where(unchanged).execute()
                ended = (SignIn.user == user) & (SignIn.expires_at <= now)
                SignIn.delete().where(ended).execute()
                session = self._open(user.id, now)
        except peewee.IntegrityError:
            # The account was deleted while its password was checked.
            raise InvalidCredentials() from None
        return self._pair(session)

    def rotate(self, token: str, *, now: datetime) -> TokenPair:
        """Exchange a refresh token for the next pair, or repeat the current one for a call that came twice.

        Raises InvalidRefreshToken for what is no token of a living session, and RefreshTokenReused, once the whole
        session is revoked, for a token that should no longer be in anybody's hands.
        """
        named = self._refresh.read(token)
        if named is None:
            raise InvalidRefreshToken()
        session_id, generation = named
        with SignIn.transaction():
            session = locked_session(session_id)
            if session is None or session.revoked_at is not None or session.expires_at <= now:
                raise InvalidRefreshToken()
            chain = _chain(session)
            verdict = chain.judge(generation, since_rotation=now - session.rotated_at)
            if verdict is Verdict.EXCHANGE:
                self._advance(session, chain.exchanged(generation), now)
            elif verdict is Verdict.REUSE:
                session.revoked_at = now
                session.save(only=[SignIn.revoked_at])
        # Raised only here: the revocation must be committed although the call fails.
        if verdict is Verdict.REUSE:
            _log.warning("refresh_token_reused", session_id=str(session_id), user_id=str(session.user_id))
            raise RefreshTokenReused()
        return self._pair(session)

    def logout(self, token: str, *, now: datetime) -> None:
        """End the session that `token` belongs to, whatever its generation; a token of none is nothing to end."""
        if named := self._refresh.read(token):
            living = (SignIn.id == named[0]) & SignIn.revoked_at.is_null()
            SignIn.update(revoked_at=now).where(living).execute()

    def authenticate(self, token: str, now: datetime) -> Caller:
        """Return who presents the access token `token`, looking their session up in one query.

        A session that has ended takes its access tokens with it. The first token of a new generation also notes that
        the generation has reached the phone. Raises Unauthenticated: SignInExpired when opening the app again helps.
        """
        claims = self._access.read(token, now)
        found = self._living(claims, now)
        if claims.generation > found.used_generation and not self._mark_used(claims):
            # Rotated or marked by another call meanwhile: judge again by what holds now.
            found = self._living(claims, now)
        return Caller(claims.user_id, localtime.zone(found.timezone or self._default_timezone))

    def _living(self, claims: AccessClaims, now: datetime) -> SignInState:
        found = sign_in(claims.session_id, claims.user_id)
        if found is None or found.revoked or found.expires_at <= now or not _chain(found).accepts(claims.generation):
            raise SignedOut()
        return found

    def _mark_used(self, claims: AccessClaims) -> bool:
        current_and_unused = (
            (SignIn.id == claims.session_id)
            & (SignIn.generation == claims.generation)
            & (SignIn.used_generation < claims.generation)
            & SignIn.revoked_at.is_null()
        )
        return bool(SignIn.update(used_generation=claims.generation).where(current_and_unused).execute())

    def _open(self, user_id: UUID, now: datetime) -> SignIn:
        """Store a new session inside the caller's transaction."""
        ends_at = now + self._session_lifetime
        return SignIn.create(
            user=user_id,
            rotated_at=now,
            created_at=now,
            ends_at=ends_at,
            expires_at=min(now + self._refresh_lifetime, ends_at),
        )

    def _advance(self, session: SignIn, chain: Generations, now: datetime) -> None:
        session.generation, session.used_generation = chain.current, chain.used
        session.replaced_generation, session.skipped = chain.replaced, [list(pair) for pair in chain.skipped]
        session.rotated_at = now
        session.expires_at = min(now + self._refresh_lifetime, session.ends_at)
        session.save()

    def _pair(self, session: SignIn) -> TokenPair:
        """Return the pair of the current generation: a function of the row, so that calls at once get the same one."""
        issued_at = session.rotated_at.replace(microsecond=0)
        expires_at = min(issued_at + self._access_lifetime, session.expires_at.replace(microsecond=0))
        claims = AccessClaims(session.user_id, session.id, session.generation)
        return TokenPair(
            access_token=self._access.issue(claims, issued_at=issued_at, expires_at=expires_at),
            refresh_token=self._refresh.issue(session.id, session.generation),
            expires_in=int((expires_at - issued_at).total_seconds()),
        )


def _claimed(email: str) -> User | None:
    try:
        return user_by_email(canonical(email))
    except ValueError:
        return None


def _chain(session: SignIn | SignInState) -> Generations:
    return Generations(session.generation, session.used_generation, session.replaced_generation, session.skipped)
