"""Working on the students' data beside a server that may run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .console import stop
from .launch import close_data_dir, ensure_schema

if TYPE_CHECKING:
    from schediora.audit import Audit
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


def audit_of(settings: "Settings") -> "Audit":
    """Return what writes down an operator's acts; where the signing key is not known, as in a shell without the
    server's environment, its lines name students by their ids alone.
    """
    from schediora.audit import Audit
    from schediora.auth.keys import AUDIT, load_keys
    from schediora.errors import SetupError

    try:
        keys = list(load_keys(settings).derived(AUDIT))
    except SetupError:
        keys = []
    return Audit(keys, via="command")
