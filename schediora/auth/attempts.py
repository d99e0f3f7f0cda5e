"""Attempts to get in: counted before a password is hashed, so that guessing is slow and costs the server little."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from schediora.auth.errors import EmailTaken, InvalidCredentials
from schediora.http.client_address import network_of
from schediora.rate_limits.limit import Limit, LimitReached
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import (
    ARRIVALS,
    SIGN_INS_FAILED,
    SIGN_INS_FAILED_EVERYWHERE,
    SIGN_INS_FAILED_HERE,
)

_HASH_BYTES = 16


class Attempts:
    """Counts the sign-ins and registrations that fail."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    @contextmanager
    def counted(self, account: str, address: str, *, familiar: bool) -> Iterator[None]:
        """Count an attempt on `account` from `address` until it turns out, inside, to be no failure.

        Many at once are all counted before the first of them has failed. What is not known to be a wrong password (no
        turn to hash it, no database) is taken back as well. Where the account is `familiar` at the address, only its
        own attempts there count, and nobody elsewhere and no neighbour's can use them up. Raises LimitReached.
        """
        network, name = network_of(address), _short(account)
        here = (SIGN_INS_FAILED_HERE, f"{name} {network}")
        others = [(SIGN_INS_FAILED, network), (ARRIVALS, network), here, (SIGN_INS_FAILED_EVERYWHERE, name)]
        with _of_account(account), self._counted([here] if familiar else others):
            yield

    @contextmanager
    def registering(self, address: str) -> Iterator[None]:
        """Count a registration from `address` until it turns out, inside, to be no failure. Raises LimitReached."""
        with self._counted([(ARRIVALS, network_of(address))]):
            yield

    def lift(self, account: str, address: str) -> None:
        """Forget the failed attempts on `account`, from anywhere and from `address`: its student has shown another way
        that it is theirs.
        """
        name = _short(account)
        self._limits.lift(SIGN_INS_FAILED_EVERYWHERE, name)
        self._limits.lift(SIGN_INS_FAILED_HERE, f"{name} {network_of(address)}")

    @contextmanager
    def _counted(self, wanted: list[tuple[Limit, str]]) -> Iterator[None]:
        self._limits.take_all(*wanted)
        try:
            yield
        except (InvalidCredentials, EmailTaken):
            raise
        except BaseException:
            self._limits.give_back_all(*wanted)
            raise
        self._limits.give_back_all(*wanted)


@contextmanager
def _of_account(account: str) -> Iterator[None]:
    """Let whoever hears of a limit that is reached hear for which account."""
    try:
        yield
    except LimitReached as reached:
        reached.account = account
        raise


def _short(account: str) -> str:
    """Return a name for the account that takes little room: what was sent as an address may be 64 KiB long."""
    return hashlib.blake2b(account.encode(), digest_size=_HASH_BYTES).hexdigest()
