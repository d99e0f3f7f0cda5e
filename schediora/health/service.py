"""Whether this process can serve."""

from collections.abc import Callable, Sequence
from typing import Literal

from schediora.db.database import Database
from schediora.health.queries import schema_revisions
from schediora.health.schemas import Checks, Readiness
from schediora.http.errors import NotReady


def readiness(database: Database, history: Sequence[str], queue_answers: Callable[[], bool]) -> Readiness:
    """Return what was found; raises NotReady, naming it, when the database is not there or its schema is not one that
    `history`, the code's own revisions, can work with.
    """
    queue: Literal["ok", "degraded"] = "ok" if queue_answers() else "degraded"
    try:
        found = schema_revisions(database, history)
    except ConnectionError:
        raise _not_ready(Checks(database="unreachable", migrations="unknown", queue=queue)) from None
    if not found.usable:
        raise _not_ready(Checks(database="ok", migrations="newer" if found.newer else "pending", queue=queue))
    return Readiness(checks=Checks(database="ok", migrations="ok", queue=queue))


def _not_ready(checks: Checks) -> NotReady:
    return NotReady(checks=checks.model_dump())
