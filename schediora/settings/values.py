"""The settings: defaults < schediora.toml < SCHEDIORA_* environment < command line, validated whole.

A value, never a global: `load` reads the sources once and the result is handed down. An unknown setting is an error.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from schediora import localtime
from schediora.errors import SetupError
from schediora.settings.settings_sources import PREFIX, Sources, flatten, nest

DEFAULT_FILE = "schediora.toml"
MINIMUM_KEY_BYTES = 32
"""A MAC key is as long as the hash that it feeds (RFC 7518 section 3.2, HS256)."""


def _list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _zone(name: str) -> str:
    localtime.zone(name)
    return name


def _peers(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            _ = name == "unix" or ip_network(name)
        except ValueError:
            raise ValueError(
                f'"{name[:60]}" is neither an address, nor a network such as 10.0.0.0/8, nor unix for the unix socket'
            ) from None
    return names


def _database_url(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("it must start with postgresql:// or sqlite:///, or be empty for SQLite in the data directory")
    return _well_formed(url)


def _queue_url(url: str) -> str:
    if url and not url.startswith(("redis://", "rediss://")):
        raise ValueError("it must start with redis:// or rediss://, or be empty for the database's own queue")
    return _well_formed(url)


def _well_formed(url: str) -> str:
    try:
        urlsplit(url).port  # noqa: B018  # reading it is the check
    except ValueError:
        raise ValueError("it is no URL; special characters in a password are written as %XX") from None
    return url


class Section(BaseModel):
    """A table of schediora.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ServerSettings(Section):
    """Where the API listens and how many requests it works on at once."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    threads: Annotated[int, Field(ge=2, le=256)] = 16
    trusted_proxies: Annotated[tuple[str, ...], BeforeValidator(_list), AfterValidator(_peers)] = (
        "127.0.0.0/8",
        "::1/128",
        "unix",
    )


class DatabaseSettings(Section):
    """Where the students' data lives."""

    url: Annotated[SecretStr, AfterValidator(lambda url: SecretStr(_database_url(url.get_secret_value())))] = SecretStr(
        ""
    )


class QueueSettings(Section):
    """What wakes the consumer, and how many jobs it works on at once."""

    url: Annotated[SecretStr, AfterValidator(lambda url: SecretStr(_queue_url(url.get_secret_value())))] = SecretStr("")
    workers: Annotated[int, Field(ge=1, le=128)] = 8


class AuthSettings(Section):
    """Signing keys and lifetimes."""

    secret_key: SecretStr = SecretStr("")
    previous_secret_keys: Annotated[tuple[SecretStr, ...], BeforeValidator(_list)] = ()
    access_minutes: Annotated[int, Field(ge=1, le=60 * 24 * 180)] = 60 * 24 * 7
    refresh_days: Annotated[int, Field(ge=1, le=365)] = 30
    session_days: Annotated[int, Field(ge=1, le=730)] = 180


class CorsSettings(Section):
    """Which web pages may call the API."""

    origins: Annotated[tuple[str, ...], BeforeValidator(_list)] = ()


class PlannerSettings(Section):
    """What holds for a student who has not said."""

    default_timezone: Annotated[str, AfterValidator(_zone)] = "UTC"


class AiSettings(Section):
    """Who proposes what to study. Only `openai` ever sends a student's words to another server."""

    provider: Literal["rules", "openai"] = "rules"
    base_url: str = ""
    api_key: SecretStr = SecretStr("")
    model: str = "gpt-4o-mini"


class Settings(BaseSettings):
    """Every setting of Schediora; `[section] name` in the file is `SCHEDIORA_SECTION__NAME` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        enable_decoding=False,
        nested_model_default_partial_update=True,
        hide_input_in_errors=True,
        toml_file=DEFAULT_FILE,
    )

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("schediora-data")
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    queue: QueueSettings = QueueSettings()
    auth: AuthSettings = AuthSettings()
    cors: CorsSettings = CorsSettings()
    planner: PlannerSettings = PlannerSettings()
    ai: AiSettings = AiSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: the command line over the environment over the file."""
        path = settings_cls.model_config["toml_file"]
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    @property
    def production(self) -> bool:
        """Whether real students are served, so that nothing may be made up or left open."""
        return self.environment == "production"

    @property
    def database_url(self) -> str:
        """The database's URL; SQLite in the data directory unless one is set."""
        return self.database.url.get_secret_value() or f"sqlite:///{self.data_dir / 'schediora.db'}"

    @property
    def on_postgres(self) -> bool:
        """Whether the database is Postgres."""
        return self.database_url.startswith("postgresql://")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force, and where each dotted name came from (`default`, a file's line, a variable, `command
    line`).
    """

    settings: Settings
    origins: Mapping[str, str]


def setting_names() -> tuple[str, ...]:
    """Return every setting's dotted name (`auth.access_minutes`), in the file's order."""
    return tuple(
        name for name, _ in flatten({name: _defaults(field.default) for name, field in Settings.model_fields.items()})
    )


def load(config: Path | None = None, overrides: Mapping[str, object] | None = None) -> Loaded:
    """Read the settings from `config` (default: schediora.toml in the working directory, if there), the environment and
    `overrides` (dotted name to value, from the command line; None means not given).

    Raises SetupError with one sentence that names the file, the line and the key, or the variable.
    """
    path = config or Path(DEFAULT_FILE)
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    names = setting_names()
    sources = Sources.read(path, required=config is not None, given=given, environ=os.environ, known=names)
    bound = type("Settings", (Settings,), {"model_config": SettingsConfigDict(toml_file=path), "__module__": __name__})
    try:
        settings = bound(**nest(given))
    except ValidationError as problem:
        fault = problem.errors(include_url=False, include_input=False, include_context=False)[0]
        name = ".".join(str(part) for part in fault["loc"] if isinstance(part, str)) or "the settings"
        reason = "there is no such setting" if fault["type"] == "extra_forbidden" else _plain(fault["msg"])
        raise SetupError(f"The setting {name} ({sources.origin(name)}) is wrong: {reason}.") from None
    return Loaded(settings, {name: sources.origin(name) for name in names})


def require_production_safe(settings: Settings) -> None:
    """Raise SetupError when `settings` are for production and would let in whoever comes; in development anything
    goes.
    """
    if not settings.production:
        return
    if len(settings.auth.secret_key.get_secret_value().encode()) < MINIMUM_KEY_BYTES:
        raise SetupError(
            f"In production SCHEDIORA_AUTH__SECRET_KEY must hold a signing key of {MINIMUM_KEY_BYTES} bytes or more; "
            'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if "*" in settings.cors.origins:
        raise SetupError('In production cors.origins must name the web pages that may call; "*" lets in every one.')


def _defaults(value: object) -> object:
    return {name: getattr(value, name) for name in type(value).model_fields} if isinstance(value, Section) else value


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removesuffix(".").replace("Input should", "it should")
