"""The `schediora` command line, and the one place where whatever went wrong becomes a sentence and an exit code."""

import sys

import typer

from .config import config
from .console import FAILED, stop
from .migrate import migrate
from .openapi import openapi
from .seed import seed
from .serve import serve
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
)
for command in (serve, worker, migrate, seed, config, openapi, version):
    app.command()(command)


def run() -> None:
    """Run the command line; exits with 0, with 1 when something could not be done, with 2 when it was asked wrongly."""
    try:
        app()
    except Exception as problem:
        sys.exit(_explain(problem).exit_code)


def _explain(problem: Exception) -> typer.Exit:
    """Say in one sentence what went wrong; what nobody foresaw is written to a file, whole."""
    from schediora.errors import SchedioraError

    if isinstance(problem, SchedioraError):
        return stop(problem.detail, code=FAILED)
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
