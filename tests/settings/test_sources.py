"""Settings come from a file, variables, files that variables name, and the command line; all that is wrong is told."""

from pathlib import Path

import pytest

from schediora.errors import SetupError
from schediora.settings.loading import Loaded, load
from schediora.settings.values import secret_names, value_of

SECRETS = {
    "auth.secret_key": "k3y-" * 10,
    "auth.previous_secret_keys": "one,two",
    "ai.api_key": "sk-something",
    "database.url": "postgresql://writer:word@db/schediora",
    "database.direct_url": "postgresql://writer:word@db/schediora",
    "queue.url": "redis://:word@cache/0",
    "mail.url": "smtps://writer:word@mail.example.org",
}
SERVICE_LINKS = {
    "SCHEDIORA_PORT": "tcp://10.0.0.11:8000",
    "SCHEDIORA_PORT_8000_TCP": "tcp://10.0.0.11:8000",
    "SCHEDIORA_PORT_8000_TCP_PROTO": "tcp",
    "SCHEDIORA_PORT_8000_TCP_PORT": "8000",
    "SCHEDIORA_PORT_8000_TCP_ADDR": "10.0.0.11",
    "SCHEDIORA_SERVICE_HOST": "10.0.0.11",
    "SCHEDIORA_SERVICE_PORT": "8000",
    "SCHEDIORA_SERVICE_PORT_HTTP": "8000",
    "SCHEDIORA_DB_SERVICE_HOST": "fd00::11",
    "SCHEDIORA_DB_PORT": "tcp://[fd00::11]:5432",
    "SCHEDIORA_DNS_PORT_53_UDP": "udp://10.0.0.12:53",
    "SCHEDIORA_DNS_PORT_53_UDP_PROTO": "udp",
}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, path: str = "schediora.toml") -> None:
    Path(path).write_text(text, encoding="utf-8")


def revealed(loaded: Loaded, name: str) -> object:
    value = value_of(loaded.settings, name)
    return [part.get_secret_value() for part in value] if isinstance(value, tuple) else value.get_secret_value()  # type: ignore[attr-defined]


def variable(name: str) -> str:
    return "SCHEDIORA_" + name.upper().replace(".", "__")


def faults(**overrides: object) -> list[str]:
    with pytest.raises(SetupError) as refused:
        load(overrides=overrides)
    return refused.value.detail.splitlines()


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    written("[server]\nport = 1\nthreads = 2\nhost = 'file'\n")
    monkeypatch.setenv("SCHEDIORA_SERVER__PORT", "3")
    monkeypatch.setenv("schediora_server__threads", "4")
    loaded = load(overrides={"server.port": 5, "server.host": None})
    server = loaded.settings.server
    assert (server.port, server.threads, server.host) == (5, 4, "file")
    assert loaded.origins["server.port"] == "command line"
    assert loaded.origins["server.threads"] == "schediora_server__threads"
    assert loaded.origins["server.host"] == "schediora.toml line 4"
    assert loaded.origins["queue.workers"] == "default"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[server]\n\nport = 9000\n", 3),
        ("# a note\nserver.port = 9000\n", 2),
        ("\nserver = { port = 9000 }\n", 2),
        ('[ "server" ]\n"port"=9000\n', 2),
        ("[auth]\nrefresh_days = 7\n[server]\nport = 9000\n", 4),
    ],
)
def test_the_line_of_the_file_is_told_however_it_is_written(text: str, line: int) -> None:
    written(text)
    loaded = load()
    assert (loaded.settings.server.port, loaded.origins["server.port"]) == (9000, f"schediora.toml line {line}")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_file_from_windows_is_read(ends: str) -> None:
    Path("schediora.toml").write_bytes(b"\xef\xbb\xbf" + ends.join(["[server]", "port = 9000", ""]).encode())
    assert load().settings.server.port == 9000


def test_values_are_trimmed_wherever_they_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    written('[server]\nhost = " ::1 "\n[cors]\norigins = [" https://a.example "]\n')
    monkeypatch.setenv("SCHEDIORA_AI__PROVIDER", "openai\n")
    monkeypatch.setenv("SCHEDIORA_AI__API_KEY", " sk-1\r\n")
    monkeypatch.setenv("SCHEDIORA_SERVER__PORT", " 9000\n")
    monkeypatch.setenv("SCHEDIORA_DATABASE__URL", "\tsqlite:///x.db\n")
    settings = load(overrides={"planner.default_timezone": " Asia/Jakarta "}).settings
    assert settings.server.host == "::1"
    assert settings.server.port == 9000
    assert settings.cors.origins == ("https://a.example",)
    assert settings.ai.provider == "openai"
    assert settings.ai.api_key.get_secret_value() == "sk-1"
    assert settings.database_url == "sqlite:///x.db"
    assert settings.planner.default_timezone == "Asia/Jakarta"


