"""The settings: every one with its default and its bounds.

A value, never a global: `loading.load` reads the sources once and the result is handed down.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from schediora.settings.kinds import (
    DatabaseUrl,
    FileMode,
    Level,
    Listed,
    ListeningHost,
    MailSender,
    MailUrl,
    ModelServerUrl,
    Origins,
    Peers,
    PostgresUrl,
    PublicUrl,
    QueueUrl,
    SigningKey,
    StrictTransport,
    ZoneName,
)


class Section(BaseModel):
    """A table of schediora.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ServerSettings(Section):
    """Where the API listens and how many requests it works on at once."""

    host: ListeningHost = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    socket: str = ""
    socket_mode: FileMode = "0660"
    socket_group: str = ""
    processes: Annotated[int, Field(ge=0, le=256)] = 0
    threads: Annotated[int, Field(ge=2, le=256)] = 4
    public_url: PublicUrl = ""
    strict_transport_security: StrictTransport = "max-age=31536000; includeSubDomains"
    trusted_proxies: Peers = ("127.0.0.0/8", "::1/128", "unix")
    idle_connections: Annotated[int, Field(ge=10, le=1_000_000)] = 20_000
    connections_per_address: Annotated[int, Field(ge=0, le=100_000)] = 1000
    cache_mebibytes: Annotated[int, Field(ge=0, le=65_536)] = 32


class DatabaseSettings(Section):
    """Where the students' data lives."""

    url: DatabaseUrl = SecretStr("")
    direct_url: PostgresUrl = SecretStr("")
    prepared_statements: bool = False
    connections: Annotated[int, Field(ge=1, le=100_000)] = 40


class QueueSettings(Section):
    """What wakes the consumer, and how many jobs it works on at once."""

    url: QueueUrl = SecretStr("")
    workers: Annotated[int, Field(ge=1, le=128)] = 8


class AuthSettings(Section):
    """Signing keys and lifetimes."""

    secret_key: SigningKey = SecretStr("")
    previous_secret_keys: Annotated[tuple[SecretStr, ...], Listed] = ()
    access_minutes: Annotated[int, Field(ge=1, le=60 * 24 * 180)] = 60 * 24 * 7
    refresh_days: Annotated[int, Field(ge=1, le=365)] = 30
    session_days: Annotated[int, Field(ge=1, le=730)] = 180


class LimitsSettings(Section):
    """How often something may be tried."""

    enabled: bool = True


class MailSettings(Section):
    """Who takes our mails in, and who they are from."""

    url: MailUrl = SecretStr("")
    sender: Annotated[MailSender, Field(alias="from")] = ""


class LogSettings(Section):
    """How much is logged."""

    level: Level = "info"


class CorsSettings(Section):
    """Which web pages may call the API."""

    origins: Origins = ()


class WebSettings(Section):
    """What a browser is shown."""

    enabled: bool = True


class MetricsSettings(Section):
    """Where Prometheus fetches what the service counts."""

    host: ListeningHost = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 0


class PlannerSettings(Section):
    """What holds for a student who has not said."""

    default_timezone: ZoneName = "UTC"


class AiSettings(Section):
    """Who proposes what to study. Only `openai` ever sends a student's words to another server."""

    provider: Literal["rules", "openai"] = "rules"
    base_url: ModelServerUrl = ""
    api_key: SecretStr = SecretStr("")
    model: str = "gpt-4o-mini"
    timeout_seconds: Annotated[float, Field(ge=0.1, le=60)] = 20.0
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    max_tokens: Annotated[int, Field(ge=256, le=65536)] = 4096
    daily_tokens: Annotated[int, Field(ge=0, le=10**12)] = 0


class Settings(Section):
    """Every setting of Schediora; `[section] name` in the file is `SCHEDIORA_SECTION__NAME` in the environment."""

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("schediora-data")
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    queue: QueueSettings = QueueSettings()
    auth: AuthSettings = AuthSettings()
    limits: LimitsSettings = LimitsSettings()
    mail: MailSettings = MailSettings()
    cors: CorsSettings = CorsSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    planner: PlannerSettings = PlannerSettings()
    ai: AiSettings = AiSettings()

    @property
    def production(self) -> bool:
        """Whether real students are served, so that nothing may be made up or left open."""
        return self.environment == "production"

    @property
    def sends_mail(self) -> bool:
        """Whether there is a server that takes our mails in."""
        return bool(self.mail.url.get_secret_value())

    @property
    def database_url(self) -> str:
        """The database's URL; SQLite in the data directory unless one is set."""
        return self.database.url.get_secret_value() or f"sqlite:///{self.data_dir / 'schediora.db'}"

    @property
    def direct_database_url(self) -> str:
        """The database's URL for what a pooler would be in the way of: migrations."""
        return (self.on_postgres and self.database.direct_url.get_secret_value()) or self.database_url

    @property
    def on_postgres(self) -> bool:
        """Whether the database is Postgres."""
        return self.database_url.startswith("postgresql://")


def setting_names() -> tuple[str, ...]:
    """Return every setting's dotted name (`auth.access_minutes`), in the file's order."""
    return tuple(name for name, _ in _settings(Settings))


def value_of(settings: Settings, name: str) -> object:
    """Return the value of the setting with a dotted name."""
    value: object = settings
    for part in name.split("."):
        fields = type(value).model_fields if isinstance(value, Section) else {}
        value = getattr(value, next((field for field, how in fields.items() if how.alias == part), part))
    return value


def secret_names() -> frozenset[str]:
    """Return the names of the settings that nobody may see."""
    return frozenset(name for name, kind in _settings(Settings) if SecretStr in (kind, *get_args(kind)))


def _settings(section: type[Section], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the dotted name and the kind of every setting in `section` and the sections within it."""
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _settings(kind, f"{prefix}{name}.")
        else:
            yield prefix + (field.alias or name), kind
