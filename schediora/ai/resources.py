"""Generation over HTTP."""

from uuid import UUID

import falcon

from schediora.ai.errors import GenerationInProgress, JobNotFound, WeeklyPlanExists
from schediora.ai.queries import job_of
from schediora.ai.schemas import GenerateRequest, JobView, WeeklyQuery, WeeklyStatus
from schediora.ai.service import Hint, generate, weekly_status
from schediora.http.operation import Request, operation
from schediora.planner.errors import QuotaExceeded
from schediora.rate_limits.rate_limits import RateLimits

POLL_SECONDS = 2
"""How often the app asks for a job."""


class GeneratePlan:
    """Where a plan is asked for."""

    def __init__(self, hint: Hint, limits: RateLimits) -> None:
        self._hint = hint
        self._limits = limits

    @operation(
        "generatePlan",
        "Ask for the plan of this week, or of the next",
        answer=JobView,
        status=202,
        body=GenerateRequest,
        errors=(WeeklyPlanExists, GenerationInProgress, QuotaExceeded),
        headers=("Location", "Retry-After"),
        cost=3,
    )
    def on_post(self, req: Request, resp: falcon.Response, body: GenerateRequest) -> JobView:
        """Accept the job."""
        job = generate(req.context.caller, body, now=req.context.now, hint=self._hint, limits=self._limits)
        resp.location = f"{req.path.removesuffix('/plans/generate')}/jobs/{job.id}"
        resp.retry_after = POLL_SECONDS
        return JobView.of(job)


class JobItem:
    """One job."""

    @operation("getJob", "Look at a job", answer=JobView, errors=(JobNotFound,))
    def on_get(self, req: Request, resp: falcon.Response, job_id: UUID) -> JobView:
        """Show how far it is."""
        return JobView.of(job_of(req.context.caller.user_id, job_id))


class Weekly:
    """Whether a plan can be asked for."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    @operation(
        "getWeeklyStatus",
        "Tell whether a plan can be generated for this week, or for the next",
        answer=WeeklyStatus,
        query=WeeklyQuery,
        kept=True,
    )
    def on_get(self, req: Request, resp: falcon.Response, query: WeeklyQuery) -> WeeklyStatus:
        """Say what asking would answer."""
        return weekly_status(req.context.caller, query.week, now=req.context.now, limits=self._limits)
