"""A session as answers show it. Durations are minutes, instants UTC, dates the student's local days."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from schediora.http.wire import KNOWN, Message, View
from schediora.memory.replay import Rating
from schediora.models.planner import Session, SessionStatus
from schediora.planner.scheduler.problem import Kind
from schediora.planner.schemas import Overlaps, ReasonView


def is_late(due_on: date | None, status: SessionStatus, today: date) -> bool:
    """Tell whether what had to be done by the end of the day `due_on` is not done, now that it is `today`."""
    return due_on is not None and due_on < today and status != SessionStatus.DONE


class SessionUnitView(View):
    """A unit of the topic's syllabus that a session is about."""

    key: str = Field(description="Names the unit for good.", examples=["biology.photosynthesis"])
    title: str = Field(description="What it was called when the session was made.", examples=["Photosynthesis"])


class SessionView(View):
    """A session, with the local day it is scheduled on."""

    id: UUID = Field(description="The session's.")
    plan_id: UUID = Field(description="The plan that it belongs to.")
    title: str = Field(description="What is studied.", examples=["Photosynthesis: the light reactions"])
    topic: str = Field(description="The subject, in the student's words.", examples=["Biology"])
    duration_minutes: int = Field(description="How long it is to be.", examples=[45])
    actual_minutes: int | None = Field(
        description="What it really took; null until the student says so.", examples=[None]
    )
    status: SessionStatus
    scheduled_at: datetime = Field(description="When it starts.")
    scheduled_on: date = Field(description="The student's local day of `scheduled_at`, as it was when that was set.")
    due_on: date | None = Field(
        description="The local day before whose end it has to be done; null without a deadline.", examples=[None]
    )
    late: bool = Field(description="Whether `due_on` is past and the session is not done.", examples=[False])
    detail: str = Field(
        description="What to do in it; empty where nobody said.",
        examples=["Draw the chain of electrons from water to NADPH from memory, then compare it with your book."],
    )
    kind: Kind | None = Field(
        description="What a generated session is for; null where the student made it.", examples=["practice"]
    )
    units: list[SessionUnitView] = Field(description="What it is about; empty where that is unknown.")
    reason: Annotated[ReasonView | None, KNOWN] = Field(
        description="Why it is where it is; null where Schediora did not place it."
    )
    pinned: bool = Field(description="The student chose its time: replanning leaves it alone.", examples=[False])
    series_id: UUID | None = Field(
        description="What the sessions of one repetition share; null for a single one.", examples=[None]
    )
    started_at: datetime | None = Field(
        description="When it was first in progress; null before that, and where nobody said.", examples=[None]
    )
    completed_at: datetime | None = Field(description="When it was first said to be done; else null.", examples=[None])
    completed_on: date | None = Field(
        description="The local day that it was done on, as the student says; null while it is not done.",
        examples=[None],
    )
    rating: Rating | None = Field(
        description="How well it went, in the student's words; null where nothing was said.", examples=["good"]
    )
    created_at: datetime = Field(description="When it was made.", examples=["2026-03-02T07:30:00Z"])

    @field_validator("units", mode="before")
    @classmethod
    def _known_units(cls, units: Any) -> Any:
        return units or []

    @field_validator("rating")
    @classmethod
    def _of_what_is_done(cls, rating: Rating | None, info: ValidationInfo) -> Rating | None:
        return rating if info.data["status"] is SessionStatus.DONE else None

    @classmethod
    def of(cls, session: Session, today: date, **more: Any) -> Self:
        """Show a stored session, late or not on the student's day `today`, with what `more` a class below tells."""
        stored = {name: getattr(session, name) for name in SessionView.model_fields if name != "late"}
        return cls(**stored, late=is_late(session.due_on, session.status, today), **more)


class SessionDeleted(View):
    """A session that is gone; only in what has changed `since`."""

    # Some makers of clients make one type of this and a session, in which what only this has must not be needed.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    id: UUID = Field(description="The session's.")
    deleted: Literal[True] = Field(default=True, description="Always there.")


class SessionAdded(SessionView):
    """A session that was just added, the first one of a repetition, and what it lies on."""

    overlaps: Overlaps


class SessionUpdated(Message):
    """A session as it now is."""

    message: str = Field(description="What was done.", examples=["session updated"])
    session: SessionView
