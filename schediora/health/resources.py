"""Health over HTTP."""

from collections.abc import Callable, Sequence

import falcon

from schediora.db.database import Database
from schediora.health.schemas import Liveness, Readiness
from schediora.health.service import readiness
from schediora.http.errors import NotReady
from schediora.http.operation import Request, operation

_ALIVE = Liveness().model_dump_json().encode()


class Live:
    """Whether the process serves; touches nothing else."""

    @operation(
        "checkLive", "Tell whether the process serves", answer=Liveness, public=True, uncounted=True, database=False
    )
    def on_get(self, req: Request, resp: falcon.Response) -> bytes:
        """Answer at once."""
        return _ALIVE


class Ready:
    """Whether requests can be served."""

    def __init__(self, database: Database, history: Sequence[str], queue_answers: Callable[[], bool]) -> None:
        self._database = database
        self._history = history
        self._queue_answers = queue_answers

    @operation(
        "checkReady",
        "Tell whether requests can be served",
        answer=Readiness,
        public=True,
        uncounted=True,
        database=False,
        errors=(NotReady,),
    )
    def on_get(self, req: Request, resp: falcon.Response) -> Readiness:
        """Look at the database, its schema and the queue."""
        return readiness(self._database, self._history, self._queue_answers)
