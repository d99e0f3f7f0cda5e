"""`schediora migrate`."""

from typing import Annotated

import typer

from .console import FAILED, show, working
from .options import AsJson, ConfigFile, DataDir, read_settings


def migrate(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when something is pending.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Change nothing; print the SQL for an empty database.")] = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Bring the database's schema up to date.

    It is safe to run it twice, also at once.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.db import migrate as schema
    from schediora.queue import make_queue_tables, queue_tables_script

    if sql:
        typer.echo(schema.script(settings.database_url) + queue_tables_script(settings))
        return
    if check:
        found = schema.revisions(settings.database_url)
    else:
        with working("Migrating"):
            found = schema.upgrade(settings.database_url, then=lambda: make_queue_tables(settings))
    pending = "pending; run: schediora migrate" if check else "migrated"
    outcome = "up to date" if found.up_to_date else pending
    show([{"before": found.current or "empty", "newest": found.newest, "schema": outcome}], as_json=as_json)
    if check and not found.up_to_date:
        raise typer.Exit(FAILED)
