"""Accepting a wish for a plan, and saying whether one can be accepted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import peewee

from schediora.ai.errors import GenerationInProgress, WeeklyPlanExists
from schediora.ai.queries import active_job, has_completed
from schediora.ai.schemas import GenerateRequest, WeeklyStatus
from schediora.errors import Conflict
from schediora.http.caller import Caller
from schediora.models.ai import Job
from schediora.models.users import User
from schediora.planner.queries import has_generated_plan, has_plan_this_week
from schediora.users.queries import lock

Hint = Callable[[UUID], None]
"""Wakes a consumer for a job; never raises, and a lost hint is only a delay."""


def generate(caller: Caller, wish: GenerateRequest, *, now: datetime, hint: Hint) -> Job:
    """Accept a job for the student's local week and return it.

    It is accepted once its row is committed; the hint comes after that, so it can neither lose the job nor fail the call.
    Raises WeeklyPlanExists or GenerationInProgress (with `job_id`).
    """
    monday = caller.monday(now)
    try:
        with User.transaction():
            lock(caller.user_id)
            obstacle = _obstacle(caller.user_id, monday)
            if obstacle:
                raise obstacle
            job = Job.create(
                user=caller.user_id, goal=wish.goal, topic=wish.topic, week_start=monday,
                hinted_at=now, created_at=now, updated_at=now,
            )  # fmt: skip
    except peewee.IntegrityError:
        # The unique indexes have the last word, whoever wrote the row that they found.
        raise _obstacle(caller.user_id, monday) or WeeklyPlanExists() from None
    hint(job.id)
    return job


def weekly_status(caller: Caller, *, now: datetime) -> WeeklyStatus:
    """Say what `generate` would answer now, and why."""
    monday = caller.monday(now)
    with User.snapshot():
        obstacle = _obstacle(caller.user_id, monday)
        generated = has_generated_plan(caller.user_id, monday) or has_completed(caller.user_id, monday)
    return WeeklyStatus(
        has_generated_this_week=generated,
        can_generate=obstacle is None,
        reason=obstacle.code if obstacle else None,
        active_job_id=UUID(obstacle.extra["job_id"]) if obstacle and "job_id" in obstacle.extra else None,
        week_start=monday,
        week_end=monday + timedelta(days=6),
    )


def _obstacle(user_id: UUID, monday: date) -> Conflict | None:
    if job := active_job(user_id):
        return GenerationInProgress(job_id=str(job.id))
    if has_plan_this_week(user_id, monday) or has_completed(user_id, monday):
        return WeeklyPlanExists()
    return None
