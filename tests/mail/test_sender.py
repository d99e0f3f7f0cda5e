"""Handing in at real mail servers: encrypted, or not at all."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

from schediora.mail import sender as sending
from schediora.mail.errors import NotSent
from schediora.mail.sender import Sender
from schediora.settings.mail_url import Encryption, MailServer
from tests.mail.mailbox import PASSWORD, USER, mail_server

Trust = Callable[[], None]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trust(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trust:
    def _trust() -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    return _trust


def send(port: int, encryption: Encryption, user: str = "", password: str = "") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "s"
    message.set_content("text")
    Sender(MailServer("127.0.0.1", port, encryption, user, password), domain="example.org").send(message)


def test_another_machine_is_told_nothing_in_the_clear() -> None:
    with mail_server(auth_require_tls=False) as mailbox:
        with pytest.raises(NotSent, match="STARTTLS") as caught:
            send(mailbox.port, Encryption.STARTTLS, USER, PASSWORD)
        assert (mailbox.messages, caught.value.away) == ([], True)


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.FROM_THE_START])
def test_only_a_server_whose_certificate_is_trusted_gets_a_mail(
    encryption: Encryption, tls: ssl.SSLContext, trust: Trust
) -> None:
    with mail_server(tls=tls, from_the_start=encryption is Encryption.FROM_THE_START) as mailbox:
        with pytest.raises(NotSent, match="certificate"):
            send(mailbox.port, encryption)
        assert mailbox.messages == []
        trust()
        send(mailbox.port, encryption, *((USER, PASSWORD) if encryption is Encryption.STARTTLS else ()))
        assert len(mailbox.messages) == 1


def test_this_machine_needs_no_encryption_and_gets_it_where_it_is_offered(tls: ssl.SSLContext) -> None:
    with mail_server() as mailbox:
        send(mailbox.port, Encryption.WHERE_OFFERED)
        assert len(mailbox.messages) == 1
    with mail_server(tls=tls, require_starttls=True) as mailbox:
        send(mailbox.port, Encryption.WHERE_OFFERED, USER, PASSWORD)
        assert len(mailbox.messages) == 1


def test_what_went_wrong_is_said_without_a_secret_or_an_address(tls: ssl.SSLContext) -> None:
    with mail_server(tls=tls) as mailbox:
        with pytest.raises(NotSent) as caught:
            send(mailbox.port, Encryption.WHERE_OFFERED, USER, "wrong")
        assert str(caught.value) == "it refuses the user or the password of mail.url (535)"
    with mail_server() as mailbox:
        mailbox.recipient_answer = "550 5.1.1 <b@example.org> unknown"
        with pytest.raises(NotSent) as caught:
            send(mailbox.port, Encryption.WHERE_OFFERED)
        assert (str(caught.value), caught.value.refused) == ("it answered 550 5.1.1", True)
        mailbox.recipient_answer = "450 later"
        with pytest.raises(NotSent) as caught:
            send(mailbox.port, Encryption.WHERE_OFFERED)
        assert (caught.value.refused, caught.value.away) == (False, False)


def test_a_server_that_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as mailbox:
        mailbox.silent = True
        for limit in ("ANSWER_SECONDS", "WHOLE_SECONDS"):
            with monkeypatch.context() as patch:
                patch.setattr(sending, limit, 0.3)
                with pytest.raises(NotSent):
                    send(mailbox.port, Encryption.WHERE_OFFERED)
    assert issubclass(smtplib.SMTPException, OSError)
