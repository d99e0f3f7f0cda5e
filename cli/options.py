"""The options that several commands share, and the settings that they lead to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import ASKED_WRONGLY, stop

if TYPE_CHECKING:
    from schediora.settings.loading import Loaded

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where the data is kept (default: schediora-data).", metavar="FOLDER")
]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="The settings file (default: schediora.toml, if there is one here).", metavar="FILE"),
]
Host = Annotated[str | None, typer.Option(help="Where to listen (default: 127.0.0.1).", metavar="ADDRESS")]
Port = Annotated[int | None, typer.Option(help="The port, 0 for any (default: 8000).", metavar="PORT")]
Socket = Annotated[Path | None, typer.Option(help="A unix socket to listen on instead of a port.", metavar="FILE")]
Student = Annotated[str, typer.Argument(help="The student's address or id.", metavar="STUDENT")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def read_settings(
    config: Path | None, data_dir: Path | None, *, serving: bool = False, wrong: int = ASKED_WRONGLY, **server: object
) -> "Loaded":
    """Return the settings in force and set up the log as they say; `server` holds options named like its settings.

    Says all that is wrong and exits with `wrong` when a setting is, also when it is only wrong for `serving` students.
    """
    from schediora import log
    from schediora.errors import SetupError

    try:
        loaded = load_settings(config, data_dir, serving=serving, **server)
    except SetupError as problem:
        raise stop(problem.detail, code=wrong) from None
    log.configure(production=loaded.settings.production, level=loaded.settings.log.level)
    return loaded


def load_settings(config: Path | None, data_dir: Path | None, *, serving: bool = False, **server: object) -> "Loaded":
    """Return the settings in force; raise SetupError with all that is wrong."""
    from schediora.settings.loading import load

    options = {"data_dir": data_dir, **{f"server.{name}": value for name, value in server.items()}}
    return load(config, options, serving=serving)
