"""The mail server of the settings, and who its mails are from."""

import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from enum import Enum, auto
from urllib.parse import unquote, urlsplit

from schediora.settings.urls import is_here

SUBMISSION, SUBMISSIONS = 587, 465
"""The ports of RFC 6409 and RFC 8314."""
_NO_SERVER = "write one such as smtps://user:password@mail.example.org or smtp://user:password@mail.example.org:587"
_NO_SENDER = 'write one such as "Schediora <schediora@example.org>"'
_HOST = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]+")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class Encryption(Enum):
    """When what is said to a mail server is encrypted."""

    FROM_THE_START = auto()
    STARTTLS = auto()
    WHERE_OFFERED = auto()
    """On this machine, where nobody listens on the way; its certificate is not looked at."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in, and as whom; no user where it asks for none."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """Return the server of a `smtp://` or `smtps://` URL.

    `smtp` begins in the clear and must go on encrypted (STARTTLS) unless the server is this machine. Raises ValueError.
    """
    scheme = url.partition("://")[0].lower()
    if scheme not in ("smtp", "smtps"):
        raise ValueError("it must start with smtp:// or smtps://, or be empty to send no mail")
    if not url.isprintable() or " " in url:
        raise ValueError("it must hold no white space and no control character")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"it is no URL; {_NO_SERVER}") from None
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"it is a server and nothing after it (special characters in a password as %XX); {_NO_SERVER}")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"it names a user without a password or a password without a user; {_NO_SERVER}")
    if scheme == "smtps":
        encryption = Encryption.FROM_THE_START
    else:
        encryption = Encryption.WHERE_OFFERED if is_here(host) else Encryption.STARTTLS
    usual = SUBMISSIONS if scheme == "smtps" else SUBMISSION
    return MailServer(host, port or usual, encryption, unquote(parts.username or ""), unquote(parts.password or ""))


def mail_url(url: str) -> str:
    """Return the URL of a mail server, or empty. Raises ValueError."""
    if url:
        mail_server(url)
    return url


def mail_sender(text: str) -> str:
    """Return who mails are from, a name and an address or the address alone, or empty. Raises ValueError."""
    if text:
        sender_of(text)
    return text


def sender_of(text: str) -> Address:
    """Return the name and address in `text`; raise ValueError."""
    name, address = parseaddr(text)
    user, _, domain = address.rpartition("@")
    # What `parseaddr` skips would send from another address than was written.
    if not user or not _DOMAIN.fullmatch(domain) or not address.isascii() or address not in text:
        raise ValueError(_NO_SENDER)
    if not text.isprintable():
        raise ValueError(_NO_SENDER)
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError):
        raise ValueError(_NO_SENDER) from None
