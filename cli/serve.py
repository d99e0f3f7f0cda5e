"""`schediora serve`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from .answering import answer_until_stopped
from .greeting import greet
from .launch import prepare
from .options import ConfigFile, DataDir, Host, Port, read_settings


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave making plans to `schediora worker`.")] = False,
) -> None:
    """Answer the app and make the plans that it asks for."""
    settings = read_settings(config, data_dir, serving=True, host=host, port=port).settings

    from schediora.db.serving import used
    from schediora.server.signals import StopSignals

    stop = StopSignals()  # before the rest of the start, which takes a second
    with used(settings.database_url):
        prepare(settings)
        answer_until_stopped(
            settings, stop, greet=lambda port: greet(settings, port, _same(data_dir, config)), with_worker=not no_worker
        )


def _same(data_dir: Path | None, config: Path | None) -> str:
    """Return the options that make another command work on the same data."""
    given = {"--data-dir": data_dir, "--config": config}
    return "".join(f" {option} {shlex.quote(str(path))}" for option, path in given.items() if path)
