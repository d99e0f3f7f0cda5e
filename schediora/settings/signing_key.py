"""What a signing key has to be like."""

import math
import re
from collections import Counter

MINIMUM_BYTES = 32
"""A MAC key is as long as the hash that it feeds (RFC 7518 section 3.2, HS256)."""
HOW_TO_MAKE_ONE = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'

_MINIMUM_BITS = 64.0
"""Of 15,000 random keys of 32 characters the poorest is counted as 81 bits (hexadecimal), or 67 (decimal)."""
_COPY_BITS = 7.0
_SHORTEST_COPY = 3
_LONGEST_COUNTED = 512
_WELL_KNOWN = (
    "abcdefghijklmnopqrstuvwxyz 01234567890 !@#$%^&*() 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p qwertyuiop qwertzuiop "
    "azertyuiop asdfghjkl zxcvbnm yxcvbnm admin administrator api app auth authentication backend bits bytes "
    "changeme changethis correcthorsebatterystaple deadbeef cafebabe default demo development dummy encryption "
    "example foobar hash hello insecure insert internal iloveyou jwt keep key least letmein local long minimum "
    "monkey must mysecret never only passphrase password passw0rd placeholder please private prod production random "
    "replace root safe sample schediora secret secure server session sign signing string study super planner "
    "temporary test token unsafe user very welcome with world your should that this here some characters and for "
    "the from change thequickbrownfoxjumpsoverthelazydog loremipsumdolorsitametconsecteturadipiscingelit "
)
_WELL_KNOWN += _WELL_KNOWN[::-1]
"""What is tried first, there and back."""


def long_enough(key: str) -> str:
    """Return `key` as it is, none at all included; raise ValueError for one that is too short."""
    if key.strip() and len(key.strip().encode()) < MINIMUM_BYTES:
        raise ValueError(f"it needs {MINIMUM_BYTES} bytes or more; {HOW_TO_MAKE_ONE}")
    return key


def guessable(key: str) -> bool:
    """Tell whether `key` repeats itself or is put together from what everybody knows; no random key does."""
    without_separators = re.sub(r"[\s_.-]", "", key.casefold())[:_LONGEST_COUNTED]
    plain = re.sub(r"(.)\1{2,}", r"\1", without_separators)
    return _period(plain) < min(MINIMUM_BYTES, len(plain)) or _bits(plain) < _MINIMUM_BITS


def _period(text: str) -> int:
    """Return the length of what `text` repeats at least twice, or its whole length when it repeats nothing."""
    return next((size for size in range(1, len(text) // 2 + 1) if text.startswith(text[size:])), len(text))


def _bits(text: str) -> float:
    """Return how many bits `text` holds: what copies an earlier or a well-known part counts little, however long (as in
    LZ77), each other character as much as its frequency says (Shannon).
    """
    per_character = -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
    at, bits = 0, 0.0
    while at < len(text):
        length = 0
        while at + length < len(text) and text[at : at + length + 1] in _WELL_KNOWN + text[:at]:
            length += 1
        copied = length >= _SHORTEST_COPY
        bits += _COPY_BITS if copied else per_character
        at += length if copied else 1
    return bits
