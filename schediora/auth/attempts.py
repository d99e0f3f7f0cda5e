"""Attempts to sign in: counted before a password is hashed, so that guessing is slow and costs the server little."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from schediora.auth.errors import InvalidCredentials
from schediora.http.client_address import network_of
from schediora.rate_limits import Limit, RateLimits

FROM_ADDRESS = Limit("sign-in-address", 30, 5 * 60)
"""Failed sign-ins from an address, whatever the account."""
TO_ACCOUNT = Limit("sign-in-account", 10, 10 * 60)
"""Failed sign-ins to an account from an address."""
_HASH_BYTES = 16


class Attempts:
    """Counts the sign-ins that fail."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    @contextmanager
    def counted(self, account: str, address: str, *, familiar: bool) -> Iterator[None]:
        """Count an attempt on `account` from `address` until it turns out, inside, to be no failure.

        Many at once are all counted before the first of them has failed. What is not known to be a wrong password (no
        turn to hash it, no database) is taken back as well. Where the account is `familiar` at the address, only its
        own attempts count, and neighbours cannot use them up. Raises LimitReached.
        """
        network = network_of(address)
        limits = [(TO_ACCOUNT, f"{_short(account)} {network}")]
        if not familiar:
            limits.append((FROM_ADDRESS, network))
        with ExitStack() as counted:
            for limit, key in limits:
                self._limits.take(limit, key)
                counted.callback(self._limits.give_back, limit, key)
            try:
                yield
            except InvalidCredentials:
                counted.pop_all()
                raise


def _short(account: str) -> str:
    """Return a name for the account that takes little room: what was sent as an address may be 64 KiB long."""
    return hashlib.blake2b(account.encode(), digest_size=_HASH_BYTES).hexdigest()
