"""Whether this process can serve."""

from collections.abc import Callable, Sequence

from schediora.db.database import Database
from schediora.health.queries import schema_revisions
from schediora.health.schemas import Checks, DatabaseState, MigrationsState, QueueState, Readiness
from schediora.http.errors import NotReady


def readiness(database: Database, history: Sequence[str], queue_answers: Callable[[], bool]) -> Readiness:
    """Return what was found; raises NotReady, naming it, when the database is not there or its schema is not one that
    `history`, the code's own revisions, can work with.
    """
    queue = QueueState.OK if queue_answers() else QueueState.DEGRADED
    try:
        found = schema_revisions(database, history)
    except ConnectionError:
        raise _not_ready(DatabaseState.UNREACHABLE, MigrationsState.UNKNOWN, queue) from None
    if not found.usable:
        raise _not_ready(DatabaseState.OK, MigrationsState.NEWER if found.newer else MigrationsState.PENDING, queue)
    return Readiness(checks=Checks(database=DatabaseState.OK, migrations=MigrationsState.OK, queue=queue))


def _not_ready(database: DatabaseState, migrations: MigrationsState, queue: QueueState) -> NotReady:
    checks = Checks(database=database, migrations=migrations, queue=queue)
    return NotReady(checks=checks.model_dump(mode="json"))
