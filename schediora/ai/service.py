"""Accepting a wish for a plan, and saying whether one can be accepted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import peewee

from schediora.ai.errors import GenerationInProgress, WeeklyPlanExists
from schediora.ai.queries import claims
from schediora.ai.schemas import GenerateRequest, WeeklyStatus
from schediora.errors import Conflict
from schediora.http.caller import Caller
from schediora.models.ai import Job
from schediora.models.users import User
from schediora.planner.quotas import full
from schediora.planner.weeks import week_plans
from schediora.users.locking import lock_student

Hint = Callable[[UUID], object]
"""Wakes a consumer for a job; never raises, and a lost hint is only a delay."""


@dataclass(frozen=True, slots=True)
class _Week:
    """What stands in the way of a new plan for a week, if anything; and whether one was generated for it."""

    obstacle: Conflict | None
    active_job: UUID | None
    generated: bool


def generate(caller: Caller, wish: GenerateRequest, *, now: datetime, hint: Hint) -> Job:
    """Accept a job for the student's local week and return it.

    It is accepted once its row is committed; the hint comes after that, so it can neither lose the job nor fail the
    call. Raises WeeklyPlanExists, GenerationInProgress (with `job_id`) or QuotaExceeded.
    """
    monday = caller.monday(now)
    try:
        with User.transaction():
            lock_student(caller.user_id)
            obstacle = _week(caller.user_id, monday).obstacle
            if obstacle:
                raise obstacle
            job = Job.create(
                user=caller.user_id,
                goal=wish.goal,
                topic=wish.topic,
                also=wish.also or None,
                week_start=monday,
                hinted_at=now,
                created_at=now,
                updated_at=now,
            )
    except peewee.IntegrityError:
        # The unique indexes have the last word, whoever wrote the row that they found.
        raise _week(caller.user_id, monday).obstacle or WeeklyPlanExists() from None
    hint(job.id)
    return job


def weekly_status(caller: Caller, *, now: datetime) -> WeeklyStatus:
    """Say what `generate` would answer now, and why."""
    monday = caller.monday(now)
    week = _week(caller.user_id, monday)
    return WeeklyStatus(
        has_generated_this_week=week.generated,
        can_generate=week.obstacle is None,
        reason=week.obstacle.code if week.obstacle else None,
        active_job_id=week.active_job,
        week_start=monday,
        week_end=monday + timedelta(days=6),
    )


def _week(user_id: UUID, monday: date) -> _Week:
    # Jobs first: one that completes between the two reads has then been seen, as active or by its plan.
    claimed = claims(user_id, monday)
    plans = week_plans(user_id, monday)
    obstacle: Conflict | None = None
    if claimed.active:
        obstacle = GenerationInProgress(job_id=str(claimed.active))
    elif plans.any or claimed.completed:
        obstacle = WeeklyPlanExists()
    else:
        obstacle = full(user_id)
    return _Week(obstacle, claimed.active, generated=plans.generated or claimed.completed)
