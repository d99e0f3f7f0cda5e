"""Cursors: whatever a list gave can be read back by its own reader, and everything else is one fault of the query."""

import struct
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schediora.errors import Invalid
from schediora.http.cursor import Cursors, Position
from schediora.http.opaque import OpaqueCodec

KEY, READER = b"k" * 32, UUID(int=7)
CURSORS = Cursors([KEY])
POSITIONS = st.builds(
    Position, at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), id=st.uuids()
)
SIGNED_64_BITS = st.integers(-(2**63), 2**63 - 1)
LAST_MICROSECOND = 253_402_300_799_999_999
"""Of the year 9999."""


def refused(text: str, name: str = "plans", reader: UUID = READER) -> None:
    with pytest.raises(Invalid) as caught:
        CURSORS.decode(text, name, reader)
    assert caught.value.extra == {
        "errors": [{"parameter": "cursor", "detail": "Cursor is not one that this list gave."}]
    }


@given(POSITIONS, st.sampled_from(["plans", "sessions"]), st.uuids())
def test_what_was_written_is_read(position: Position, name: str, reader: UUID) -> None:
    assert CURSORS.decode(CURSORS.encode(position, name, reader), name, reader) == position


@given(POSITIONS, st.uuids())
def test_another_lists_and_somebody_elses_cursor_is_refused(position: Position, somebody: UUID) -> None:
    text = CURSORS.encode(position, "plans", READER)
    refused(text, name="sessions")
    if somebody != READER:
        refused(text, reader=somebody)


@given(st.text(max_size=100))
def test_other_text_is_refused(text: str) -> None:
    refused(text)


@given(SIGNED_64_BITS, st.uuids())
@example(0, READER)
@example(LAST_MICROSECOND, READER)
@example(LAST_MICROSECOND + 1, READER)
def test_every_integer_that_we_could_have_signed_is_a_moment_or_refused(micros: int, key: UUID) -> None:
    content = struct.pack(">q16s", micros, key.bytes)
    text = OpaqueCodec([KEY], content_bytes=24).encode(content, READER.bytes + b"plans")
    if 0 <= micros <= LAST_MICROSECOND:
        assert CURSORS.encode(CURSORS.decode(text, "plans", READER), "plans", READER) == text
    else:
        refused(text)
