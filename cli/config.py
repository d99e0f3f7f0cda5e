"""`schediora config`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .console import show
from .options import AsJson, ConfigFile, DataDir, read_settings

if TYPE_CHECKING:
    from schediora.settings.values import Settings

_MASK = "***"


def config(data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show the settings and where each came from.

    Secrets are masked.
    """
    loaded = read_settings(config, data_dir, serving=True)
    rows = [
        {"setting": name, "value": _shown(name, loaded.settings), "from": origin}
        for name, origin in loaded.origins.items()
    ]
    show(rows, as_json=as_json)


def _shown(name: str, settings: "Settings") -> Any:
    """Return the value of the setting `name` as everybody may see it."""
    from pydantic import SecretStr

    from schediora.settings.urls import without_secrets
    from schediora.settings.values import value_of

    if name == "database.url":
        return without_secrets(settings.database_url)
    value = value_of(settings, name)
    if isinstance(value, SecretStr):
        plain = value.get_secret_value()
        return without_secrets(plain) if "://" in plain else _MASK if plain else ""
    if isinstance(value, tuple):
        return [_MASK if isinstance(part, SecretStr) else part for part in value]
    if isinstance(value, Path):
        return str(value)
    return without_secrets(value) if isinstance(value, str) else value
