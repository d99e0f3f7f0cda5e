"""The words of placing sessions anew: those that may be moved, and where they go, in plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from schediora.planner.scheduler.problem import Kind, Reason, Since


@dataclass(frozen=True, slots=True)
class Movable:
    """A session of the plan that may be moved. Its length is fixed.

    `after` are the sessions that must have ended before it starts, as far as they may be moved too; None: those of its
    topic that start before it does, except what stands `apart`, as the sessions of a series do, and what comes after
    one that does not, as what was missed may. `builds_on` are those of them that a reason may name, and `since` is what
    it builds on that is done. `not_before` is the end of what it builds on and what does not move, `waits_for` the
    title of that; after the week it means nothing. `kind` is None for a session that the student made. `exams` is as in
    `Step`. It is to lie on `latest_day` or before; what is `late` already goes first instead.
    """

    id: UUID
    title: str
    topic: str
    minutes: int
    starts_at: datetime
    kind: Kind | None = None
    after: tuple[UUID, ...] | None = None
    apart: bool = False
    builds_on: tuple[UUID, ...] = ()
    since: Since | None = None
    not_before: datetime | None = None
    waits_for: str | None = None
    topic_key: str | None = None
    exams: tuple[date, ...] | None = None
    latest_day: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Where a movable session goes. It is `kept` when that is where it was."""

    id: UUID
    starts_at: datetime
    day: date
    kept: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Impossible:
    """A movable session for which there is no room, and why. It is left where it was."""

    id: UUID
    reason: Reason


@dataclass(frozen=True, slots=True)
class Moves:
    """The answer to placing sessions anew: every movable session is in one of the two, in order of time and of
    input.
    """

    moves: tuple[Move, ...]
    impossible: tuple[Impossible, ...]
