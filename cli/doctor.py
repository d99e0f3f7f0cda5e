"""`schediora doctor`."""

from typing import Annotated

import typer

from .console import FAILED, say, show, stop, working
from .launch import DATA_FILES, KEY_FILES
from .options import AsJson, ConfigFile, DataDir


def doctor(
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
    no_model: Annotated[bool, typer.Option("--no-model", help="Do not ask the model server.")] = False,
) -> None:
    """Look for what is wrong or unwise, and say what to do.

    Nothing is changed. The model server, where there is one, is asked for one real answer. Exits with 1 when something
    is wrong, with 0 when there are warnings at most.
    """
    from schediora import log
    from schediora.clock import utc_now
    from schediora.doctor.examination import examine
    from schediora.doctor.finding import State
    from schediora.errors import SetupError
    from schediora.settings.loading import load

    try:
        loaded = load(config, {"data_dir": data_dir})
    except SetupError as problem:
        show([_row("settings", State.WRONG, line) for line in problem.detail.splitlines()], as_json=as_json)
        raise stop("The settings cannot be read; the rest stands on them.") from None
    log.configure(production=loaded.settings.production, level="error")
    with working("Looking"):
        found = list(examine(loaded, files=[*DATA_FILES, *KEY_FILES], now=utc_now, ask_model=not no_model))
    show([_row(finding.about, finding.state, finding.says) for finding in found], as_json=as_json)
    wrong = sum(finding.state is State.WRONG for finding in found)
    warnings = sum(finding.state is State.WARNING for finding in found)
    say(f"{_count(wrong, 'fault')}, {_count(warnings, 'warning')}.", err=True)
    if wrong:
        raise typer.Exit(FAILED)


def _row(about: str, state: str, says: str) -> dict[str, str]:
    return {"about": about, "state": str(state), "says": says}


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
