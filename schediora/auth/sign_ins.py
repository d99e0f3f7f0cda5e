"""Opening sign-ins, moving them on, and giving the tokens that belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import peewee

from schediora.auth.familiar import FamiliarAddresses
from schediora.auth.keys import Keys
from schediora.auth.queries import locked_session
from schediora.auth.rotation import Generations
from schediora.auth.schemas import TokenPair
from schediora.auth.tokens import AccessClaims, AccessTokens, RefreshTokens
from schediora.models.auth import SignIn
from schediora.settings.values import AuthSettings

MOST_SIGN_INS = 20
"""So many phones and browsers a student is signed in on at once."""
_CLIENT_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks, as far as the call tells: an address, and what the client calls itself (`User-Agent`), if it does."""

    address: str
    client: str | None = None

    @property
    def shown_client(self) -> str | None:
        """The start of what the client calls itself, without what does not print."""
        return "".join(filter(str.isprintable, (self.client or "")[:_CLIENT_CHARACTERS])) or None


class SignIns:
    """The sign-ins of a server: how long they last, and the tokens that its keys make for them."""

    def __init__(self, keys: Keys, familiar: FamiliarAddresses, lifetimes: AuthSettings) -> None:
        self.access_tokens = AccessTokens(keys)
        self.refresh_tokens = RefreshTokens(keys)
        self._familiar = familiar
        self._access_lifetime = timedelta(minutes=lifetimes.access_minutes)
        self._refresh_lifetime = timedelta(days=lifetimes.refresh_days)
        self._session_lifetime = timedelta(days=lifetimes.session_days)

    def open(self, user_id: UUID, visitor: Visitor, now: datetime, *, since: datetime | None = None) -> SignIn:
        """Store a new session, and where it was opened, inside the caller's transaction; `since` when it is one that
        goes on under another name.
        """
        self._familiar.note(user_id, visitor.address, now=now)
        ends_at = now + self._session_lifetime
        return SignIn.create(
            user=user_id,
            client=visitor.shown_client,
            rotated_at=now,
            last_used_at=now,
            created_at=since or now,
            ends_at=ends_at,
            expires_at=min(now + self._refresh_lifetime, ends_at),
        )

    def advance(self, session: SignIn, chain: Generations, visitor: Visitor, now: datetime) -> None:
        """Store the next generation of a session, inside the caller's transaction."""
        session.generation, session.used_generation = chain.current, chain.used
        session.replaced_generation, session.skipped = chain.replaced, [list(pair) for pair in chain.skipped]
        session.rotated_at = session.last_used_at = now
        session.expires_at = min(now + self._refresh_lifetime, session.ends_at)
        session.client = visitor.shown_client
        session.save()

    def pair(self, session: SignIn) -> TokenPair:
        """Return the pair of the current generation: a function of the row, so that calls at once get the same one."""
        issued_at = session.rotated_at.replace(microsecond=0)
        expires_at = min(issued_at + self._access_lifetime, session.expires_at.replace(microsecond=0))
        claims = AccessClaims(session.user_id, session.id, session.generation)
        return TokenPair(
            access_token=self.access_tokens.issue(claims, issued_at=issued_at, expires_at=expires_at),
            refresh_token=self.refresh_tokens.issue(session.id, session.generation),
            expires_in=int((expires_at - issued_at).total_seconds()),
        )


def make_room(user_id: UUID, now: datetime) -> None:
    """Delete the student's sign-ins that have ended, and those that are too many with one more, the longest unused
    first.
    """
    ended = (SignIn.expires_at <= now) | SignIn.revoked_at.is_null(False)
    SignIn.delete().where((SignIn.user == user_id) & ended).execute()
    last_use = peewee.fn.COALESCE(SignIn.last_used_at, SignIn.rotated_at)
    by_use = SignIn.select(SignIn.id).where(SignIn.user == user_id).order_by(last_use.desc(), SignIn.id.desc())
    too_many = SignIn.id.in_(by_use.offset(MOST_SIGN_INS - 1))
    SignIn.delete().where((SignIn.user == user_id) & too_many).execute()


def end_all_but(user_id: UUID, sign_in_id: UUID) -> None:
    """Delete the student's other sign-ins, and end what was issued for this one before the generation that it uses, in
    the caller's transaction. Its newest tokens stay good.
    """
    SignIn.delete().where((SignIn.user == user_id) & (SignIn.id != sign_in_id)).execute()
    session = locked_session(sign_in_id)
    if session is not None and session.used_generation > 1:
        session.skipped = [[1, session.used_generation - 1], *_after(session.skipped, session.used_generation)]
        session.save(only=[SignIn.skipped])


def _after(ranges: Sequence[Sequence[int]], generation: int) -> list[list[int]]:
    return [list(each) for each in ranges if each[0] > generation]
