"""How far a device has been told what changed, as the opaque text with which it asks for what came after."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from schediora.errors import Invalid
from schediora.http.opaque import OpaqueCodec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = struct.Struct(">QQQ16s")
_LIST = b"sessions since"


@dataclass(frozen=True, slots=True)
class Place:
    """A change, by its revision, and in it a session: what was told last.

    `since` is the revision from which on the device is being told, which it began at `began_at`: of what was deleted
    before it knows already.
    """

    began_at: datetime
    since: int
    revision: int
    id: UUID


class ChangeCursors:
    """Writes places as text and reads them back; one is good for the student it was written for."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._codec = OpaqueCodec(keys, content_bytes=_SHAPE.size)

    def encode(self, place: Place, user_id: UUID) -> str:
        """Return `place` as text."""
        seconds = (place.began_at - _EPOCH) // timedelta(seconds=1)
        content = _SHAPE.pack(seconds, place.since, place.revision, place.id.bytes)
        return self._codec.encode(content, user_id.bytes + _LIST)

    def decode(self, text: str, user_id: UUID) -> Place:
        """Return the place that `encode` wrote for the same student; raise Invalid for any other text."""
        try:
            seconds, since, revision, key = _SHAPE.unpack(self._codec.decode(text, user_id.bytes + _LIST))
            return Place(_EPOCH + timedelta(seconds=seconds), since, revision, UUID(bytes=key))
        except (ValueError, OverflowError):
            raise Invalid(
                [{"parameter": "since", "detail": "Since is not one that this list gave: leave it empty to begin."}]
            ) from None
