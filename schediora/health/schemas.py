"""Health on the wire."""

from typing import Literal

from schediora.http.wire import View


class Liveness(View):
    """The process serves."""

    status: Literal["ok"] = "ok"


class Checks(View):
    """What was looked at; `degraded` is a queue that cannot be rung while jobs are accepted all the same, `newer` a
    schema that this version of Schediora is too old for.
    """

    database: Literal["ok", "unreachable"]
    migrations: Literal["ok", "pending", "newer", "unknown"]
    queue: Literal["ok", "degraded"]


class Readiness(View):
    """Everything that a request needs is there."""

    status: Literal["ready"] = "ready"
    checks: Checks
