"""Handing mails in at a mail server (SMTP, RFC 5321)."""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from schediora.mail.errors import NotSent
from schediora.settings.mail_url import Encryption, MailServer

ANSWER_SECONDS = 10
"""For each answer of the server."""
WHOLE_SECONDS = 30
"""From its greeting to the end: a server that answers byte by byte holds us no longer. Less than a mail's lease."""
_FOR_GOOD = 500
_STATUS = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
"""RFC 3463. What else a server says may repeat the address, which is for no log."""


class Sender:
    """Sends mails, each over a connection of its own."""

    def __init__(self, server: MailServer, *, domain: str) -> None:
        """Hand them in at `server`, as a machine of `domain`."""
        self._server = server
        self._domain = domain

    def send(self, message: EmailMessage) -> None:
        """Hand a message in; raise NotSent when the server did not say that it has taken it."""
        greeted = False
        try:
            with connected_to(self._server, domain=self._domain) as connection:
                greeted = True
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as problem:
            code, said = next(iter(problem.recipients.values()))
            raise NotSent(_answer(code, said), refused=code >= _FOR_GOOD) from None
        except (OSError, ValueError) as problem:  # smtplib's errors and those of TLS are OSErrors
            raise NotSent(reason_of(problem), away=not greeted) from None


@contextmanager
def connected_to(server: MailServer, *, domain: str) -> Iterator[smtplib.SMTP]:
    """Yield a connection on which `server` has been greeted, encrypted as agreed, and told who we are.

    Raises smtplib.SMTPException, OSError, or ValueError for a host that is no name.
    """
    trusted = ssl.create_default_context()
    if server.encryption is Encryption.FROM_THE_START:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=domain, timeout=ANSWER_SECONDS, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=domain, timeout=ANSWER_SECONDS)
    overtime = threading.Timer(WHOLE_SECONDS, _hang_up, [connection])
    overtime.daemon = True
    overtime.start()
    try:
        with connection:
            connection.ehlo_or_helo_if_needed()
            if server.encryption is Encryption.STARTTLS:
                connection.starttls(context=trusted)
            elif server.encryption is Encryption.WHERE_OFFERED and connection.has_extn("starttls"):
                connection.starttls(context=_for_this_machine())
            if server.user:
                connection.login(server.user, server.password)
            yield connection
    finally:
        overtime.cancel()


def reason_of(problem: Exception) -> str:
    """Return what went wrong, in a clause that holds neither a secret nor an address."""
    match problem:
        case smtplib.SMTPAuthenticationError():
            return f"it refuses the user or the password of mail.url ({problem.smtp_code})"
        case smtplib.SMTPNotSupportedError():
            return "it does not offer what is needed: STARTTLS, or to sign in"
        case smtplib.SMTPResponseException():
            return _answer(problem.smtp_code, problem.smtp_error)
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted ({problem.verify_message})"
        case TimeoutError():
            return "it does not answer in time"
        case smtplib.SMTPServerDisconnected():
            return "it hung up, or did not answer in time"
    return str(getattr(problem, "strerror", None) or type(problem).__name__)


def _answer(code: int, said: bytes | str) -> str:
    status = _STATUS.match(said) if isinstance(said, bytes) else None
    return f"it answered {code}{f' {status[0].decode()}' if status else ''}"


def _hang_up(connection: smtplib.SMTP) -> None:
    if isinstance(connection.sock, socket.socket):
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _for_this_machine() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
