"""Reading the settings: defaults < schediora.toml < SCHEDIORA_* environment < command line, validated whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schediora.errors import SetupError
from schediora.settings.safety import refusals
from schediora.settings.sources import Sources, nested
from schediora.settings.values import Settings, secret_names, setting_names

DEFAULT_FILE = "schediora.toml"
AS_WRITTEN = frozenset({"auth.secret_key", "auth.previous_secret_keys"})
"""Not trimmed here: how a key was written is one of its spellings, see `auth.keys`."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force, and where each dotted name came from (`default`, a file's line, a variable, `command
    line`).
    """

    settings: Settings
    origins: Mapping[str, str]


def load(config: Path | None = None, overrides: Mapping[str, object] | None = None, *, serving: bool = False) -> Loaded:
    """Read the settings from `config` (default: schediora.toml in the working directory, if there), the environment and
    `overrides` (dotted name to value, from the command line; None means not given).

    Raises SetupError with a sentence a line, each naming the file, the line and the key, or the variable: for whatever
    is wrong, and when `serving` for what nobody may serve students with, too.
    """
    sources = Sources(setting_names(), secrets=secret_names())
    sources.add_file(config or Path(DEFAULT_FILE), required=config is not None)
    sources.add_environment(os.environ)
    sources.add_command_line(overrides or {})
    settings, wrong = _validated(
        {name: said.value if name in AS_WRITTEN else _trimmed(said.value) for name, said in sources.said.items()}
    )
    if serving:
        wrong = refusals(settings) | wrong
    faults = [*sources.faults, *(sources.fault(name, reason) for name, reason in wrong.items())]
    if faults:
        raise SetupError("\n".join(faults))
    return Loaded(settings, {name: sources.origin(name) for name in setting_names()})


def _validated(values: Mapping[str, object]) -> tuple[Settings, dict[str, str]]:
    """Return the settings with those of `values` that are right, and what is wrong with each of the others."""
    try:
        return Settings.model_validate(nested(values)), {}
    except ValidationError as problem:
        wrong: dict[str, str] = {}
        for fault in problem.errors(include_url=False, include_input=False, include_context=False):
            wrong.setdefault(".".join(part for part in fault["loc"] if isinstance(part, str)), _plain(fault["msg"]))
    settings, _ = _validated({name: value for name, value in values.items() if name not in wrong})
    return settings, wrong


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removesuffix(".").replace("Input should", "it should")
