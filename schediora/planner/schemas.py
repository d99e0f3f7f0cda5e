"""Plans and sessions on the wire. Durations are minutes, instants UTC, dates the student's local days."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import MISSING, ConfigDict, Field, model_validator

from schediora.http.wire import Body, Day, Digits, Instant, Query, Text, Truth, View, Whole
from schediora.memory.replay import Rating
from schediora.models.planner import PlanSource, SessionStatus
from schediora.planner.scheduler.problem import ReasonCode

PAGE_ROWS = 200
MOST_PAGE_ROWS = 500

PageRows = Annotated[int, Digits(1, MOST_PAGE_ROWS)]
Title = Annotated[
    str, Text(1, 180), Field(description="What is studied.", examples=["Photosynthesis: the light reactions"])
]
Topic = Annotated[str, Text(1, 120), Field(description="The subject, in the student's words.", examples=["Biology"])]
Overlaps = Annotated[
    list[UUID],
    Field(description="The sessions, not done, that what was added lies on; most times none.", examples=[[]]),
]
Minutes = Annotated[int, Whole(15, 480)]


class WeekChoice(StrEnum):
    """Which sessions are listed: this local week's and those of its plans, or all that there are."""

    CURRENT = "current"
    ALL = "all"


class StateChoice(StrEnum):
    """Which sessions are listed by what they have come to."""

    OVERDUE = "overdue"


class Every(StrEnum):
    """How often a repeated session comes back."""

    DAY = "day"
    WEEK = "week"


class Repeat(Body):
    """A session that comes back every day or every week, at the same time by the student's clock."""

    every: Every = Field(description="How often.", examples=["week"])
    until: Day = Field(description="The last local day that it may fall on.", examples=["2026-03-30"])


class SessionCreate(Body):
    """A session to add."""

    title: Title
    topic: Topic
    duration_minutes: Minutes = Field(description="How long it is to be.", examples=[45])
    scheduled_at: Instant | MISSING = Field(
        default=MISSING,
        description="When it starts. Left out, it is now, rounded up to five minutes, or once no other session that is "
        "not done is in its way; but never after the end of today.",
    )
    unit: Annotated[str, Text(1, 200)] | MISSING = Field(
        default=MISSING, description="What it is about: the `key` of a unit that the topic's syllabus lists."
    )
    due_on: Day | MISSING = Field(
        default=MISSING,
        description="The local day before whose end it has to be done, today or later. With `repeat` it holds for all "
        "of the sessions, and is not before the last one's day.",
    )
    repeat: Repeat | MISSING = Field(
        default=MISSING,
        description="Makes more sessions like it, 60 in all at most, at once: a series. The first one is answered.",
        examples=[{"every": "week", "until": "2026-03-30"}],
    )


class PlanCreate(SessionCreate):
    """A plan to make, and the first session that is made with it."""


class SessionUpdate(Body):
    """What to change of a session: one field or more. What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    status: SessionStatus | MISSING = Field(
        default=MISSING,
        description="`done` sets `completed_at`; leaving `done` clears it and forgets the rating. The first "
        "`in_progress` sets `started_at`; `pending` forgets it.",
        examples=["done"],
    )
    scheduled_at: Instant | MISSING = Field(default=MISSING, description="When it starts; a new time pins the session.")
    pinned: bool | MISSING = Field(
        default=MISSING,
        description="Whether replanning leaves its time alone. Left out, a new `scheduled_at` makes it so.",
        examples=[False],
    )
    due_on: Day | MISSING | None = Field(
        default=MISSING, description="The local day before whose end it has to be done, today or later; null: none."
    )
    completed_on: Day | MISSING = Field(
        default=MISSING,
        description="The local day it was done on, today or up to seven days back, with `done` or after it; "
        "`completed_at` stays.",
    )
    duration_minutes: Minutes | MISSING = Field(default=MISSING, description="How long it is to be.")
    title: Annotated[str, Text(1, 180)] | MISSING = Field(default=MISSING, description="What is studied.")
    detail: Annotated[str, Text(0, 2000)] | MISSING = Field(
        default=MISSING, description="What to do in it, in as many words as it takes."
    )
    actual_minutes: Annotated[int, Whole(1, 1440)] | MISSING | None = Field(
        default=MISSING, description="What it really took; null forgets it.", examples=[50]
    )
    rating: Rating | MISSING | None = Field(
        default=MISSING, description="How well it went, with `done` or after it; null forgets it.", examples=["good"]
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must name at least one field to change")
        return self


class PlanView(View):
    """A plan; its minutes are the sum of its sessions', its status follows from theirs."""

    id: UUID = Field(description="The plan's.")
    title: str = Field(description="What it is for.", examples=["Biology before the exam"])
    topic: str = Field(description="The subject, in the student's words.", examples=["Biology"])
    duration_minutes: int = Field(description="The sum of its sessions.", examples=[45])
    status: SessionStatus = Field(description="Follows from its sessions: `pending` also when it has none.")
    source: PlanSource
    week_start: date = Field(description="The Monday of the week that it is for.", examples=["2026-03-02"])
    created_at: datetime = Field(description="When it was made.", examples=["2026-03-02T07:30:00Z"])


