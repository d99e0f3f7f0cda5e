"""The server's signing keys: where they come from, and a key of its own for every use."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schediora.data_dir import exclusive
from schediora.errors import SetupError
from schediora.settings.safety import require_servable
from schediora.settings.signing_key import MINIMUM_BYTES
from schediora.settings.values import Settings

KEY_FILE = "secret_key"
LOCK_FILE = ".key.lock"
AUDIT = "schediora audit"
"""What the key is for under which the audit hashes addresses."""
_MADE_UP_BYTES = 48


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that signs, and those that signed before it and are still believed."""

    current: bytes = field(repr=False)
    previous: tuple[bytes, ...] = field(default=(), repr=False)

    def derived(self, purpose: str) -> Iterator[bytes]:
        """Yield a 32-byte key for `purpose` from each key, the current one first.

        HMAC-SHA256 over a label keeps uses apart (HKDF-Expand of one block, RFC 5869 section 2.3): a token of one kind
        can never pass for another.
        """
        for key in (self.current, *self.previous):
            yield hmac.digest(key, purpose.encode() + b"\x01", hashlib.sha256)


def load_keys(settings: Settings) -> Keys:
    """Return the keys that `settings` name; in development a missing one is made up and kept in the data directory.

    A key is what is left of it without white space around. Releases before took keys as they were written, mostly with
    the newline that `echo` leaves; so those spellings are among the previous keys, of which nothing else is asked.

    Raises SetupError for what production may not have, and when the kept key cannot be used.
    """
    require_servable(settings)
    named = settings.auth.secret_key.get_secret_value()
    current, *others = _spellings(named) or [_kept(settings.data_dir)]
    for key in settings.auth.previous_secret_keys:
        others += _spellings(key.get_secret_value())
    return Keys(current, tuple(key for key in dict.fromkeys(others) if key != current))


def _spellings(key: str) -> list[bytes]:
    """Return how a key may have been written, as it is used now first; none of an empty one."""
    trimmed = key.strip()
    return [spelling.encode() for spelling in (trimmed, key, f"{trimmed}\n")] if trimmed else []


def _kept(data_dir: Path) -> bytes:
    """Return the key in the data directory, made up if there is none; every process that asks gets the same one."""
    path = data_dir / KEY_FILE
    with exclusive(data_dir / LOCK_FILE):
        try:
            key = path.read_bytes().strip()
        except FileNotFoundError:
            key = _make(path)
        except OSError as problem:
            raise SetupError(f"The signing key {path} cannot be read: {problem.strerror}.") from None
    if len(key) < MINIMUM_BYTES:
        raise SetupError(
            f"The signing key {path} is damaged: it has fewer than {MINIMUM_BYTES} bytes. Restore it, or delete it "
            "to have a new one made, which signs everybody out."
        )
    return key


def _make(path: Path) -> bytes:
    """Write a fresh key to `path`, readable by its owner alone; after a power cut there is a whole key or none."""
    key = secrets.token_urlsafe(_MADE_UP_BYTES).encode()
    draft = path.with_suffix(".new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(key + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        raise SetupError(f"The signing key {path} cannot be written: {problem.strerror}.") from None
    return key
