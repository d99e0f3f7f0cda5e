"""Cursors: whatever a list gave can be read back, and nothing else."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.http.cursor import Position, decode, encode

POSITIONS = st.builds(
    Position, at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), id=st.uuids()
)


@given(POSITIONS, st.sampled_from(["plans", "sessions"]))
def test_what_was_written_is_read(position: Position, name: str) -> None:
    assert decode(encode(position, name), name) == position


@given(st.text(max_size=60))
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        decode(text, "plans")


@given(POSITIONS, st.integers(0, 37), st.sampled_from("Aa0-_"))
def test_a_changed_cursor_is_refused(position: Position, place: int, other: str) -> None:
    text = encode(position, "plans")
    changed = text[:place] + other + text[place + 1 :]
    if changed != text:
        with pytest.raises(ValueError, match="not a cursor"):
            decode(changed, "plans")


def test_another_lists_cursor_is_refused() -> None:
    text = encode(Position(datetime(2026, 3, 4, tzinfo=UTC), UUID(int=1)), "plans")
    with pytest.raises(ValueError, match="not a cursor"):
        decode(text, "sessions")
