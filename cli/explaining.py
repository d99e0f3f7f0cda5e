"""The one place where whatever went wrong becomes a sentence and an exit code."""

import errno

import typer

from .console import FAILED, stop


def explain(problem: Exception) -> typer.Exit:
    """Say in one sentence what went wrong; what nobody foresaw is written to a file, whole."""
    from schediora.errors import SchedioraError

    if isinstance(problem, typer.Exit):
        return problem
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
