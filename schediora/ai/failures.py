"""Why a job comes to nothing, in the student's language."""

from dataclasses import dataclass

from schediora.ai.content.sentences import why_no_plan
from schediora.ai.errors import JobFailure
from schediora.ai.situation import Situation
from schediora.ai.storing import Made, nothing_of
from schediora.planner import quotas


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no plan: the code, the sentence, and how it would have fitted where that tells something."""

    code: JobFailure
    detail: str
    made: Made | None = None


def failure_of(situation: Situation, made: Made) -> Failure | None:
    """Return why `made` cannot become a plan, or None where it can."""
    if situation.open_weeks.closed:
        return week_is_taken(situation.language)
    if situation.is_over:
        detail = why_no_plan(situation.language, "exam_is_today", topic=situation.over[0])
        return Failure(JobFailure.NO_TIME_AVAILABLE, detail, nothing_of(made, detail))
    if not made.placed.pieces:
        return Failure(JobFailure.NO_TIME_AVAILABLE, _nowhere(situation, made), made)
    return None


def week_is_taken(language: str) -> Failure:
    """Return the failure of a job whose week has a plan."""
    return Failure(JobFailure.WEEKLY_PLAN_EXISTS, why_no_plan(language, "weekly_plan_exists"))


def planner_is_full(language: str) -> Failure:
    """Return the failure of a job whose plan the planner has no room for."""
    detail = why_no_plan(
        *(language, "quota_exceeded"),
        sessions_a_week=quotas.SESSIONS_A_WEEK,
        sessions=quotas.SESSIONS,
        plans=quotas.PLANS,
    )
    return Failure(JobFailure.QUOTA_EXCEEDED, detail)


def ever_changing(language: str) -> Failure:
    """Return the failure of a job around which the planner kept changing."""
    return Failure(JobFailure.INTERNAL_ERROR, why_no_plan(language, "ever_changing"))


def _nowhere(situation: Situation, made: Made) -> str:
    """Return why nothing of the plan has a place, and what to do."""
    weeks = situation.open_weeks
    if not weeks.may_move and not weeks.asked_ahead:
        return why_no_plan(situation.language, "next_week_has_its_plan")
    return made.placed.note or why_no_plan(situation.language, "no_time_available")
