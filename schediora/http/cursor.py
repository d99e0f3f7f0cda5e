"""Where a page of a list ended, as the opaque text that asks for the next page."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from schediora.errors import Invalid
from schediora.http.opaque import OpaqueCodec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = struct.Struct(">Q16s")


@dataclass(frozen=True, slots=True)
class Position:
    """The sort key of a page's last row: an instant since 1970, then an id."""

    at: datetime
    id: UUID


class Cursors:
    """Writes positions as cursors and reads them back; one is good for the list and the student it was written for."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._codec = OpaqueCodec(keys, content_bytes=_SHAPE.size)

    def encode(self, position: Position, list_name: str, user_id: UUID) -> str:
        """Return `position` in the student's list called `list_name` as text: microseconds since 1970, and the id."""
        micros = (position.at - _EPOCH) // timedelta(microseconds=1)
        return self._codec.encode(_SHAPE.pack(micros, position.id.bytes), _reader(list_name, user_id))

    def decode(self, text: str, list_name: str, user_id: UUID) -> Position:
        """Return the position that `encode` wrote for the same list and student; raise Invalid for any other text."""
        try:
            micros, key = _SHAPE.unpack(self._codec.decode(text, _reader(list_name, user_id)))
            return Position(_EPOCH + timedelta(microseconds=micros), UUID(bytes=key))
        except (ValueError, OverflowError):
            raise Invalid([{"parameter": "cursor", "detail": "Cursor is not one that this list gave."}]) from None


def _reader(list_name: str, user_id: UUID) -> bytes:
    return user_id.bytes + list_name.encode()