def test_every_secret_may_come_from_a_file() -> None:
    assert secret_names() == set(SECRETS)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_comes_from_a_file_of_any_mode(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Path("secret")
    secret.write_text(SECRETS[name])
    secret.chmod(0o444)
    monkeypatch.setenv(f"{variable(name)}_FILE", "secret")
    loaded = load()
    assert revealed(loaded, name) == (SECRETS[name].split(",") if "," in SECRETS[name] else SECRETS[name])
    assert loaded.origins[name] == f"{variable(name)}_FILE"
    assert secret.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("name", ["database.url", "queue.url", "ai.api_key"])
@pytest.mark.parametrize("form", ["{}\n", "\ufeff{}\r\n", " {} \n\n"])
def test_a_secret_from_a_file_is_trimmed(name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written(form.format(SECRETS[name]), "secret")
    monkeypatch.setenv(f"{variable(name)}_FILE", " secret\n")
    assert revealed(load(), name) == SECRETS[name]


def test_a_file_may_hold_a_previous_key_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    written("one\ntwo\n", "keys")
    monkeypatch.setenv("SCHEDIORA_AUTH__PREVIOUS_SECRET_KEYS_FILE", "keys")
    assert revealed(load(), "auth.previous_secret_keys") == ["one", "two"]


def test_a_file_that_holds_no_secret_is_refused_by_the_variable_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("empty").write_bytes(b" \n")
    Path("image").write_bytes(b"\xff\xfe\x00")
    Path("huge").write_bytes(b"x" * 1_000_000)
    given = {
        "SCHEDIORA_AUTH__SECRET_KEY_FILE": "the-secret-itself",
        "SCHEDIORA_AI__API_KEY_FILE": "empty",
        "SCHEDIORA_DATABASE__URL_FILE": "image",
        "SCHEDIORA_QUEUE__URL_FILE": "huge",
        "SCHEDIORA_AUTH__PREVIOUS_SECRET_KEYS_FILE": ".",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    told = faults()
    assert [line.split()[3] for line in told] == list(given)
    assert "the-secret-itself" not in "".join(told)


def test_a_secret_is_given_in_one_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    written("sk-1", "key")
    monkeypatch.setenv("SCHEDIORA_AI__API_KEY", "sk-2")
    monkeypatch.setenv("SCHEDIORA_AI__API_KEY_FILE", "key")
    assert faults() == ["Both SCHEDIORA_AI__API_KEY and SCHEDIORA_AI__API_KEY_FILE are set; unset one of them."]


def test_only_secrets_come_from_files(monkeypatch: pytest.MonkeyPatch) -> None:
    written("9000", "port")
    monkeypatch.setenv("SCHEDIORA_SERVER__PORT_FILE", "port")
    [told] = faults()
    assert "SCHEDIORA_SERVER__PORT_FILE names no setting" in told


def test_the_variables_of_kubernetes_services_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SERVICE_LINKS.items():
        monkeypatch.setenv(name, value)
    loaded = load()
    assert set(loaded.origins.values()) == {"default"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCHEDIORA_PORT", "8000"),
        ("SCHEDIORA_HOST", "10.0.0.11"),
        ("SCHEDIORA_SERVICE_HOST", "everywhere"),
        ("SCHEDIORA_SERVICE_PORT", "many"),
        ("SCHEDIORA_PORT_8000_TCP_PROTO", "carrier pigeon"),
        ("SCHEDIORA_SERVER__PROT", "8000"),
        ("SCHEDIORA_SERVER_PORT", "8000"),
        ("SCHEDIORA_ADDR", "10.0.0.11"),
        ("SCHEDIORA_", ""),
    ],
)
def test_any_other_variable_that_names_no_setting_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    [told] = faults()
    assert f"The environment variable {name} names no setting" in told


def test_a_misspelt_variable_is_answered_with_the_nearest_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEDIORA_SERVER_PORT", "8000")
    assert "did you mean SCHEDIORA_SERVER__PORT?" in faults()[0]


def test_everything_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written('colour = "red"\nai = "openai"\n[server]\nport = "many"\nprot = 1\n[sever]\n[auth]\nrefresh_days = 0\n')
    monkeypatch.setenv("SCHEDIORA_QUEUE__WORKERS", "none")
    monkeypatch.setenv("SCHEDIORA_NONSENSE", "1")
    told = faults(**{"planner.default_timezone": "Mars/Olympus"})
    assert len(told) == 9
    for name in (
        "colour (schediora.toml line 1)",
        "ai (schediora.toml line 2)",
        "server.port (schediora.toml line 4)",
        "server.prot (schediora.toml line 5)",
        "sever (schediora.toml line 6)",
        "auth.refresh_days (schediora.toml line 8)",
        "queue.workers (SCHEDIORA_QUEUE__WORKERS)",
        "SCHEDIORA_NONSENSE",
        "planner.default_timezone (command line)",
    ):
        assert sum(name in line for line in told) == 1, name


def test_a_file_that_cannot_be_parsed_hides_no_other_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    written("port = = 1\n")
    monkeypatch.setenv("SCHEDIORA_SERVER__PORT", "many")
    syntax, port = faults()
    assert "schediora.toml is not valid TOML" in syntax
    assert "server.port (SCHEDIORA_SERVER__PORT)" in port


def test_a_file_that_is_no_text_is_refused() -> None:
    Path("schediora.toml").write_bytes("[server]\n".encode("utf-16"))
    assert "save it as UTF-8" in faults()[0]
