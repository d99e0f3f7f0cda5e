"""Health on the wire."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schediora.http.wire import View


class DatabaseState(StrEnum):
    """Whether the database answers."""

    OK = "ok"
    UNREACHABLE = "unreachable"


class MigrationsState(StrEnum):
    """Whether the schema is one that this version of Schediora can work with: `newer` is one it is too old for."""

    OK = "ok"
    PENDING = "pending"
    NEWER = "newer"
    UNKNOWN = "unknown"


class QueueState(StrEnum):
    """Whether workers can be sent hints; while they cannot, jobs are accepted and made all the same."""

    OK = "ok"
    DEGRADED = "degraded"


class Liveness(View):
    """The process serves."""

    status: Literal["ok"] = Field(default="ok", description="It serves.")


class Checks(View):
    """What was looked at, and how it is."""

    database: DatabaseState
    migrations: MigrationsState
    queue: QueueState


class Readiness(View):
    """Everything that a request needs is there."""

    status: Literal["ready"] = Field(default="ready", description="Calls can be served.")
    checks: Checks
