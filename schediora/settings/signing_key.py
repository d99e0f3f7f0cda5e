"""What a signing key has to be like."""

MINIMUM_BYTES = 32
"""A MAC key is as long as the hash that it feeds (RFC 7518 section 3.2, HS256)."""
HOW_TO_MAKE_ONE = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def long_enough(key: str) -> str:
    """Return `key` as it is, none at all included; raise ValueError for one that is too short."""
    if key.strip() and len(key.strip().encode()) < MINIMUM_BYTES:
        raise ValueError(f"it needs {MINIMUM_BYTES} bytes or more; {HOW_TO_MAKE_ONE}")
    return key
