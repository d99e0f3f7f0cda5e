"""Working on the students' data beside a server that may run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .console import stop
from .launch import close_data_dir, ensure_schema

if TYPE_CHECKING:
    from schediora.db.database import Database
    from schediora.settings.values import Settings


@contextmanager
def on_the_data(settings: "Settings") -> "Iterator[Database]":
    """Hold a connection to the settings' database, whose schema is seen to first.

    Exits when Postgres has yet to be migrated; raises SetupError when the database cannot be reached or worked with.
    """
    from schediora.db.serving import used

    close_data_dir(settings)
    with used(settings.database_url):
        if not ensure_schema(settings):
            raise stop("The database has yet to be migrated; run: schediora migrate")

        from schediora.app import connect
        from schediora.db.database import connected

        database = connect(settings)
        try:
            with connected(database):
                yield database
        finally:
            database.close_all()
