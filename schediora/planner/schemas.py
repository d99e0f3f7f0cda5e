"""Plans and sessions on the wire. Durations are minutes, instants UTC, dates the student's local days."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field, model_validator

from schediora.http.wire import Body, Digits, Instant, Message, Query, Text, View, Whole
from schediora.models.planner import PlanSource, Session, SessionStatus
from schediora.planner.scheduler.problem import Kind

PAGE_ROWS = 200
MOST_PAGE_ROWS = 500

PageRows = Annotated[int, Digits(1, MOST_PAGE_ROWS)]


class SessionCreate(Body):
    """A session to add. `scheduled_at` left out means now, rounded up to five minutes."""

    title: Annotated[str, Text(1, 180)]
    topic: Annotated[str, Text(1, 120)]
    duration_minutes: Annotated[int, Whole(15, 480)]
    scheduled_at: Instant | MISSING = MISSING


class PlanCreate(SessionCreate):
    """A plan to make, and the first session that is made with it."""


class SessionUpdate(Body):
    """What to change of a session: one field or more. What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    status: Literal["pending", "in_progress", "done"] | MISSING = MISSING
    scheduled_at: Instant | MISSING = MISSING
    duration_minutes: Annotated[int, Whole(15, 480)] | MISSING = MISSING
    title: Annotated[str, Text(1, 180)] | MISSING = MISSING
    detail: Annotated[str, Text(0, 2000)] | MISSING = MISSING
    actual_minutes: Annotated[int, Whole(1, 1440)] | MISSING | None = Field(
        default=MISSING, description="What it really took; null forgets it."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must name at least one field to change")
        return self


class PlanView(View):
    """A plan; its minutes are the sum of its sessions', its status follows from theirs."""

    id: UUID
    title: str
    topic: str
    duration_minutes: int
    status: SessionStatus
    source: PlanSource
    week_start: date
    created_at: datetime


class ReasonView(View):
    """A reason: a code for programs, a sentence for the student."""

    code: str
    text: str


class SessionView(View):
    """A session, with the local day it is scheduled on."""

    id: UUID
    plan_id: UUID
    title: str
    topic: str
    duration_minutes: int
    actual_minutes: int | None = Field(description="What it really took, once the student has said so.")
    status: SessionStatus
    scheduled_at: datetime
    scheduled_on: date
    detail: str
    kind: Kind | None = Field(description="What a generated session is for.")
    reason: ReasonView | None = Field(description="Why a session that Schediora placed is where it is.")
    pinned: bool = Field(description="The student chose its time: replanning leaves it alone.")
    completed_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, session: Session) -> Self:
        """Show a stored session."""
        return cls.model_validate(session, from_attributes=True)


class SessionUpdated(Message):
    """A session as it now is."""

    session: SessionView


class ReplanRequest(Body):
    """Ask for a preview, or apply the one whose revision is given."""

    apply: bool = False
    revision: Annotated[str, Text(1, 200)] | MISSING = Field(
        default=MISSING, description="What the preview answered; needed to apply it."
    )


class UndoRequest(Body):
    """Nothing needs to be said."""


class ReplannedView(View):
    """A session in a replanning: where it was, where it is to be, and why."""

    id: UUID
    title: str
    topic: str
    duration_minutes: int
    was_at: datetime
    scheduled_at: datetime
    scheduled_on: date
    reason: ReasonView


class ReplanView(View):
    """What replanning does to the missed and pending sessions, each part by time."""

    applied: bool
    revision: str = Field(description="Names this very preview, to apply it.")
    moved: list[ReplannedView]
    kept: list[ReplannedView] = Field(description="Well where they are.")
    impossible: list[ReplannedView] = Field(description="Without room; they stay where they are.")


class ReplanUndone(Message):
    """The sessions that are back where they were."""

    sessions: list[SessionView]


Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", description="What the Link of the page before names.")]


class PlanQuery(Query):
    """Which page of the plans."""

    limit: PageRows = PAGE_ROWS
    cursor: Cursor | MISSING = MISSING


class SessionQuery(Query):
    """Which sessions, and which page of them; `limit` left out is 200, and 500 for the current week."""

    week: Literal["current", "all"] = "current"
    limit: PageRows | MISSING = MISSING
    cursor: Cursor | MISSING = MISSING

    @property
    def rows(self) -> int:
        """How many rows a page has."""
        if self.limit is MISSING:
            return MOST_PAGE_ROWS if self.week == "current" else PAGE_ROWS
        return self.limit
