"""What the sign-in calls take, field by field."""

import json
from typing import Any
from unicodedata import normalize

import pytest
from pydantic import ValidationError

from schediora.auth.schemas import Credentials, RefreshRequest, Registration, TokenPair, canonical
from schediora.http.validation import faults

LONGEST = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.io"
"""An address of 254 characters."""
NEW = {"email": "bob@example.com", "password": "correct horse"}


def refusals(schema: type[Registration] | type[Credentials] | type[RefreshRequest], body: dict[str, Any]) -> list[str]:
    try:
        schema.model_validate_json(json.dumps(body))
    except ValidationError as problem:
        return [f"{fault['pointer']} {fault['detail']}" for fault in faults(problem)]
    return []


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Bob@Example.COM", "bob@example.com"),
        ("a.b+c@sub.example.org", "a.b+c@sub.example.org"),
        ("O'Neil@x.io", "o'neil@x.io"),
        ("x@y.test", "x@y.test"),
        ("x@y.invalid", "x@y.invalid"),
        ("x@mail.local", "x@mail.local"),
        ("bob@Bücher.example", "bob@xn--bcher-kva.example"),
        (f"{'a' * 64}@x.io", f"{'a' * 64}@x.io"),
        (LONGEST, LONGEST),
    ],
)
def test_an_address_of_sound_syntax_has_one_stored_form(text: str, stored: str) -> None:
    assert canonical(text) == stored
    assert canonical(stored) == stored
    assert Registration.model_validate({**NEW, "email": f" {text}\n"}).email == stored


@pytest.mark.parametrize(
    "text",
    [
        "bob",
        "bob@",
        "@x.io",
        "bob@x",
        "bob@@x.io",
        "bob@x..io",
        "bob @x.io",
        "Bob <bob@x.io>",
        '"a b"@x.io',
        "bob@[1.2.3.4]",
        "józef@x.io",
        "ẞ@x.io",
        "İ@x.io",
        "bob@x.io,eve@x.io",
        "bob@xn--a.io",
        "bob\x85@x.io",
        f"bob@{'x' * 64}.io",
        f"bob@{'ü' * 60}.{'ü' * 60}.{'ü' * 60}.io",
    ],
)
def test_any_other_text_is_no_address(text: str) -> None:
    assert refusals(Registration, {**NEW, "email": text}) == [
        "/email Email must be an address such as name@example.com."
    ]
    assert refusals(Credentials, {**NEW, "email": text}) == []


def test_an_address_that_is_too_long_is_called_that() -> None:
    too_long = {**NEW, "email": LONGEST.replace(".io", "d.io")}
    assert refusals(Registration, too_long) == ["/email Email must have at most 254 characters."]


@pytest.mark.parametrize("password", [" " * 8, "12345678", "ä" * 128, "🔑" * 8, " padded \t"])
def test_a_password_of_8_to_128_characters_is_taken_as_it_is(password: str) -> None:
    assert Registration.model_validate({**NEW, "password": password}).password == password


def test_a_password_is_counted_in_the_characters_that_it_composes_to() -> None:
    """Four code points may be one character at the most."""
    composed = "\u1f82" * 128
    assert len(decomposed := normalize("NFD", composed)) == 512
    assert Registration.model_validate({**NEW, "password": decomposed}).password == composed
    assert refusals(Registration, {**NEW, "password": f"{decomposed}x"}) != []


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("1234567", "Password must have at least 8 characters."),
        ("x" * 129, "Password must have at most 128 characters."),
        ("1234\0" * 2, "Password must not contain a NUL character."),
        (12345678, "Password must be text."),
        (None, "Password must be text."),
    ],
)
def test_any_other_password_is_refused_in_words(password: Any, words: str) -> None:
    assert refusals(Registration, {**NEW, "password": password}) == [f"/password {words}"]


@pytest.mark.parametrize("timezone", ["Asia/Jakarta", " Europe/Berlin ", "Etc/GMT+12", "UTC"])
def test_a_zone_of_the_database_is_taken(timezone: str) -> None:
    assert Registration.model_validate({**NEW, "timezone": timezone}).timezone == timezone.strip()


@pytest.mark.parametrize(
    "timezone",
    ["", "Mars/Olympus", "America", "asia/jakarta", "../etc/passwd", "UTC\0", "localtime", "Factory", "x" * 10_000],
)
def test_any_other_zone_is_refused_without_repeating_it(timezone: str) -> None:
    assert refusals(Registration, {**NEW, "timezone": timezone}) == [
        "/timezone Timezone must be an IANA time zone such as Asia/Jakarta."
    ]


@pytest.mark.parametrize("timezone", [None, 7, ["UTC"]])
def test_a_zone_is_text(timezone: Any) -> None:
    assert refusals(Registration, {**NEW, "timezone": timezone}) == ["/timezone Timezone must be text."]


def test_a_nul_is_refused_wherever_it_stands() -> None:
    assert len(refusals(Registration, {"email": "a\0@x.io", "password": "\0" * 9, "timezone": "\0"})) == 3
    assert len(refusals(Credentials, {"email": "a\0@x.io", "password": "\0"})) == 2
    assert len(refusals(RefreshRequest, {"refresh_token": "\0"})) == 1


def test_secrets_are_not_shown_by_a_body() -> None:
    shown = repr([Registration.model_validate(NEW), Credentials.model_validate(NEW)])
    assert "correct horse" not in shown
    assert "abc" not in repr(RefreshRequest(refresh_token="abc"))
    assert "abc" not in repr(TokenPair(access_token="abc", refresh_token="abc", expires_in=1))
