"""The `schediora` command line, and the one place where whatever went wrong becomes a sentence and an exit code."""

import errno
import os
import sys
from typing import Annotated

import typer

from .backup import backup, restore
from .config import config
from .console import FAILED, stop
from .copy import copy
from .demo import demo
from .doctor import doctor
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
        sys.exit(_explain(problem).exit_code)
    finally:
        let_go_of_broken_streams()


def _explain(problem: Exception) -> typer.Exit:
    """Say in one sentence what went wrong; what nobody foresaw is written to a file, whole."""
    from schediora.errors import SchedioraError

    if isinstance(problem, SchedioraError):
        return stop(problem.detail, code=FAILED)
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return stop("The disk is full; make room and try again.", code=FAILED)
    return stop(f"Something unexpected went wrong ({type(problem).__name__}); {_keep(problem)}.", code=FAILED)


def _keep(problem: Exception) -> str:
    import tempfile
    import traceback

    try:
        with tempfile.NamedTemporaryFile("w", prefix="schediora-", suffix=".log", delete=False) as file:
            traceback.print_exception(problem, file=file)
    except OSError:
        return f"it says: {problem}"
    return f"the details are in {file.name}"
