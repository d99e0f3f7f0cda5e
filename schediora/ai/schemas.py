"""Generation on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from schediora.ai.errors import JobFailure
from schediora.errors import Code
from schediora.http.wire import KNOWN, Body, Query, Text, View
from schediora.models.ai import Job, JobStage, JobStatus
from schediora.planner.scheduler.problem import ReasonCode
from schediora.planner.suggestion_view import SuggestionView
from schediora.subjects.recognition import same_topic
from schediora.syllabus.schemas import CoverageView, UpNextView

MOST_FURTHER_TOPICS = 4


class PlannedWeek(StrEnum):
    """Which week a plan is for: what is left of the student's local week, or the whole of the next."""

    CURRENT = "current"
    NEXT = "next"


class GenerateRequest(Body):
    """What the student wants a plan for."""

    goal: Annotated[str, Text(1, 180)] = Field(
        description="What the student wants to reach this week, in their own words.", examples=["Pass the biology exam"]
    )
    topic: Annotated[str, Text(1, 120)] = Field(description="What the sessions are about.", examples=["Biology"])
    also: Annotated[list[Annotated[str, Text(1, 120)]], Field(max_length=MOST_FURTHER_TOPICS)] = Field(
        default_factory=list,
        description="Further topics that share the week; no two of one subject, none inside another.",
        examples=[["Chemistry"]],
    )
    week: PlannedWeek = Field(
        default_factory=lambda: PlannedWeek.CURRENT,
        description="The week that the plan is for, `current` if left out. A plan for this week goes to the next where "
        "too little of it is left, unless the next has one; a plan for next week stays there, and is not this week's.",
        examples=["current"],
    )

    @model_validator(mode="after")
    def _each_topic_once(self) -> Self:
        topics = [self.topic, *self.also]
        for index, topic in enumerate(topics):
            for earlier in topics[:index]:
                if same_topic(earlier, topic):
                    raise ValueError(f'"{topic}" and "{earlier}" are one subject: name it once')
        return self


class StepView(View):
    """What to do in one step."""

    title: str = Field(description="What is done in it.", examples=["Photosynthesis: the light reactions"])
    detail: str = Field(
        description="How to go about it.",
        examples=["Draw the chain of electrons from water to NADPH from memory, then compare it with your book."],
    )


_TITLES = (
    "Photosynthesis: the light reactions",
    "Photosynthesis: the Calvin cycle",
    "Recall photosynthesis without your book",
    "Cell respiration: glycolysis",
    "Cell respiration: the electron transport chain",
    "Mock test: how plants and animals get their energy",
)
_STEPS = [{"title": title, "detail": "Read it up, close the book, and write down what you kept."} for title in _TITLES]


class OutlineView(View):
    """What the plan is about, in 6 to 10 steps."""

    title: str = Field(description="The plan's.", examples=["Biology: Photosynthesis + Cell respiration"])
    summary: str = Field(
        description="The week in a sentence or two.", examples=["Two units in six steps, with a mock test at the end."]
    )
    steps: list[StepView] = Field(description="In study order, each with a title of its own.", examples=[_STEPS])


class JobError(View):
    """Why a job failed."""

    code: JobFailure
    detail: str = Field(
        description="A sentence for the student.",
        examples=["There is no free study time left this week or next week. Please make some and ask again."],
    )


class UnplacedView(View):
    """A step that the week could not hold."""

    title: str = Field(description="What did not fit.", examples=["Mock test: how plants and animals get their energy"])
    minutes: int = Field(description="What it would take.", examples=[60])
    code: ReasonCode = Field(examples=["no_time_left"])
    text: str = Field(
        description="The reason as a sentence.", examples=["There is no free study time left in this week."]
    )


class FeasibilityView(View):
    """How the plan fitted into the week, in minutes."""

    needed_minutes: int = Field(description="The length of all steps.", examples=[360])
    available_minutes: int = Field(description="The free study time that there was for them.", examples=[300])
    unplaced: list[UnplacedView] = Field(description="The steps that found no time.")
    suggestion: SuggestionView | None = Field(description="Null when everything fits, or no single change would do.")
    notes: list[str] = Field(
        default_factory=list,
        description="What else to know of the plan as a whole, a sentence each.",
        examples=[["Not every unit can be learned before the exam."]],
    )


