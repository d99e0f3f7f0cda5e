"""What production refuses, what can never work, and what is warned of."""

from pathlib import Path

import pytest

from schediora.errors import SetupError
from schediora.settings.loading import load
from schediora.settings.safety import warnings
from schediora.settings.values import Settings

KEY = "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6"
PRODUCTION = {"environment": "production", "auth.secret_key": KEY}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(**overrides: object) -> Settings:
    return load(overrides={name.replace("__", "."): value for name, value in overrides.items()}).settings


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("app.example.org", "https://app.example.org"),
        ("App.Example.org/", "https://app.example.org"),
        ("//app.example.org", "https://app.example.org"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:8080/app", "http://127.0.0.1:8080"),
        ("https://app.example.org/", "https://app.example.org"),
        ("https://app.example.org/app", "https://app.example.org"),
        ("https://app.example.org?x=1", "https://app.example.org"),
        ("https://app.example.org#top", "https://app.example.org"),
        ("https://me@app.example.org", "https://app.example.org"),
        ("HTTPS://App.Example.Org", "https://app.example.org"),
        ("https://app.example.org:443", "https://app.example.org"),
        ("http://app.example.org:80", "http://app.example.org"),
        ("http://app.example.org:", "http://app.example.org"),
        ("http://app.example.org:08080", "http://app.example.org:8080"),
        ("http://[::1]:3000/", "http://[::1]:3000"),
        ("capacitor://localhost/", "capacitor://localhost"),
    ],
)
@pytest.mark.parametrize("environment", [{}, PRODUCTION], ids=["development", "production"])
def test_an_origin_that_no_browser_sends_is_refused_with_what_to_write(
    written: str, instead: str, environment: dict[str, str]
) -> None:
    with pytest.raises(SetupError, match=r"cors\.origins") as refused:
        settings(**environment, cors__origins=["https://fine.example", written])
    assert f'write "{instead}"' in refused.value.detail
    assert settings(**environment, cors__origins=[instead]).cors.origins == (instead,)


def test_all_origins_that_are_wrong_are_told_at_once() -> None:
    with pytest.raises(SetupError, match=r'write "https://a\.example"; .*write "https://b\.example"'):
        settings(cors__origins=["https://a.example/", "https://fine.example", "b.example"])


@pytest.mark.parametrize(
    "written",
    [
        "null",
        "NULL",
        "file:///home/me/app.html",
        "file://",
        "https://*.example.org",
        "https://",
        "https://exa mple.org",
        "https://bücher.example",
        "https://app.example.org:port",
        "://app.example.org",
        "https://app.example.org https://b.example",
    ],
)
def test_an_origin_that_cannot_be_mended_is_refused(written: str) -> None:
    with pytest.raises(SetupError, match=r"cors\.origins"):
        settings(cors__origins=[written])


@pytest.mark.parametrize(
    "origin", ["https://app.example.org", "http://localhost:3000", "https://xn--bcher-kva.example", "ionic://localhost"]
)
def test_an_origin_as_browsers_send_it_is_taken(origin: str) -> None:
    assert settings(cors__origins=origin).cors.origins == (origin,)


def test_all_that_production_refuses_is_told_together_with_what_is_wrong() -> None:
    overrides = {"environment": "production", "cors.origins": "*", "server.port": -1}
    with pytest.raises(SetupError) as refused:
        load(overrides=overrides, serving=True)
    told = refused.value.detail.splitlines()
    assert len(told) == 3
    for name in ("auth.secret_key (default)", "cors.origins (command line)", "server.port (command line)"):
        assert sum(name in line for line in told) == 1
    assert load(overrides={**overrides, "server.port": 1}).settings.production


@pytest.mark.parametrize(
    ("base_url", "warned"),
    [
        ("http://models.example/v1", True),
        ("HTTP://192.168.1.5:11434/v1", True),
        ("http://[fd00::5]/v1", True),
        ("http://localhost.example/v1", True),
        ("https://models.example/v1", False),
        ("http://localhost:11434/v1", False),
        ("http://models.LOCALHOST./v1", False),
        ("http://127.0.0.2/v1", False),
        ("http://[::1]:11434/v1", False),
        ("http://[::ffff:127.0.0.1]/v1", False),
        ("", False),
    ],
)
def test_a_key_that_would_cross_the_network_in_the_clear_is_warned_of(base_url: str, warned: bool) -> None:
    assert ("ai.base_url" in warnings(settings(ai__base_url=base_url, ai__api_key="sk-1"))) == warned
    assert warnings(settings(ai__base_url=base_url)) == {}


def test_a_previous_key_that_can_be_guessed_is_taken_and_warned_of() -> None:
    kept = settings(**PRODUCTION, auth__previous_secret_keys=["k" * 32])
    assert set(warnings(kept)) == {"auth.previous_secret_keys"}
    assert warnings(settings(**PRODUCTION, auth__previous_secret_keys=[KEY + "x", ""])) == {}


MAIL = {
    "mail__url": "smtps://writer:word@mail.example.org",
    "mail__from": "Schediora <schediora@example.org>",
    "server__public_url": "https://study.example.org",
}


@pytest.mark.parametrize("environment", [{}, PRODUCTION], ids=["development", "production"])
@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("mail__from", "", "who mails are from"),
        ("server__public_url", "", "the address by which students come"),
        ("server__public_url", "http://study.example.org", "https"),
    ],
)
def test_mail_that_would_lead_nowhere_is_refused(name: str, value: str, word: str, environment: dict[str, str]) -> None:
    given = {key.replace("__", "."): each for key, each in (MAIL | {name: value}).items()} | environment
    with pytest.raises(SetupError, match=word) as refused:
        load(overrides=given, serving=True)
    assert refused.value.detail.count("\n") == 0
    assert "word@" not in refused.value.detail


def test_mail_is_sent_with_all_that_it_needs_and_by_http_on_this_machine() -> None:
    for public_url in ("https://study.example.org", "http://localhost:8000", "http://127.0.0.1:8000"):
        given = {key.replace("__", "."): each for key, each in (MAIL | {"server__public_url": public_url}).items()}
        assert load(overrides=given, serving=True).settings.sends_mail
    assert not settings().sends_mail
