"""The server's signing keys: where they come from, and a key of its own for every use."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from schediora.data_dir import exclusive
from schediora.errors import SetupError
from schediora.settings.values import MINIMUM_KEY_BYTES, Settings

KEY_FILE = "secret_key"
LOCK_FILE = ".key.lock"
_MADE_UP_BYTES = 48
_HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


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

    Raises SetupError for a key that is too short, for none in production, and when the kept one cannot be used.
    """
    previous = tuple(_named(key, "auth.previous_secret_keys") for key in settings.auth.previous_secret_keys)
    if settings.auth.secret_key.get_secret_value():
        return Keys(_named(settings.auth.secret_key, "auth.secret_key"), previous)
    if settings.production:
        raise SetupError(
            f"In production SCHEDIORA_AUTH__SECRET_KEY must hold a signing key of {MINIMUM_KEY_BYTES} bytes or more; "
            f"make one with: {_HOW_TO_MAKE_ONE}"
        )
    return Keys(_kept(settings.data_dir), previous)


def _named(key: SecretStr, setting: str) -> bytes:
    """Return the bytes of `key`; no shorter than its hash (RFC 7518 section 3.2)."""
    value = key.get_secret_value().encode()
    if len(value) < MINIMUM_KEY_BYTES:
        raise SetupError(
            f"The setting {setting} needs {MINIMUM_KEY_BYTES} bytes or more; make one with: {_HOW_TO_MAKE_ONE}"
        )
    return value


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
    if len(key) < MINIMUM_KEY_BYTES:
        raise SetupError(
            f"The signing key {path} is damaged: it has fewer than {MINIMUM_KEY_BYTES} bytes. Restore it, or delete it "
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
