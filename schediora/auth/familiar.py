"""The addresses that a student is known to sign in from: whoever shares one with a stranger is not held for them."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from schediora.auth.keys import Keys
from schediora.http.client_address import network_of
from schediora.models.auth import FamiliarAddress

FAMILIAR_DAYS = 30
"""For so long an address is familiar after a student last registered, signed in or refreshed well from it."""
_HASH_BYTES = 16


class FamiliarAddresses:
    """Notes and recognises them, by a keyed hash: the table alone tells nobody where students are."""

    def __init__(self, keys: Keys) -> None:
        self._keys = tuple(keys.derived("schediora familiar address"))

    def note(self, user_id: UUID, address: str, *, now: datetime) -> None:
        """Store, inside the caller's transaction, that the student was well received from `address`."""
        row = {"user": user_id, "address": _hash(self._keys[0], address), "day": now.date()}
        FamiliarAddress.insert(row).on_conflict(
            conflict_target=[FamiliarAddress.user, FamiliarAddress.address],
            preserve=[FamiliarAddress.day],
            where=FamiliarAddress.day < row["day"],
        ).execute()

    def knows(self, user_id: UUID, address: str, *, now: datetime) -> bool:
        """Say whether the student was well received from `address` in the last 30 days."""
        hashes = [_hash(key, address) for key in self._keys]
        recent = FamiliarAddress.day >= now.date() - timedelta(days=FAMILIAR_DAYS)
        of_student = (FamiliarAddress.user == user_id) & FamiliarAddress.address.in_(hashes)
        return bool(FamiliarAddress.select().where(of_student & recent).exists())


def _hash(key: bytes, address: str) -> str:
    return hmac.digest(key, network_of(address).encode(), hashlib.sha256)[:_HASH_BYTES].hex()
