"""What the health checks ask."""

import peewee
from playhouse.pool import MaxConnectionsExceeded

from schediora.db.database import UNREACHABLE, Database, connected


def current_revision(database: Database) -> str | None:
    """Return the schema's revision, or None where there is no schema yet.

    Raises ConnectionError when the database cannot be asked.
    """
    try:
        with connected(database):
            if "alembic_version" not in database.get_tables():
                return None
            row = database.execute_sql("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None
    except (*UNREACHABLE, peewee.DatabaseError, MaxConnectionsExceeded) as problem:
        raise ConnectionError(type(problem).__name__) from problem
