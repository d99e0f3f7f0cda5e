"""What the commands say: tables on a terminal, plain text or JSON in a pipe, one sentence when something is wrong."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import typer

from .streams import forget

FAILED = 1
"""The exit code when something could not be done."""
ASKED_WRONGLY = 2
"""The exit code when the command line or the settings are wrong; Typer's own for a wrong option."""
_COLOURS = {"ok": "green", "warning": "yellow", "wrong": "bold red", "failed": "red"}
"""Of values that stand for themselves in a table on a terminal; the word says it, too."""


def stop(sentence: str, *, code: int = FAILED) -> typer.Exit:
    """Say `sentence`, or each of several lines, on standard error and return the exit to raise."""
    for line in sentence.splitlines():
        say(f"schediora: {line}", err=True)
    return typer.Exit(code)


def warn(sentence: str) -> None:
    """Say `sentence` on standard error, and go on."""
    say(f"schediora: {sentence}", err=True)


def say(sentence: str, *, err: bool = False) -> None:
    """Print `sentence`; that nobody listens is no reason to stop."""
    try:
        typer.echo(sentence, err=err)
    except OSError:
        forget(sys.stderr if err else sys.stdout)


def styled(text: str, **how: Any) -> str:
    """Return `text` in the terminal's colours, `how` as Typer's `style` takes it; plain where it would not be wanted.

    That is in a pipe, on a terminal that knows no colours, and where `NO_COLOR` says so (no-color.org).
    """
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return typer.style(text, **how)


def show(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print `rows`, which share their keys: as JSON, as a table on a terminal, else a line with tabs each."""
    if as_json:
        show_json(rows)
    elif sys.stdout.isatty():
        _table(rows)
    else:
        for row in rows:
            typer.echo("\t".join(str(value) for value in row.values()))


def show_json(value: object) -> None:
    """Print `value` as indented JSON."""
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def working(sentence: str) -> AbstractContextManager[Any]:
    """Show on a terminal that the work inside goes on; in a pipe say nothing."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True, markup=False).status(f"{sentence} ...")


class Bar:
    """How far some work has come; draws nothing."""

    def began(self, total: int) -> None:
        """Say of how many steps the work is."""

    def advance(self, more: int) -> None:
        """Say that so many more are done."""


@contextmanager
def progress(sentence: str) -> Iterator[Bar]:
    """Show on a terminal how far the work inside has come; in a pipe say nothing."""
    if not sys.stderr.isatty():
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, markup=False)) as drawn:
        task = drawn.add_task(sentence, total=None)

        class Drawn(Bar):
            def began(self, total: int) -> None:
                drawn.update(task, total=total)

            def advance(self, more: int) -> None:
                drawn.advance(task, more)

        yield Drawn()


def _table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say("There are none.", err=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0]:
        numbers = all(isinstance(row[name], int | float) for row in rows)
        heading = name.replace("_", " ").capitalize()
        table.add_column(heading, overflow="fold", justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(Text(str(value), _COLOURS.get(str(value), "")) for value in row.values()))
    Console(markup=False, emoji=False, highlight=False).print(table)
