"""What the health checks ask."""

from collections.abc import Sequence

import peewee
from playhouse.pool import MaxConnectionsExceeded

from schediora.db.database import UNREACHABLE, Database, connected
from schediora.db.revisions import Revisions, read_revisions


def schema_revisions(database: Database, history: Sequence[str]) -> Revisions:
    """Return where the schema stands beside `history`, the code's own revisions.

    Raises ConnectionError when the database cannot be asked, or takes no writes.
    """
    try:
        with connected(database):
            if not database.takes_writes():
                raise ConnectionError("ReadOnly")
            return read_revisions(database.get_tables(), lambda sql: database.execute_sql(sql).fetchall(), history)
    except (*UNREACHABLE, peewee.DatabaseError, MaxConnectionsExceeded) as problem:
        raise ConnectionError(type(problem).__name__) from problem
