"""The opaque codec: what it wrote is read to the bit, and everything else is one error."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.http.opaque import OpaqueCodec

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
CODEC = OpaqueCodec([b"k" * 32], content_bytes=24)
CONTENTS = st.binary(min_size=24, max_size=24)


def refused(codec: OpaqueCodec, text: str, bound_to: bytes = b"") -> None:
    with pytest.raises(ValueError, match=r"\Anot one of ours\Z"):
        codec.decode(text, bound_to)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_what_was_written_is_read_by_who_names_what_it_is_bound_to(content: bytes, bound_to: bytes) -> None:
    codec = OpaqueCodec([b"k" * 32], content_bytes=len(content))
    text = codec.encode(content, bound_to)
    assert codec.decode(text, bound_to) == content
    assert codec.encode(content, bound_to) == text
    assert set(text) <= set(ALPHABET)


@given(CONTENTS, st.binary(max_size=20), st.binary(max_size=20))
def test_what_is_bound_to_another_is_unreadable(content: bytes, one: bytes, other: bytes) -> None:
    if one != other:
        refused(CODEC, CODEC.encode(content, one), other)


@given(st.text(max_size=100) | st.text(ALPHABET, min_size=75, max_size=75))
def test_any_text_is_refused(text: str) -> None:
    refused(CODEC, text)


@given(st.binary(max_size=100) | st.binary(min_size=56, max_size=56))
def test_any_bytes_are_refused(raw: bytes) -> None:
    refused(CODEC, base64.urlsafe_b64encode(raw).decode().rstrip("="))
    refused(CODEC, raw.decode("latin-1"))


@given(CONTENTS, st.integers(0, 74), st.characters())
def test_a_text_with_any_character_changed_is_refused(content: bytes, place: int, other: str) -> None:
    text = CODEC.encode(content)
    if text[place] != other:
        refused(CODEC, text[:place] + other + text[place + 1 :])
    refused(CODEC, text[:place] + text[place + 1 :])
    refused(CODEC, text[:place] + other + text[place:])


@pytest.mark.parametrize("size", [0, 1, 2, 22, 23, 24])
def test_a_text_has_one_spelling(size: int) -> None:
    codec = OpaqueCodec([b"k" * 32], content_bytes=size)
    text = codec.encode(bytes(size))
    for letter in ALPHABET:
        if letter != text[-1]:
            refused(codec, text[:-1] + letter)
    for spelling in (text + "=", text + "==", text + "\n", " " + text, text[:-1] + "+", text[:-4] + "===="):
        refused(codec, spelling)


def test_contents_of_another_length_are_not_written() -> None:
    for size in (23, 25):
        with pytest.raises(ValueError, match=f"{size} bytes instead of 24"):
            CODEC.encode(bytes(size))


@given(CONTENTS)
def test_what_an_earlier_key_signed_is_read_and_the_current_key_signs(content: bytes) -> None:
    older, newer = OpaqueCodec([b"o" * 32], content_bytes=24), OpaqueCodec([b"n" * 32, b"o" * 32], content_bytes=24)
    assert newer.decode(older.encode(content)) == content
    assert newer.encode(content) == OpaqueCodec([b"n" * 32], content_bytes=24).encode(content)
    refused(older, newer.encode(content))
