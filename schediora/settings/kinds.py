"""The kinds of values that settings have, and what each must look like."""

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from schediora import localtime
from schediora.settings.signing_key import long_enough


def _listed(value: object) -> object:
    """Return the parts of a text with commas or line ends between them, which is how variables and files give lists."""
    return [part for part in re.split(r"[,\n]", value) if part.strip()] if isinstance(value, str) else value


def _trimmed(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for part in parts)


def _zone(name: str) -> str:
    localtime.zone(name)
    return name


def _peers(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            _ = name == "unix" or ip_network(name)
        except ValueError:
            raise ValueError(
                f'"{name[:60]}" is neither an address, nor a network such as 10.0.0.0/8, nor unix for the unix socket'
            ) from None
    return names


def _database_url(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("it must start with postgresql:// or sqlite:///, or be empty for SQLite in the data directory")
    return _well_formed(url)


def _queue_url(url: str) -> str:
    if url and not url.startswith(("redis://", "rediss://")):
        raise ValueError("it must start with redis:// or rediss://, or be empty for the database's own queue")
    return _well_formed(url)


def _well_formed(url: str) -> str:
    try:
        urlsplit(url).port  # noqa: B018  # reading it is the check
    except ValueError:
        raise ValueError("it is no URL; special characters in a password are written as %XX") from None
    return url


def _inside(check: Callable[[str], str]) -> AfterValidator:
    """Return the validator that applies `check` to what a secret hides."""
    return AfterValidator(lambda secret: SecretStr(check(secret.get_secret_value())))


Listed = BeforeValidator(_listed)
Texts = Annotated[tuple[str, ...], Listed, AfterValidator(_trimmed)]
Peers = Annotated[Texts, AfterValidator(_peers)]
ZoneName = Annotated[str, AfterValidator(_zone)]
DatabaseUrl = Annotated[SecretStr, _inside(_database_url)]
QueueUrl = Annotated[SecretStr, _inside(_queue_url)]
SigningKey = Annotated[SecretStr, _inside(long_enough)]
