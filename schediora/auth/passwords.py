"""Passwords: Argon2id, a bounded number at once, so that a storm of sign-ins cannot starve everything else."""

import os
import secrets
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from enum import Enum, auto

import argon2
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from schediora.auth.schemas import composed
from schediora.errors import Unavailable
from schediora.machine import usable_cores

RETRY_SECONDS = 2
SECOND_RECOMMENDED = argon2.profiles.RFC_9106_LOW_MEMORY
"""RFC 9106 section 4, second recommended option: 3 passes over 64 MiB in 4 lanes, a salt of 128 bits, a tag of 256."""


MOST_AT_ONCE = 8
"""Passwords that a process hashes at once, however many cores it has: 512 MiB."""
NICE = 10
"""How far hashing stands back: it gets a tenth of what a thread gets that answers."""
KEPT_PLACES = 1
"""Of the places to wait in, those that strangers leave to students who are known at their address."""


class Outcome(Enum):
    """What a password turned out to be."""

    WRONG = auto()
    RIGHT = auto()
    OUTDATED = auto()
    """Right, but stored in a way that is no longer ours: to be hashed anew."""


class Hasher:
    """Hashes and verifies passwords, each 64 MiB and 50 to 200 ms of processor time.

    At most as many run at once as there are `cores`, and 8. As many again wait for their turn, and one more who is
    `familiar`: a storm of strangers must not lock out whoever is known at their address. A turn or two is what a
    student can be asked to wait for. Whoever comes then is told to try again. Never call it inside a transaction.
    """

    def __init__(self, *, cores: int | None = None, parameters: argon2.Parameters = SECOND_RECOMMENDED) -> None:
        self._argon2 = argon2.PasswordHasher.from_parameters(parameters)
        self._hashing = ThreadPoolExecutor(_at_once(cores), "hashing", initializer=_stand_back)
        places = _places(cores)
        self._places = threading.BoundedSemaphore(places)
        self._strangers_places = threading.BoundedSemaphore(places - KEPT_PLACES)
        self._nobodys = _hash_of_no_password(parameters)

    def hash(self, password: str, *, familiar: bool = False) -> str:
        """Return the encoded hash of the password's NFC form to store; raise Unavailable when too many are waiting."""
        with self._place(familiar=familiar):
            try:
                return self._hashing.submit(self._argon2.hash, composed(password)).result()
            except HashingError:
                raise Unavailable(retry_after=RETRY_SECONDS) from None

    def verify(self, password: str, stored: str | None, *, familiar: bool = False) -> Outcome:
        """Say whether `password` is the one behind `stored`; raise Unavailable when too many are waiting.

        For an account that does not exist (`stored` is None) the same work is done for nothing, so that the time taken
        does not tell. A password that is not in NFC is tried in NFC first and then as it was sent, because the first
        release stored it so.
        """
        spellings = dict.fromkeys((composed(password), password))
        with self._place(familiar=familiar):
            found = next((text for text in spellings if self._matches(text, stored or self._nobodys)), None)
        if found is None or stored is None:
            return Outcome.WRONG
        return Outcome.OUTDATED if found != composed(password) or self.outdated(stored) else Outcome.RIGHT

    def hash_of_none(self) -> str:
        """Return what to store for a student who has no password yet: none is right, and trying takes as long."""
        return self._nobodys

    def outdated(self, stored: str) -> bool:
        """Say whether `stored` was made with other parameters than today's and should be made anew."""
        return self._argon2.check_needs_rehash(stored)

    def _matches(self, password: str, stored: str) -> bool:
        try:
            return self._hashing.submit(self._argon2.verify, stored, password).result()
        except (VerifyMismatchError, InvalidHashError):
            return False
        except VerificationError:
            # The password may be right: there was no memory to find out.
            raise Unavailable(retry_after=RETRY_SECONDS) from None

    @contextmanager
    def _place(self, *, familiar: bool) -> Iterator[None]:
        with ExitStack() as held:
            for places in (self._places,) if familiar else (self._strangers_places, self._places):
                if not places.acquire(blocking=False):
                    raise Unavailable(retry_after=RETRY_SECONDS)
                held.callback(places.release)
            yield


def _stand_back() -> None:
    """Let this thread, and those of Argon2 that it starts, have the processor after all that answers.

    It does nothing but hash, without the interpreter's lock: one that had the lock would keep everybody waiting.
    """
    if sys.platform.startswith("linux"):  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def threads_for_passwords(cores: int | None = None) -> int:
    """Return how many threads wait for a Hasher of so many `cores`: one for each of its places. Strangers leave one of
    these, whose thread tells the others to try again: more of those would take the interpreter from who studies.
    """
    return _places(cores)


def _at_once(cores: int | None) -> int:
    return min(cores or usable_cores(), MOST_AT_ONCE)


def _places(cores: int | None) -> int:
    return 2 * _at_once(cores) + KEPT_PLACES


def _hash_of_no_password(parameters: argon2.Parameters) -> str:
    """Return an encoded hash with today's parameters and random contents, so that nothing verifies against it."""
    salt, tag = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (parameters.salt_len, parameters.hash_len)
    )
    costs = f"m={parameters.memory_cost},t={parameters.time_cost},p={parameters.parallelism}"
    return f"$argon2{parameters.type.name.lower()}$v={parameters.version}${costs}${salt}${tag}"
