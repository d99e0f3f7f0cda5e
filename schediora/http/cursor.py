"""Where a page of a list ended, as the opaque text that asks for the next page."""

import base64
import re
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = struct.Struct(">q16sI")
_TEXT = re.compile(r"[A-Za-z0-9_-]{38}")


@dataclass(frozen=True, slots=True)
class Position:
    """The sort key of a page's last row: an instant, then an id."""

    at: datetime
    id: UUID


def encode(position: Position, list_name: str) -> str:
    """Return `position` in the list called `list_name` as text: microseconds since 1970, id, checksum, in base64url."""
    return _text((position.at - _EPOCH) // timedelta(microseconds=1), position.id.bytes, list_name)


def decode(text: str, list_name: str) -> Position:
    """Return the position that `encode` wrote for the same list; raise ValueError for any other text."""
    if not _TEXT.fullmatch(text):
        raise ValueError("not a cursor")
    micros, key, _ = _SHAPE.unpack(base64.urlsafe_b64decode(text + "=="))
    # Comparing the text also refuses a second spelling of the same bytes.
    if micros < 0 or _text(micros, key, list_name) != text:
        raise ValueError("not a cursor")
    return Position(_EPOCH + timedelta(microseconds=micros), UUID(bytes=key))


def _text(micros: int, key: bytes, list_name: str) -> str:
    # A checksum, not a signature: a cursor says only where its own reader stands, so a mangled one is no attack.
    checksum = zlib.crc32(_SHAPE.pack(micros, key, 0) + list_name.encode())
    return base64.urlsafe_b64encode(_SHAPE.pack(micros, key, checksum)).decode("ascii").rstrip("=")
