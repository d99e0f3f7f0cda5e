"""A real mail server that keeps what it is given, and the postman who brings it there."""

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as AS_MAIL
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.ports import free_port

USER, PASSWORD = "schediora", "p@ss/word"
LINK = re.compile(r"https://\S+/#(?:reset|confirm)=([A-Za-z0-9_-]{43})\s")


@dataclass
class Mailbox:
    """What came in, and how the server behaves: `answers` to a recipient or to the data in the place of its own,
    `silent` after the data.
    """

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipient_answer: str | None = None
    data_answer: str | None = None
    silent: bool = False
    asked: int = 0
    """How often it was given a mail, whatever became of it."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.asked += 1
        while self.silent:  # noqa: ASYNC110 - another thread ends it
            await asyncio.sleep(0.05)
        if self.data_answer:
            return self.data_answer
        found = message_from_bytes(envelope.original_content or b"", policy=AS_MAIL)
        assert isinstance(found, EmailMessage)
        assert [found["To"]] == envelope.rcpt_tos
        self.messages.append(found)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["To"] == address]

    def subjects(self, address: str) -> list[str]:
        return [str(message["Subject"]) for message in self.to(address)]

    def token(self, address: str) -> str:
        """Return what makes the link in the newest mail to an address."""
        found = [link[1] for message in self.to(address) if (link := LINK.search(text_of(message)))]
        return found[-1]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, from_the_start: bool = False, **options: Any
) -> Iterator[Mailbox]:
    """A mail server on 127.0.0.1; with `tls` it offers STARTTLS, or speaks it from the start. It knows one user."""
    mailbox = Mailbox(free_port())

    def known(server: Any, session: Any, envelope: Any, mechanism: str, said: LoginPassword) -> AuthResult:
        right = (said.login, said.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=mailbox.port,
        ssl_context=tls if from_the_start else None,
        tls_context=None if from_the_start else tls,
        authenticator=known,
        **options,
    )
    controller.start()
    try:
        yield mailbox
    finally:
        mailbox.silent = False
        controller.stop()
