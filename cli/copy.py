"""`schediora copy`."""

from typing import Annotated

import typer

from .console import ASKED_WRONGLY, progress, say, show, stop
from .options import AsJson, ConfigFile, DataDir, read_settings


def copy(
    to: Annotated[str, typer.Option("--to", help="The database to copy to, an empty one.", metavar="URL")],
    from_: Annotated[
        str | None,
        typer.Option("--from", help="The database to copy from (default: that of the settings).", metavar="URL"),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Read the copy again and compare every value.")] = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Copy everything to another database, also of the other kind.

    From SQLite (sqlite:///path) to Postgres (postgresql://...) or back, in one transaction. What is copied is the state
    of one moment; stop the servers first, so that nothing comes after it.
    """
    settings = read_settings(config, data_dir).settings
    source = _url(from_, "--from") if from_ else settings.database_url
    target = _url(to, "--to")

    from schediora.db.transfer import transfer
    from schediora.models.registry import MODELS, table_name
    from schediora.queue import queue_tables
    from schediora.settings.loading import load

    theirs = load(config, {"data_dir": data_dir, "database.url": target}).settings
    with progress("Copying rows") as bar:
        done = transfer(
            source,
            target,
            order=[table_name(model) for model in MODELS],
            verify=verify,
            also=queue_tables(theirs),
            began=bar.began,
            advance=bar.advance,
        )
    rows = [{"table": one.table, "rows": one.rows, "checksum": one.checksum or "not compared"} for one in done.tables]
    show(rows, as_json=as_json)
    if not done.source.up_to_date:
        say(f"The copy was migrated from revision {done.source.current} to {done.source.newest}.", err=True)
    if verify:
        say("Both sides are equal, row by row.", err=True)
    say(
        "Take the signing key along (auth.secret_key, or secret_key in the data directory): without it everybody has "
        "to sign in again.",
        err=True,
    )


def _url(text: str, option: str) -> str:
    from schediora.settings.urls import database_url

    try:
        url = database_url(text.strip())
    except ValueError as problem:
        raise stop(f"The URL after {option} is wrong: {problem}.", code=ASKED_WRONGLY) from None
    if not url:
        raise stop(f"Name a database after {option}.", code=ASKED_WRONGLY)
    return url
