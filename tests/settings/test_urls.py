"""The URLs among the settings are what their servers understand, and are shown without secrets."""

import pytest
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from schediora.errors import SetupError
from schediora.settings.loading import load
from schediora.settings.urls import POSTGRES_PARAMETERS, without_secrets


def value(name: str, given: str) -> str:
    section, key = name.split(".")
    found = getattr(getattr(load(overrides={name: given}).settings, section), key)
    return str(found.get_secret_value() if hasattr(found, "get_secret_value") else found)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgresql://u:p@h:5432/d", "postgresql://u:p@h:5432/d"),
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("POSTGRES://u:p@h/d", "postgresql://u:p@h/d"),
        (
            "postgres://u:p%40ss@h1:5432,h2:5433,h3/d?target_session_attrs=read-write&sslmode=require",
            "postgresql://u:p%40ss@h1:5432,h2:5433,h3/d?target_session_attrs=read-write&sslmode=require",
        ),
        ("postgresql://[::1]:5432,[fe80::1%25eth0]/d", "postgresql://[::1]:5432,[fe80::1%25eth0]/d"),
        ("postgresql:///d?host=/var/run/postgresql", "postgresql:///d?host=/var/run/postgresql"),
        ("postgresql://%2Fvar%2Frun%2Fpostgresql/d", "postgresql://%2Fvar%2Frun%2Fpostgresql/d"),
        ("SQLite:////srv/x.db", "sqlite:////srv/x.db"),
        ("sqlite:///data/x.db", "sqlite:///data/x.db"),
        ("", ""),
    ],
)
def test_a_database_url_is_taken(given: str, taken: str) -> None:
    assert value("database.url", given) == taken
    if taken.startswith("postgresql"):
        assert conninfo_to_dict(taken)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u:top-secret@h:port/d",
        "postgresql://u:top-secret@h1:1,h2:65536/d",
        "postgresql://u:top@secret@h/d",
        "postgresql://u:top/secret@h/d",
        "postgresql://u:top%zzsecret@h/d",
        "postgresql://u:top secret@h/d",
        "postgresql://u:top-secret@h/d?colour=red",
        "postgresql://u:top-secret@h/d?sslmode",
        "postgresql://u:top-secret@[::1/d",
        "postgresql+psycopg://u:top-secret@h/d",
        "mysql://u:top-secret@h/d",
        "sqlite:///",
        "sqlite://top-secret.db",
        "top-secret.db",
    ],
)
def test_a_database_url_that_nobody_understands_is_refused_without_being_shown(given: str) -> None:
    with pytest.raises(SetupError, match=r"database\.url") as refused:
        load(overrides={"database.url": given})
    assert "secret" not in refused.value.detail


def test_every_parameter_of_postgres_is_known() -> None:
    assert {option.keyword.decode() for option in pq.Conninfo.get_defaults()} <= POSTGRES_PARAMETERS


@pytest.mark.parametrize("given", ["redis://h", "redis://:p@h:6379/0", "REDISS://u:p@[::1]:1/2?protocol=3"])
def test_a_queue_url_is_taken(given: str) -> None:
    scheme, _, rest = given.partition("://")
    assert value("queue.url", given) == f"{scheme.lower()}://{rest}"


@pytest.mark.parametrize("given", ["http://h", "redis://h:port/0", "redis://h/zero", "redis://h 1/0", "h:6379"])
def test_a_queue_url_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(SetupError, match=r"queue\.url"):
        load(overrides={"queue.url": given})


@pytest.mark.parametrize(
    "given",
    ["http://127.0.0.1:11434/v1", "HTTPS://Models.Example/v1", "Http://[::1]:1/", "https://m.example?api-version=1"],
)
def test_a_model_server_is_taken_with_its_scheme_in_any_case(given: str) -> None:
    scheme, _, rest = given.partition("://")
    assert value("ai.base_url", given) == f"{scheme.lower()}://{rest}"