class UsageView(View):
    """The tokens that the language model took for this plan."""

    prompt_tokens: int = Field(description="Of what it was told.", examples=[1480])
    completion_tokens: int = Field(description="Of what it answered.", examples=[910])


class TopicCoverage(CoverageView):
    """How far the student is in one topic of the plan."""

    topic: str = Field(description="The topic, in the student's words.", examples=["Biology"])


class JobView(View):
    """A generation job; what is not known yet is null."""

    job_id: UUID = Field(description="What to look at the job by.")
    status: JobStatus = Field(examples=["completed"])
    stage: JobStage | None = Field(
        description="What a running job is at: it reads the planner, writes the steps, or places them.", examples=[None]
    )
    result: str | None = Field(
        description="The outline as plain text.",
        examples=["Biology\n\nTwo units in six steps.\n\n1. Photosynthesis\n   Read it up."],
    )
    result_structured: OutlineView | None = Field(description="The outline in its parts.")
    source: str | None = Field(description="Who wrote it: `rules`, or `openai:` and a model.", examples=["rules"])
    degraded_reason: str | None = Field(
        description="Why a model that should have written it did not write all of it.", examples=[None]
    )
    error: JobError | None = Field(description="Why there is no plan, when the job has failed.", examples=[None])
    feasibility: Annotated[FeasibilityView | None, KNOWN] = Field(description="How the plan fitted into the week.")
    coverage: Annotated[list[TopicCoverage] | None, KNOWN] = Field(
        description="How far the student is in each topic that has units."
    )
    usage: Annotated[UsageView | None, KNOWN] = Field(
        description="Null where no language model was asked.", examples=[None]
    )
    plan_id: UUID | None = Field(description="The plan that was made, until the student deletes it.")
    attempts: int = Field(description="How often it was begun.", examples=[1])
    created_at: datetime = Field(description="When it was asked for.", examples=["2026-03-04T07:30:00Z"])
    updated_at: datetime = Field(description="When it last came further.", examples=["2026-03-04T07:30:02Z"])

    @classmethod
    def of(cls, job: Job) -> "JobView":
        """Show a row."""
        outline = OutlineView.model_validate(job.result) if job.result else None
        return cls(
            job_id=job.id,
            status=JobStatus(job.status),
            stage=JobStage(job.stage) if job.stage and job.status == JobStatus.RUNNING else None,
            result=_as_text(outline) if outline else None,
            result_structured=outline,
            source=job.source,
            degraded_reason=job.degraded_reason,
            error=JobError(code=JobFailure(job.error_code), detail=job.error_detail or "") if job.error_code else None,
            feasibility=job.feasibility,
            coverage=job.coverage,
            usage=job.usage,
            plan_id=job.plan_id,
            attempts=job.attempts,
            created_at=job.created_at,
            updated_at=job.updated_at,
        )


class WeeklyQuery(Query):
    """Which week is asked about."""

    week: PlannedWeek = Field(default=PlannedWeek.CURRENT, description="The week that all fields are about.")


class WeeklyStatus(View):
    """Whether a plan can be generated for a local week of the student's, `week_start` (Monday) to `week_end` (Sunday):
    this one, unless the next is asked about.
    """

    has_generated_this_week: bool = Field(
        description="The week has a generated plan, or a job that made one.", examples=[True]
    )
    can_generate: bool = Field(description="Whether asking for a plan would be accepted now.", examples=[False])
    reason: Code | None = Field(description="What asking would answer instead.", examples=["weekly_plan_exists"])
    active_job_id: UUID | None = Field(
        description="The job that is making a plan right now, for whichever week.", examples=[None]
    )
    week_start: date = Field(description="The Monday.", examples=["2026-03-02"])
    week_end: date = Field(description="The Sunday.", examples=["2026-03-08"])
    week_done: bool = Field(description="The week has sessions, and all of them are done.", examples=[False])
    up_next: Sequence[UpNextView] = Field(
        description="What could come next, five units at most, as the dashboard says it; empty where nobody knows."
    )


def _as_text(outline: OutlineView) -> str:
    steps = [f"{number}. {step.title}\n   {step.detail}" for number, step in enumerate(outline.steps, start=1)]
    return "\n".join([outline.title, "", outline.summary, "", *steps])
