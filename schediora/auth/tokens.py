"""The two tokens of a sign-in: a signed access token for calls, and an opaque refresh token for the next pair."""

import hashlib
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from schediora.auth.errors import SignInExpired
from schediora.auth.keys import Keys
from schediora.errors import Unauthenticated
from schediora.http.opaque import OpaqueCodec

ALGORITHM = "HS256"
ISSUER = "schediora"
AUDIENCE = "schediora-api"
ACCESS = "access"
CLAIMS = ("sub", "sid", "gen", "iat", "exp", "iss", "aud", "typ")

REMEMBERED_FOR = timedelta(minutes=1)
"""So long a token that was verified is believed without looking at its signature again: an open app comes back within
15 seconds, three calls at once."""
MOST_REMEMBERED = 10_000

_ID_BYTES = 16
_GENERATION_BYTES = 6
_NAME_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: whose it is, and which generation of which sign-in."""

    user_id: UUID
    session_id: UUID
    generation: int


class _Verified:
    """What verified tokens say, by their hash, the oldest first; what a token says never changes, so only its time is
    judged again. Nothing here could sign anybody in.
    """

    def __init__(self) -> None:
        self._said: dict[bytes, tuple[AccessClaims, datetime, datetime, datetime]] = {}
        self._lock = threading.Lock()

    def find(self, name: bytes, now: datetime) -> tuple[AccessClaims, datetime] | None:
        """Return what a token says, and when it expires; None when that is to be verified."""
        found = self._said.get(name)
        return found[:2] if found and found[2] <= now < found[3] else None

    def note(self, name: bytes, claims: AccessClaims, expires_at: datetime, now: datetime) -> None:
        """Remember what a token says that was verified `now`."""
        with self._lock:
            self._said.pop(name, None)
            self._said[name] = claims, expires_at, now, now + REMEMBERED_FOR
            while len(self._said) > MOST_REMEMBERED:
                del self._said[next(iter(self._said))]


class AccessTokens:
    """Signs and reads access tokens (JWT, RFC 7519, HS256 alone)."""

    def __init__(self, keys: Keys) -> None:
        self._keys = tuple(keys.derived("schediora access token"))
        self._known = _Verified()

    def issue(self, claims: AccessClaims, *, issued_at: datetime, expires_at: datetime) -> str:
        """Return the token; the same arguments give the same token. Instants count in whole seconds."""
        payload = {
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "gen": claims.generation,
            "iat": int(issued_at.timestamp()),
            "exp": int(expires_at.timestamp()),
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": ACCESS,
        }
        return jwt.encode(payload, self._keys[0], ALGORITHM)

    def read(self, token: str, now: datetime) -> AccessClaims:
        """Return what `token` says; raise Unauthenticated when it is not ours, SignInExpired when its time is over.

        When it was issued is not held against the clock: after a clock was put right by a day, every token of that day
        would come from the future. Whether the sign-in lives is for its row to say.
        """
        name = hashlib.blake2b(token.encode(), digest_size=_NAME_BYTES).digest()
        known = self._known.find(name, now)
        claims, expires_at = known or _said_by(self._verified(token))
        if expires_at <= now:
            raise SignInExpired()
        if known is None:
            self._known.note(name, claims, expires_at, now)
        return claims

    def _verified(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that one of our keys signed, all there and meant for us; time is not judged."""
        if not _spelt_as_we_spell(token.rpartition(".")[2]):
            raise Unauthenticated()
        for key in self._keys:
            try:
                return jwt.decode(
                    token,
                    key,
                    [ALGORITHM],
                    issuer=ISSUER,
                    audience=AUDIENCE,
                    options={
                        "require": list(CLAIMS),
                        "strict_aud": True,
                        # These would read the machine's clock.
                        "verify_exp": False,
                        "verify_iat": False,
                    },
                )
            except jwt.InvalidTokenError:
                continue
        raise Unauthenticated()


def _said_by(payload: dict[str, Any]) -> tuple[AccessClaims, datetime]:
    """Return what verified claims say, and when they expire; raise Unauthenticated unless they are an access token's,
    each of its kind.
    """
    issued_at, expires_at = payload["iat"], payload["exp"]
    if payload["typ"] != ACCESS or not all(type(value) is int for value in (payload["gen"], issued_at, expires_at)):
        raise Unauthenticated()
    try:
        claims = AccessClaims(UUID(payload["sub"]), UUID(payload["sid"]), payload["gen"])
        return claims, datetime.fromtimestamp(expires_at, UTC)
    except (ValueError, AttributeError, OverflowError, OSError):
        raise Unauthenticated() from None


def _spelt_as_we_spell(signature: str) -> bool:
    """Say whether `signature` is the one base64url text of its bytes; what it signs is covered letter by letter."""
    try:
        raw = urlsafe_b64decode(signature + "==")
    except ValueError:
        return False
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=") == signature


class RefreshTokens:
    """Makes and reads refresh tokens: session id, generation and a MAC in 72 characters."""

    def __init__(self, keys: Keys) -> None:
        self._codec = OpaqueCodec(keys.derived("schediora refresh token"), content_bytes=_ID_BYTES + _GENERATION_BYTES)

    def issue(self, session_id: UUID, generation: int) -> str:
        """Return the token; the same arguments give the same token."""
        return self._codec.encode(session_id.bytes + generation.to_bytes(_GENERATION_BYTES, "big"))

    def read(self, token: str) -> tuple[UUID, int] | None:
        """Return the session id and generation that `token` names, or None unless one of our keys made it."""
        try:
            content = self._codec.decode(token)
        except ValueError:
            return None
        return UUID(bytes=content[:_ID_BYTES]), int.from_bytes(content[_ID_BYTES:], "big")
