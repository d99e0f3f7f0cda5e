"""A key that somebody could guess is told from one that was drawn at random."""

import base64
import secrets
import string
import uuid
from collections.abc import Callable

import pytest

from schediora.settings.signing_key import guessable

GUESSABLE = (
    "k" * 32,
    "-" * 40,
    "ab" * 16,
    "xK9$" * 8,
    "password" * 4,
    "secret" * 6,
    "elephant" * 4,
    "пароль" * 6,
    "ELEPHANTelephantElephantELEPHANT",
    "drowssap" * 4,
    "change-me-" * 4,
    "Password1Password2Password3Password4",
    "elephant1 elephant2 elephant3 elephant4",
    "abcabcabcabcabcabcabcabcabcabcabd",
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
    "00000000000000000000000000000001",
    "0123456789" * 4,
    "1111222233334444555566667777888899990000",
    "0123456789abcdef0123456789abcdef",
    "abcdefghijklmnopqrstuvwxyz012345",
    "zyxwvutsrqponmlkjihgfedcba987654",
    "qwertyuiopasdfghjklzxcvbnm123456",
    "please-change-this-secret-key-in-production",
    "a-string-secret-at-least-256-bits-long",
    "your-256-bit-secret-your-256-bit-secret",
    "schediora-production-secret-key-2026",
    "correct horse battery staple correct horse battery staple",
    "the quick brown fox jumps over the lazy dog",
    "s3cr3t-of-m1ne-" * 50,
)
AT_RANDOM: dict[str, Callable[[], str]] = {
    "token_urlsafe(48)": lambda: secrets.token_urlsafe(48),
    "token_urlsafe(24)": lambda: secrets.token_urlsafe(24),
    "token_hex(16)": lambda: secrets.token_hex(16),
    "openssl rand -base64 32": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "base32": lambda: base64.b32encode(secrets.token_bytes(20)).decode(),
    "uuid4": lambda: str(uuid.uuid4()),
    "digits": lambda: "".join(secrets.choice(string.digits) for _ in range(39)),
    "printable": lambda: "".join(secrets.choice(string.printable[:94]) for _ in range(32)),
    "doubled": lambda: secrets.token_urlsafe(48) * 2,
}


@pytest.mark.parametrize("key", GUESSABLE)
def test_a_key_that_repeats_itself_or_that_everybody_knows_is_guessable(key: str) -> None:
    assert guessable(key)


@pytest.mark.parametrize("make", AT_RANDOM.values(), ids=AT_RANDOM)
def test_a_random_key_is_not(make: Callable[[], str]) -> None:
    assert [key for key in (make() for _ in range(300)) if guessable(key)] == []


@pytest.mark.parametrize("key", ["orbit-candle-velvet-mango-thirty-lantern", "Tr0ub4dor&3-kitchen-7-window-Qz!-rainy"])
def test_a_passphrase_of_different_words_is_not(key: str) -> None:
    assert not guessable(key)


def test_a_key_of_any_length_is_judged() -> None:
    assert guessable("")
    assert guessable("x")
    assert not guessable(secrets.token_urlsafe(100_000))
