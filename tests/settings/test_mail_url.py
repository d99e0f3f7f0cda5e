"""The mail server and who mails are from: what is taken, what is refused, and what is shown of it."""

from email.headerregistry import Address
from pathlib import Path

import pytest

from schediora.errors import SetupError
from schediora.settings.loading import load
from schediora.settings.mail_url import Encryption, MailServer, mail_server, sender_of
from schediora.settings.urls import without_secrets


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(name: str, value: str) -> str:
    """Return why a setting cannot have a value; nothing where it can."""
    try:
        load(overrides={name: value})
    except SetupError as refused:
        return refused.detail
    return ""


def test_a_url_says_where_and_how_and_as_whom() -> None:
    read = {
        "smtps://a%40b:p%2Fw@mail.example.org": MailServer(
            "mail.example.org", 465, Encryption.FROM_THE_START, "a@b", "p/w"
        ),
        "SMTP://mail.example.org": MailServer("mail.example.org", 587, Encryption.STARTTLS),
        "smtp://mail.example.org:2525/": MailServer("mail.example.org", 2525, Encryption.STARTTLS),
        "smtp://127.0.0.1:25": MailServer("127.0.0.1", 25, Encryption.WHERE_OFFERED),
        "smtp://[::1]:25": MailServer("::1", 25, Encryption.WHERE_OFFERED),
        "smtp://localhost": MailServer("localhost", 587, Encryption.WHERE_OFFERED),
        "smtp://localhost.example.org": MailServer("localhost.example.org", 587, Encryption.STARTTLS),
    }
    assert {url: mail_server(url) for url in read} == read
    assert "p/w" not in repr(mail_server("smtps://a%40b:p%2Fw@mail.example.org"))


def test_what_is_no_mail_server_is_refused_without_repeating_it() -> None:
    wrong = (
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://writer@mail.example.org",
        "smtp://:s3cret@mail.example.org",
        "smtp://writer:s3cret@mail.example.org/path",
        "smtp://writer:s3cret@mail.example.org?tls=no",
        "smtp://writer:s3cret@mail.example.org#x",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org:0",
        "smtp://mail exa.org",
        "smtp://mail.example.org\r\nRCPT",
        "smtp://a:b@[::1",
    )
    said = {url: refusal("mail.url", url) for url in wrong}
    assert [url for url, detail in said.items() if "mail.url" not in detail or "s3cret" in detail] == []


def test_a_sender_is_an_address_with_or_without_a_name() -> None:
    assert sender_of("Schediora <s@example.org>") == Address("Schediora", addr_spec="s@example.org")
    assert sender_of("s@example.org").display_name == ""
    assert sender_of('"Study, at last" <s@example.org>').display_name == "Study, at last"
    wrong = (
        "Schediora",
        "s@",
        "@example.org",
        "s@exa mple.org",
        "a@example.org\r\nBcc: b@example.org",
        "ü@example.org",
    )
    assert [text for text in wrong if "mail.from" not in refusal("mail.from", text)] == []


def test_what_is_shown_of_a_mail_server_has_no_password() -> None:
    assert without_secrets("smtps://writer:wo@rd@mail.example.org:465") == "smtps://writer:***@mail.example.org:465"
