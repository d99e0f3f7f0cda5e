"""Text that only this server can write: opaque to whoever holds it, and read back to the bit or not at all."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable


class OpaqueCodec:
    """Writes contents of one length as base64url text that ends in a MAC (HMAC-SHA256, RFC 2104), and reads it back.

    The first of `keys` signs; what any of them signed is believed, so that keys can be changed.
    """

    def __init__(self, keys: Iterable[bytes], *, content_bytes: int) -> None:
        self._keys = tuple(keys)
        self._content_bytes = content_bytes

    def encode(self, content: bytes, bound_to: bytes = b"") -> str:
        """Return `content` as text that only a reader who names the same `bound_to` can read.

        The same arguments give the same text. Raises ValueError when `content` has another length than agreed.
        """
        if len(content) != self._content_bytes:
            raise ValueError(f"{len(content)} bytes instead of {self._content_bytes}")
        return _text(content + _mac(self._keys[0], content, bound_to))

    def decode(self, text: str, bound_to: bytes = b"") -> bytes:
        """Return the content of a text that `encode` wrote with one of our keys; raise ValueError for any other."""
        raw = _raw(text)
        content, mac = raw[: self._content_bytes], raw[self._content_bytes :]
        signed = any(hmac.compare_digest(mac, _mac(key, content, bound_to)) for key in self._keys)
        # Compared after encoding, too: base64 has several spellings of the same bytes, and one is enough.
        if not signed or _text(raw) != text:
            raise ValueError("not one of ours")
        return content


def _mac(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    # Unambiguous without a separator, because a codec's contents have one length.
    return hmac.digest(key, content + bound_to, hashlib.sha256)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _raw(text: str) -> bytes:
    """Return the bytes that `text` spells, none when it is no base64."""
    try:
        return urlsafe_b64decode(text + "==")  # more than is needed does no harm
    except ValueError:
        return b""
