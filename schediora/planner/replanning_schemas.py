"""Replanning on the wire: the wish, the preview, what was done, and the way back."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, Field

from schediora.http.wire import Body, Message, Text, View
from schediora.planner.schemas import ReasonView
from schediora.planner.session_view import SessionView
from schediora.planner.suggestion_view import SuggestionView


class ReplanRequest(Body):
    """Ask for a preview, or apply the one whose revision is given."""

    apply: bool | MISSING = Field(
        default=MISSING,
        description="Whether to do what the preview of `revision` showed. Left out or false, it is a preview.",
        examples=[False],
    )
    revision: Annotated[str, Text(1, 200)] | MISSING = Field(
        default=MISSING, description="What the preview answered; needed to apply it."
    )
    include_overdue: bool | MISSING = Field(
        default=MISSING,
        description="Whether sessions of earlier weeks, of the last 28 days, that are not done join. Left out, they do"
        " not. The preview that is applied says so itself.",
        examples=[True],
    )


class UndoRequest(Body):
    """Nothing needs to be said."""


class ReplannedView(View):
    """A session in a replanning: where it was, where it is to be, and why."""

    id: UUID = Field(description="The session's.")
    title: str = Field(description="What is studied.", examples=["Photosynthesis: the light reactions"])
    topic: str = Field(description="The subject, in the student's words.", examples=["Biology"])
    duration_minutes: int = Field(description="How long it is.", examples=[45])
    was_at: datetime = Field(description="When it started before.", examples=["2026-03-03T16:00:00Z"])
    scheduled_at: datetime = Field(description="When it starts in this arrangement.")
    scheduled_on: date = Field(description="The student's local day of `scheduled_at`.")
    reason: ReasonView


class ReplanView(View):
    """What replanning does to the missed and pending sessions, each part by time."""

    applied: bool = Field(description="Whether it was done, or is a preview.", examples=[False])
    revision: str = Field(
        description="Names this very preview, to apply it.", examples=["AAAAAAAAAAcABkwqQzdwgJcwoWxpa2UgdGhpcyBvbmU"]
    )
    moved: list[ReplannedView] = Field(description="To start at another time.")
    kept: list[ReplannedView] = Field(description="Well where they are.")
    impossible: list[ReplannedView] = Field(
        description="What stays where it is though its time is past or there is no room for it, with what would help."
    )
    suggestion: SuggestionView | None = Field(
        description="Null when there is room for everything, or no single change would do."
    )


class ReplanUndone(Message):
    """The sessions that are back where they were."""

    message: str = Field(description="What was done.", examples=["replan undone"])
    sessions: list[SessionView] = Field(description="As they are again.")
