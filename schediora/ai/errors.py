"""Why a plan cannot be generated now, and why a job came to nothing."""

from enum import StrEnum

from schediora.errors import Code, Conflict, NotFound


class WeeklyPlanExists(Conflict):
    """You already have a plan for that week. A new one can be made for a week without one."""

    code = Code.WEEKLY_PLAN_EXISTS


class GenerationInProgress(Conflict):
    """Your plan is being made already. It will be there in a moment."""

    code = Code.GENERATION_IN_PROGRESS
    members = {"job_id": {"type": "string", "format": "uuid", "description": "The job that is making it."}}


class JobNotFound(NotFound):
    """This plan request could not be found."""


class NotRetryable(Conflict):
    """Only a job that failed, or that nobody has taken yet, can be tried again."""


class JobFailure(StrEnum):
    """Why a job failed: the closed list of a job's own error codes."""

    NO_TIME_AVAILABLE = "no_time_available"
    WEEKLY_PLAN_EXISTS = "weekly_plan_exists"
    QUOTA_EXCEEDED = "quota_exceeded"
    INTERNAL_ERROR = "internal_error"

    @classmethod
    def _missing_(cls, value: object) -> "JobFailure":
        """Take a reason that a newer release has stored for a problem on our side: this one has no words for it."""
        return cls.INTERNAL_ERROR
