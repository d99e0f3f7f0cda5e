"""`schediora migrate`."""

from typing import TYPE_CHECKING, Annotated

import typer

from .console import FAILED, show, warn, working
from .launch import close_data_dir, direct_url_elsewhere
from .options import AsJson, ConfigFile, DataDir, read_settings

if TYPE_CHECKING:
    from schediora.db.revisions import Revisions


def migrate(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when something is pending.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Change nothing; print the SQL for an empty database.")] = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Bring the database's schema up to date.

    It is safe to run it twice, also at once. SQLite is copied first; a newer database is left alone.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.db import migrate as schema
    from schediora.queue import make_queue_tables, queue_tables

    url = settings.direct_database_url
    if elsewhere := None if sql else direct_url_elsewhere(settings):
        warn(f"database.direct_url: {elsewhere}")
    if sql:
        typer.echo(schema.script(url) + "".join(f"\n{statement};\n" for statement in queue_tables(settings)))
        return
    if check:
        found = schema.revisions(url)
        found.refuse_incompatible()
    else:
        close_data_dir(settings)
        with working("Migrating"):
            found = schema.upgrade(url, also=queue_tables(settings), then=lambda: make_queue_tables(settings))
    show(
        [{"before": found.current or "empty", "newest": found.newest, "schema": _outcome(found, check)}],
        as_json=as_json,
    )
    if found.newer:
        warn(found.advice)
    if check and not found.usable:
        raise typer.Exit(FAILED)


def _outcome(found: "Revisions", check: bool) -> str:
    if found.newer:
        return "newer"
    if found.up_to_date:
        return "up to date"
    return "pending; run: schediora migrate" if check else "migrated"
