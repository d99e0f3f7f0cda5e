"""`schediora backup` and `schediora restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import show, stop, warn, working
from .options import AsJson, ConfigFile, DataDir, read_settings

if TYPE_CHECKING:
    from schediora.settings.values import Settings

_ON_POSTGRES = {
    "backup": 'pg_dump --format=custom --file=FILE "$SCHEDIORA_DATABASE__URL"',
    "restore": "pg_restore --clean --if-exists --no-owner --single-transaction --exit-on-error "
    '--dbname="$SCHEDIORA_DATABASE__URL" FILE',
}
File = Annotated[Path, typer.Argument(help="The backup's file.", metavar="FILE")]


def backup(
    file: File,
    key: Annotated[
        Path | None, typer.Option(help="Copy the made-up signing key to this file, too.", metavar="FILE")
    ] = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Copy a SQLite database, while it runs.

    The copy is the database of one moment, checked, and for its owner alone; a file that is there already is left
    alone. The signing key is not in it: whoever has both can sign in as everybody, so keep them apart.
    """
    settings = read_settings(config, data_dir).settings
    _require_sqlite(settings, "backup")

    from schediora.db.backups import back_up, copy_key
    from schediora.db.database import sqlite_path

    kept = _kept_key(settings)
    if key and not kept:
        raise stop("The signing key is a setting (auth.secret_key); keep it where it comes from.")
    with working("Copying the database"):
        size = back_up(sqlite_path(settings.database_url), file)
        if key and kept:
            copy_key(kept, key)
    show([{"backup": str(file), "bytes": size, "key": str(key or "not copied")}], as_json=as_json)
    if not key:
        where = str(kept) if kept else "auth.secret_key"
        warn(f"Keep the signing key ({where}) as well, and apart: without it everybody has to sign in again.")


def restore(
    file: File,
    key: Annotated[
        Path | None, typer.Option(help="Put this signing key back, too.", metavar="FILE", exists=True, dir_okay=False)
    ] = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of a SQLite database.

    Nothing may use it meanwhile. The backup is checked first, and the database that it replaces is put aside.
    """
    settings = read_settings(config, data_dir).settings
    _require_sqlite(settings, "restore")

    from schediora.auth.keys import KEY_FILE
    from schediora.db.backups import copy_key, restore
    from schediora.db.database import sqlite_path

    target = settings.data_dir / KEY_FILE
    if key and target.exists() and target.read_bytes().strip() != key.read_bytes().strip():
        raise stop(f"{target} holds another key; move it away first.")
    with working("Putting the backup back"):
        done = restore(file, sqlite_path(settings.database_url))
        if key and not target.exists():
            copy_key(key, target)
    schema = "up to date" if done.revisions.usable else "older; the next start migrates it"
    replaced = str(done.replaced or "nothing")
    show([{"restored": settings.database_url, "schema": schema, "put_aside": replaced}], as_json=as_json)
    if done.revisions.newer:
        warn(done.revisions.advice)


def _require_sqlite(settings: "Settings", verb: str) -> None:
    if settings.on_postgres:
        raise stop(f"The database is Postgres, which brings its own: {_ON_POSTGRES[verb]}")


def _kept_key(settings: "Settings") -> Path | None:
    """Return the file of the made-up key, None where the key is a setting or there is none yet."""
    from schediora.auth.keys import KEY_FILE

    path = settings.data_dir / KEY_FILE
    return None if settings.auth.secret_key.get_secret_value().strip() or not path.exists() else path
