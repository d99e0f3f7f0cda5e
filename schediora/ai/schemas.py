"""Generation on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from schediora.ai.errors import JobFailure
from schediora.errors import Code
from schediora.http.wire import Body, Text, View
from schediora.models.ai import Job, JobStatus


class GenerateRequest(Body):
    """What the student wants a plan for."""

    goal: Annotated[str, Text(1, 180)]
    topic: Annotated[str, Text(1, 120)]


class StepView(View):
    """What to do in one step."""

    title: str
    detail: str


class OutlineView(View):
    """What the plan is about, in 6 to 10 steps."""

    title: str
    summary: str
    steps: list[StepView]


class JobError(View):
    """Why a job failed."""

    code: JobFailure
    detail: str


class UnplacedView(View):
    """A step that the week could not hold."""

    title: str
    minutes: int
    code: str
    text: str


class WindowView(View):
    """Free time on an ISO weekday, as local times of the day."""

    weekday: int
    start: str
    end: str


class SuggestionView(View):
    """The one change of preferences that would make everything fit; the field that `change` names holds the new
    value.
    """

    change: Literal["daily_hours", "window", "session_minutes"]
    text: str
    daily_hours: float | None = None
    session_minutes: int | None = None
    window: WindowView | None = None


class FeasibilityView(View):
    """How the plan fitted into the week, in minutes."""

    needed_minutes: int
    available_minutes: int
    unplaced: list[UnplacedView]
    suggestion: SuggestionView | None


class JobView(View):
    """A generation job; what is not known yet is null."""

    job_id: UUID
    status: JobStatus
    result: str | None
    result_structured: OutlineView | None
    source: str | None
    degraded_reason: str | None
    error: JobError | None
    feasibility: FeasibilityView | None
    plan_id: UUID | None
    attempts: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, job: Job) -> "JobView":
        """Show a row."""
        outline = OutlineView.model_validate(job.result) if job.result else None
        return cls(
            job_id=job.id,
            status=JobStatus(job.status),
            result=_as_text(outline) if outline else None,
            result_structured=outline,
            source=job.source,
            degraded_reason=job.degraded_reason,
            error=JobError(code=JobFailure(job.error_code), detail=job.error_detail or "") if job.error_code else None,
            feasibility=FeasibilityView.model_validate(job.feasibility) if job.feasibility else None,
            plan_id=job.plan_id,
            attempts=job.attempts,
            created_at=job.created_at,
            updated_at=job.updated_at,
        )


class WeeklyStatus(View):
    """Whether a plan can be generated for the student's local week, `week_start` (Monday) to `week_end` (Sunday)."""

    has_generated_this_week: bool
    can_generate: bool
    reason: Code | None
    active_job_id: UUID | None
    week_start: date
    week_end: date


def _as_text(outline: OutlineView) -> str:
    steps = [f"{number}. {step.title}\n   {step.detail}" for number, step in enumerate(outline.steps, start=1)]
    return "\n".join([outline.title, "", outline.summary, "", *steps])
