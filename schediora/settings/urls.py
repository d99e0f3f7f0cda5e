"""URLs that settings hold: what each kind must look like, and how one is shown without its secrets."""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, unquote, urlsplit

POSTGRES_PARAMETERS = frozenset({
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname",
    "fallback_application_name", "gssdelegation", "gssencmode", "gsslib", "host", "hostaddr", "keepalives",
    "keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname", "load_balance_hosts",
    "max_protocol_version", "min_protocol_version", "oauth_client_id", "oauth_client_secret", "oauth_issuer",
    "oauth_scope", "options", "passfile", "password", "port", "replication", "require_auth", "requirepeer",
    "scram_client_key", "scram_server_key", "service", "ssl", "ssl_max_protocol_version", "ssl_min_protocol_version",
    "sslcert", "sslcertmode", "sslcompression", "sslcrl", "sslcrldir", "sslkey", "sslkeylogfile", "sslmode",
    "sslnegotiation", "sslpassword", "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout", "user",
})  # fmt: skip
"""What may stand after the `?` (PostgreSQL 18's documentation, 32.1.2, and `ssl=true` as JDBC has it)."""

_MASK = "***"
# Greedy up to the last "@": a password may hold one, and showing too little is safe.
_USERINFO_PASSWORD = re.compile(r"://([^:@/?#]*):.*@")
_SECRET_NAME = re.compile(
    r"pass|pwd|secret|token|key|auth|cred|signature|jwt|bearer|(^|[-_.])(code|pin|pw|sas|sig)($|[-_.])", re.IGNORECASE
)
_POSTGRES_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+(?:%[^\]]+)?\]|[^\[\]:]*)(?::(\d*))?")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_HOST = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]+")
_HIGHEST_PORT = 65535
_NO_ADDRESS = "it must start with https:// or http:// and name the host that students use: https://study.example.org"
_NO_URL = "it is no URL; special characters in a password are written as %XX"


def database_url(url: str) -> str:
    """Return `url` with its scheme as everybody expects it: `sqlite:///path` or `postgresql://...`, or empty.

    Postgres' may name several hosts, as libpq has it (PostgreSQL's documentation, 32.1.1.2). Raises ValueError.
    """
    if not url:
        return ""
    scheme, _, rest = url.partition("://")
    match scheme.lower():
        case "sqlite" if rest.startswith("/"):
            if rest == "/":
                raise ValueError("it names no file; write sqlite:///path/to/schediora.db")
            return f"sqlite://{rest}"
        case "postgresql" | "postgres":
            _check_postgres(rest)
            return f"postgresql://{rest}"
    raise ValueError("it must start with postgresql:// or sqlite:///, or be empty for SQLite in the data directory")


def postgres_url(url: str) -> str:
    """Return the `postgresql://` URL, or empty, as `database_url` does. Raises ValueError."""
    if url.partition("://")[0].lower() == "sqlite":
        raise ValueError("it must start with postgresql://, or be empty where database.url names no pooler")
    return database_url(url)


def queue_url(url: str) -> str:
    """Return the `redis://` or `rediss://` URL with its scheme in lower case, or empty. Raises ValueError."""
    if not url:
        return ""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("redis", "rediss"):
        raise ValueError("it must start with redis:// or rediss://, or be empty for the database's own queue")
    if not re.fullmatch(r"/?\d*", _split(url, _NO_URL).path):
        raise ValueError("after its host comes the number of the database, such as redis://cache:6379/0")
    return f"{scheme.lower()}://{rest}"


def model_server_url(url: str) -> str:
    """Return the `http://` or `https://` URL with its scheme in lower case, or empty. Raises ValueError."""
    if not url:
        return ""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        raise ValueError("it must start with https:// or http://, or be empty for OpenAI's own server")
    parts = _split(url, "it is no URL; write one such as http://127.0.0.1:11434/v1")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it must hold no credentials; the key belongs into ai.api_key")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or "\\" in url:
        raise ValueError("it names no server; write one such as http://127.0.0.1:11434/v1")
    return f"{scheme.lower()}://{rest}"


def public_url(url: str) -> str:
    """Return the `http://` or `https://` address of the service, without a slash at its end, or empty. Raises
    ValueError.
    """
    if not url:
        return ""
    parts = _split(url, _NO_ADDRESS)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.fullmatch(parts.hostname):
        raise ValueError(_NO_ADDRESS)
    if parts.username is not None or parts.password is not None or re.search(r"[?#\\]", url):
        raise ValueError("it is a host and at most a path, without credentials and without what comes after ? or #")
    return f"{parts.scheme}://{url.partition('://')[2]}".rstrip("/")


def without_secrets(url: str) -> str:
    """Return `url` with every secret in it masked, its password and whatever parameter is named like one; a text that
    is no URL comes back as it is.
    """
    if "://" not in url:
        return url
    before, *parameters = re.split(r"(?=[?&#])", _USERINFO_PASSWORD.sub(rf"://\1:{_MASK}@", url))
    return before + "".join(map(_without_secret, parameters))


def is_here(host: str) -> bool:
    """Tell whether `host` is this machine: a loopback address, or a name that always is one (RFC 6761 section 6.3)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.rstrip(".").lower() == "localhost" or host.rstrip(".").lower().endswith(".localhost")
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _without_secret(parameters: str) -> str:
    """Mask from the first secret on: some servers take `;` between parameters, for others it is part of a value."""
    for name in re.finditer(r"[?&#;]([^=;]*)=", parameters):
        if _SECRET_NAME.search(unquote(name[1])):
            return parameters[: name.end()] + _MASK
    return parameters


def _check_postgres(rest: str) -> None:
    """Raise ValueError unless `rest`, what comes after `postgresql://`, is as libpq reads it."""
    _refuse_white_space(rest)
    address, _, query = rest.partition("?")
    userinfo, _, hosts = address.partition("/")[0].rpartition("@")
    ports = [_POSTGRES_HOST.fullmatch(host) for host in hosts.split(",")]
    if "@" in userinfo or _BAD_PERCENT.search(rest) or not all(port and _is_port(port[1]) for port in ports):
        raise ValueError(_NO_URL)
    for parameter in filter(None, query.split("&")):
        name, equals, _ = parameter.partition("=")
        if not equals or unquote(name) not in POSTGRES_PARAMETERS:
            raise ValueError("after its ? stands what is no connection parameter of Postgres")


def _is_port(digits: str | None) -> bool:
    return not digits or int(digits) <= _HIGHEST_PORT


def _refuse_white_space(url: str) -> None:
    if not url.isprintable() or " " in url:
        raise ValueError("it must hold no white space and no control character")


def _split(url: str, no_url: str) -> SplitResult:
    """Return the parts of `url`; raise ValueError with the sentence `no_url` when it has none."""
    _refuse_white_space(url)
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it is the check
    except ValueError:
        raise ValueError(no_url) from None
    return parts
