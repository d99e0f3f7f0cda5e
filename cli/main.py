"""The `schediora` command line."""

import os
import sys
from typing import Annotated

import typer

from .backup import backup, restore
from .config import config
from .copy import copy
from .demo import demo
from .doctor import doctor
from .explaining import explain
from .healthcheck import healthcheck
from .jobs import jobs
from .memory import memory
from .migrate import migrate
from .openapi import openapi
from .seed import seed
from .serve import serve
from .stats import stats
from .streams import let_go_of_broken_streams, open_closed_streams
from .users import users
from .version import version
from .worker import worker

app = typer.Typer(
    name="schediora",
    help="The backend of a study planner. Start with: schediora serve",
    epilog="Exit codes: 0 done, 1 could not be done, 2 wrong options or settings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    serve,
    demo,
    worker,
    migrate,
    memory,
    seed,
    backup,
    restore,
    copy,
    config,
    doctor,
    stats,
    healthcheck,
    openapi,
    version,
):
    app.command()(command)
for group in (users, jobs):
    app.add_typer(group)

_FOR_NOBODY_ELSE = 0o077


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", help="Print which version this is.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def run() -> None:
    """Run the command line; exits with 0, with 1 when something could not be done, with 2 when it was asked wrongly."""
    open_closed_streams()
    os.umask(_FOR_NOBODY_ELSE)  # what is written is about students, be it data, a key or a crash
    try:
        app()
    except Exception as problem:
        sys.exit(explain(problem).exit_code)
    finally:
        let_go_of_broken_streams()
