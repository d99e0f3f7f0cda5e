"""Where the key and the student's words go: to the server that was chosen, once it has shown who it is."""

import os
import ssl
from pathlib import Path

import openai
import pytest
import trustme

from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.openai_writer import OpenAIWriter
from schediora.ai.model.slots import SlotAnswers
from tests.ai.slots import request
from tests.model_behaviours import good, status
from tests.model_server import ModelServer, refused_url

SECONDS = 5.0
assert openai.__version__  # imported here, so that no test's deadline pays for it


def ask(url: str, *, api_key: str = "sk-chosen") -> SlotAnswers:
    return OpenAIWriter(model="tiny", base_url=url, api_key=api_key).write_slots(request(), seconds=SECONDS)


@pytest.fixture
def authority() -> trustme.CA:
    """An authority that nobody has heard of."""
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("scheme", ["https", "HTTPS", "Https"])
def test_an_unknown_certificate_is_told_nothing_however_the_address_is_spelled(
    tls: ssl.SSLContext, scheme: str
) -> None:
    with ModelServer(good(), tls=tls) as server:
        with pytest.raises(ProviderError) as caught:
            ask(server.base_url.replace("https", scheme))
        assert server.calls == []
    assert caught.value.code is FailureCode.UNREACHABLE
    assert "certificate" in caught.value.said


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_an_authority_that_the_operator_trusts_is_trusted(
    tls: ssl.SSLContext, authority: trustme.CA, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with ModelServer(good(), tls=tls) as server:
        assert ask(server.base_url.replace("https", scheme)).texts


@pytest.mark.parametrize("api_key", ["sk-chosen", ""])
def test_nothing_that_the_environment_says_to_openai_reaches_the_server(
    api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        "OPENAI_API_KEY": "env-secret",
        "OPENAI_ADMIN_KEY": "env-secret",
        "OPENAI_ORG_ID": "env-secret",
        "OPENAI_PROJECT_ID": "env-secret",
        "OPENAI_WEBHOOK_SECRET": "env-secret",
        "OPENAI_BASE_URL": refused_url(),
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer env-secret\nHost: env-secret\nX-Team: env-secret\nX-Ü: env",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with ModelServer(good()) as server:
        ask(server.base_url, api_key=api_key)
    headers = server.calls[0].headers
    assert "env-secret" not in str(headers)
    assert not {name for name in headers if name.startswith(("openai-", "x-team"))}
    assert headers.get("authorization") == (f"Bearer {api_key}" if api_key else None)
    assert headers["host"] in server.base_url


def test_no_variable_of_openai_is_missing_in_the_test_above() -> None:
    """A newer client may read more of them."""
    source = Path(openai.__file__).parent / "lib" / "_client_auth.py"
    read = {word.split('"')[1] for word in source.read_text().split("environ.get(")[1:]}
    known = {"API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "WEBHOOK_SECRET", "BASE_URL", "CUSTOM_HEADERS"}
    assert read == {f"OPENAI_{name}" for name in known}


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(code: int) -> None:
    with ModelServer(good()) as other:
        with ModelServer(status(code, b"", location=f"{other.base_url}/chat/completions")) as server:
            with pytest.raises(ProviderError) as caught:
                ask(server.base_url)
            assert caught.value.code is FailureCode.ERROR
        assert other.calls == []


def test_a_proxy_in_the_environment_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, refused_url())
    with ModelServer(good()) as server:
        assert ask(server.base_url).texts
        assert ask(server.base_url.replace("127.0.0.1", "LOCALHOST")).texts


def test_a_proxy_in_the_environment_is_used_for_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(good()) as proxy:
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.base_url.removesuffix("/v1"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert ask("http://models.example/v1").texts
    assert "models.example" in proxy.calls[0].path
    assert os.environ["HTTP_PROXY"] in proxy.base_url
