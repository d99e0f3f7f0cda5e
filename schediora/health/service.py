"""Whether this process can serve."""

from collections.abc import Callable
from typing import Literal

from schediora.db.database import Database
from schediora.health.queries import current_revision
from schediora.health.schemas import Checks, Readiness
from schediora.http.errors import NotReady


def readiness(database: Database, newest_revision: str, queue_answers: Callable[[], bool]) -> Readiness:
    """Return what was found; raises NotReady, naming it, when the database or its schema is not there."""
    queue: Literal["ok", "degraded"] = "ok" if queue_answers() else "degraded"
    try:
        current = current_revision(database)
    except ConnectionError:
        raise _not_ready(Checks(database="unreachable", migrations="unknown", queue=queue)) from None
    if current != newest_revision:
        raise _not_ready(Checks(database="ok", migrations="pending", queue=queue))
    return Readiness(checks=Checks(database="ok", migrations="ok", queue=queue))


def _not_ready(checks: Checks) -> NotReady:
    return NotReady(checks=checks.model_dump())
