"""The two tokens of a sign-in: a signed access token for calls, and an opaque refresh token for the next pair."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from schediora.auth.errors import SignInExpired
from schediora.auth.keys import Keys
from schediora.errors import Unauthenticated

ALGORITHM = "HS256"
ISSUER = "schediora"
AUDIENCE = "schediora-api"
ACCESS = "access"
CLAIMS = ("sub", "sid", "gen", "iat", "exp", "iss", "aud", "typ")
CLOCK_SKEW = timedelta(seconds=60)
"""How far two servers' clocks may differ before a token seems to come from the future."""

_ID_BYTES = 16
_GENERATION_BYTES = 6
_MAC_BYTES = hashlib.sha256().digest_size
_TOKEN_CHARACTERS = (_ID_BYTES + _GENERATION_BYTES + _MAC_BYTES) * 4 // 3


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: whose it is, and which generation of which sign-in."""

    user_id: UUID
    session_id: UUID
    generation: int


class AccessTokens:
    """Signs and reads access tokens (JWT, RFC 7519, HS256 alone)."""

    def __init__(self, keys: Keys) -> None:
        self._keys = tuple(keys.derived("schediora access token"))

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
        """Return what `token` says; raise Unauthenticated when it is not ours, SignInExpired when its time is over."""
        payload = self._verified(token)
        issued_at, expires_at = payload["iat"], payload["exp"]
        if payload["typ"] != ACCESS or not all(type(value) is int for value in (payload["gen"], issued_at, expires_at)):
            raise Unauthenticated()
        if issued_at > (now + CLOCK_SKEW).timestamp():
            raise Unauthenticated()
        if expires_at <= now.timestamp():
            raise SignInExpired()
        try:
            return AccessClaims(UUID(payload["sub"]), UUID(payload["sid"]), payload["gen"])
        except (ValueError, TypeError, AttributeError):
            raise Unauthenticated() from None

    def _verified(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that one of our keys signed, all there and meant for us; time is not judged."""
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
                        "verify_nbf": False,
                    },
                )
            # A header of many nested brackets overruns the JSON parser before its signature is looked at.
            except (jwt.InvalidTokenError, RecursionError):
                continue
        raise Unauthenticated()


class RefreshTokens:
    """Makes and reads refresh tokens: session id, generation and a MAC (HMAC-SHA256, RFC 2104) in 72 characters."""

    def __init__(self, keys: Keys) -> None:
        self._keys = tuple(keys.derived("schediora refresh token"))

    def issue(self, session_id: UUID, generation: int) -> str:
        """Return the token; the same arguments give the same token."""
        content = session_id.bytes + generation.to_bytes(_GENERATION_BYTES, "big")
        return urlsafe_b64encode(content + _mac(self._keys[0], content)).decode()

    def read(self, token: str) -> tuple[UUID, int] | None:
        """Return the session id and generation that `token` names, or None unless one of our keys made it."""
        if len(token) != _TOKEN_CHARACTERS or not token.isascii():
            return None
        try:
            raw = urlsafe_b64decode(token)
        except ValueError:
            return None
        content, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        # Compared after encoding, too: the decoder skips characters that are not in its alphabet.
        if urlsafe_b64encode(raw).decode() != token or not any(
            hmac.compare_digest(mac, _mac(key, content)) for key in self._keys
        ):
            return None
        return UUID(bytes=content[:_ID_BYTES]), int.from_bytes(content[_ID_BYTES:], "big")


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)