class PlanCreated(PlanView):
    """A plan that was just made, and what its sessions lie on."""

    overlaps: Overlaps


class ReasonView(View):
    """A reason: a code for programs, a sentence for the student."""

    code: ReasonCode = Field(examples=["spaced"])
    text: str = Field(
        description="The reason as a sentence.", examples=["Practice placed 2 days after the learning it builds on."]
    )


class QuestionView(View):
    """A question to test oneself with, and its answer."""

    question: str = Field(description="What to answer without looking anything up.", examples=["What is 15 % of 240?"])
    answer: str = Field(description="The full answer, to compare one's own with.", examples=["36."])


class MaterialView(View):
    """What a session's unit is taught with, in the plan's language."""

    example: str | None = Field(
        description="A worked example: the task, then its solution after an empty line; null where there is none.",
        examples=["Simplify √72.\n\n72 is 36 times 2, so √72 = 6√2."],
    )
    questions: list[QuestionView] = Field(description="Questions with answers; empty where there are none.")


Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", description="What the Link of the page before names.")]


Since = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Instead of `week`: what has been changed or deleted since the Link that named this, in pages; "
        "empty for the first time, which lists all. The last page's Link says how to ask the next time.",
        examples=[""],
    ),
]


class PlanQuery(Query):
    """Which page of the plans."""

    limit: PageRows = Field(default=PAGE_ROWS, description="How many entries a page has, at most.")
    cursor: Cursor | MISSING = MISSING


class DeletionQuery(Query):
    """How much is deleted."""

    following: Truth = Field(
        default=False,
        description="Whether the later sessions of its series that are not done are deleted with it.",
    )


class SessionQuery(Query):
    """Which sessions, and which page of them; `limit` left out is 200, and 500 for the current week.

    A week, a range of days, a state and what has changed are four lists: one call asks for one of them.
    """

    week: WeekChoice | MISSING = Field(
        default=MISSING, description="Which sessions are listed: this week's, if nothing is said."
    )
    first: Day | MISSING = Field(
        default=MISSING,
        alias="from",
        description="Instead of `week`: the first local day whose sessions are listed, with `to`.",
    )
    last: Day | MISSING = Field(
        default=MISSING, alias="to", description="The last such day; 92 days in all at most, `from` included."
    )
    state: StateChoice | MISSING = Field(
        default=MISSING,
        description="Instead of `week`: what of the last 28 days is not done, today's left out.",
        examples=["overdue"],
    )
    since: Since | MISSING = MISSING
    limit: PageRows | MISSING = Field(
        default=MISSING,
        description="How many entries a page has, at most: 500 for the current week and else 200, if left out.",
    )
    cursor: Cursor | MISSING = MISSING

    @property
    def rows(self) -> int:
        """How many rows a page has."""
        if self.limit is MISSING:
            return MOST_PAGE_ROWS if self.is_current_week else PAGE_ROWS
        return self.limit

    @property
    def is_current_week(self) -> bool:
        """Whether this week is asked for, by name or by nothing else."""
        others = (self.week, self.first, self.last, self.state, self.since)
        return self.week is WeekChoice.CURRENT or all(other is MISSING for other in others)