@pytest.mark.parametrize(
    "given",
    [
        "ftp://models.example/v1",
        "models.example/v1",
        "localhost:11434",
        "https:models.example",
        "https://",
        "https:///v1",
        "https://:443/v1",
        "https://?key=1",
        "https://models.example:port/v1",
        "https://models.example:99999/v1",
        "https://[::1/v1",
        "https://models .example/v1",
        "https://models.example/v 1",
        "https://models.example/v1\n/x",
        "https://models\t.example/v1",
        "https://models.example/\u2028v1",
        "https://models.example\\@other.example/v1",
        "https://models,example/v1",
        "https://me:top-secret@models.example/v1",
        "https://top-secret@models.example/v1",
        "https://@models.example/v1",
    ],
)
def test_a_model_server_that_is_none_is_refused_without_being_shown(given: str) -> None:
    with pytest.raises(SetupError, match=r"ai\.base_url") as refused:
        load(overrides={"ai.base_url": given})
    assert "secret" not in refused.value.detail
    assert len(refused.value.detail.splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@h1:5432,h2:5432/d", "postgresql://u:***@h1:5432,h2:5432/d"),
        ("postgresql://u:p@ss:w/rd@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d?password=p&sslmode=require", "postgresql://u@h/d?password=***&sslmode=require"),
        ("postgresql://u:p@/d?host=h&sslpassword=p", "postgresql://u:***@/d?host=h&sslpassword=***"),
        ("postgresql://u@h/d?pass%77ord=p", "postgresql://u@h/d?pass%77ord=***"),
        ("postgresql://u@h/d?PASSWORD=p;q", "postgresql://u@h/d?PASSWORD=***"),
        ("https://m/v1?api_key=s&api-version=1", "https://m/v1?api_key=***&api-version=1"),
        ("https://m/v1?apikey=s", "https://m/v1?apikey=***"),
        ("https://m/v1?key=s=s", "https://m/v1?key=***"),
        ("https://m/v1?a=1;token=s;t", "https://m/v1?a=1;token=***"),
        ("https://m/v1?Ocp-Apim-Subscription-Key=s", "https://m/v1?Ocp-Apim-Subscription-Key=***"),
        ("https://m/v1?code=s&sig=s&sv=1", "https://m/v1?code=***&sig=***&sv=1"),
        ("https://m/v1?x-amz-signature=s#access_token=s", "https://m/v1?x-amz-signature=***#access_token=***"),
        ("https://m/v1?client_secret=s?s&pwd=s", "https://m/v1?client_secret=***?s&pwd=***"),
        ("redis://h/0?username=u&credential=s", "redis://h/0?username=u&credential=***"),
        ("postgresql://u@h:5432/d", "postgresql://u@h:5432/d"),
        ("postgresql://h/d?connect_timeout=5&client_encoding=utf8", "postgresql://h/d?connect_timeout=5&client_encoding=utf8"),
        ("sqlite:///data/schediora.db", "sqlite:///data/schediora.db"),
        ("gpt:4@home", "gpt:4@home"),
    ],
)  # fmt: skip
def test_every_secret_within_a_url_is_masked(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@pytest.mark.parametrize("host", ["", " ", "0.0.0.0 ::1", "[::1]", "http://127.0.0.1"])
def test_a_host_that_nothing_can_listen_on_is_refused_with_the_other_settings(host: str) -> None:
    with pytest.raises(SetupError, match=r"server\.host.*0\.0\.0\.0"):
        load(overrides={"server.host": host})


def test_the_services_own_address_is_taken_without_a_slash_at_its_end() -> None:
    taken = {
        "https://study.example.org": "https://study.example.org",
        "HTTP://127.0.0.1:8000/": "http://127.0.0.1:8000",
        "https://[::1]:8443": "https://[::1]:8443",
        "https://example.org/study/": "https://example.org/study",
        "": "",
    }
    assert {given: value("server.public_url", given) for given in taken} == taken


@pytest.mark.parametrize(
    "given",
    [
        "study.example.org",
        "ftp://example.org",
        "https://",
        "https:///path",
        "https://me:secret@example.org",
        "https://example.org/?a=1",
        "https://example.org/#week",
        "https://example.org\\a",
        "https://exa mple.org",
        "https://example.org:99999",
        "https://example.org\r\nX-Evil: 1",
    ],
)
def test_what_is_no_address_of_the_service_is_refused(given: str) -> None:
    with pytest.raises(SetupError, match="public_url"):
        load(overrides={"server.public_url": given})
