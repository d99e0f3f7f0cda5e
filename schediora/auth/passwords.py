"""Passwords: Argon2id, a bounded number at once, so that a storm of sign-ins cannot starve everything else."""

import os
import secrets
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import argon2
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from schediora.errors import Unavailable

RETRY_SECONDS = 2
SECOND_RECOMMENDED = argon2.profiles.RFC_9106_LOW_MEMORY
"""RFC 9106 section 4, second recommended option: 3 passes over 64 MiB in 4 lanes, a salt of 128 bits, a tag of 256."""


class Hasher:
    """Hashes and verifies passwords, each 64 MiB and 50 to 200 ms of processor time.

    At most as many run at once as there are `cores` (and no more than half the `threads` of the server). As many again,
    a quarter of the threads at most, wait for their turn: one turn is what a student can be asked to wait for. Whoever
    comes then is told to try again, so a quarter of the threads at least is always free for other calls. Never call it
    inside a transaction.
    """

    def __init__(
        self, *, threads: int, cores: int | None = None, parameters: argon2.Parameters = SECOND_RECOMMENDED
    ) -> None:
        at_once = max(1, min(cores or os.cpu_count() or 1, threads // 2))
        self._argon2 = argon2.PasswordHasher.from_parameters(parameters)
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + max(1, min(at_once, threads // 4)))
        self._nobodys = _hash_of_no_password(parameters)

    def hash(self, password: str) -> str:
        """Return the encoded hash to store; raise Unavailable when too many are waiting."""
        with self._turn():
            try:
                return self._argon2.hash(password)
            except HashingError:
                raise Unavailable(retry_after=RETRY_SECONDS) from None

    def verify(self, password: str, stored: str | None) -> bool:
        """Say whether `password` is the one behind `stored`; raise Unavailable when too many are waiting.

        For an account that does not exist (`stored` is None) the same work is done for nothing, so that the time taken
        does not tell.
        """
        with self._turn():
            try:
                return self._argon2.verify(stored or self._nobodys, password) and stored is not None
            except (VerifyMismatchError, InvalidHashError):
                return False
            except VerificationError:
                # The password may be right: there was no memory to find out.
                raise Unavailable(retry_after=RETRY_SECONDS) from None

    def outdated(self, stored: str) -> bool:
        """Say whether `stored` was made with other parameters than today's and should be made anew."""
        return self._argon2.check_needs_rehash(stored)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Unavailable(retry_after=RETRY_SECONDS)
        try:
            with self._turns:
                yield
        finally:
            self._places.release()


def _hash_of_no_password(parameters: argon2.Parameters) -> str:
    """Return an encoded hash with today's parameters and random contents, so that nothing verifies against it."""
    salt, tag = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (parameters.salt_len, parameters.hash_len)
    )
    costs = f"m={parameters.memory_cost},t={parameters.time_cost},p={parameters.parallelism}"
    return f"$argon2{parameters.type.name.lower()}$v={parameters.version}${costs}${salt}${tag}"
