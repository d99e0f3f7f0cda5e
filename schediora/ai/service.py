"""Accepting a wish for a plan, and saying whether one can be accepted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import peewee

from schediora.ai.errors import JobNotFound, NotRetryable, WeeklyPlanExists
from schediora.ai.queries import any_job
from schediora.ai.refusals import obstacle, refusal, state_for
from schediora.ai.schemas import GenerateRequest, PlannedWeek, WeeklyStatus
from schediora.db.base import after_commit
from schediora.http.caller import Caller
from schediora.localtime import A_WEEK, TO_SUNDAY
from schediora.models.ai import Job, JobStatus
from schediora.models.users import User
from schediora.planner.weeks import week_done
from schediora.rate_limits.rate_limits import RateLimits
from schediora.syllabus.up_next import up_next
from schediora.users.locking import count_up, lock_student
from schediora.users.queries import caller_of

Hint = Callable[[UUID], object]
"""Wakes a consumer for a job; never raises, and a lost hint is only a delay."""


def generate(
    caller: Caller, wish: GenerateRequest, *, now: datetime, hint: Hint, limits: RateLimits | None = None
) -> Job:
    """Accept a job for the student's local week, or for the next, and return it.

    It is accepted once its row is committed; the hint comes after that, so it can neither lose the job nor fail the
    call. Raises WeeklyPlanExists, GenerationInProgress (with `job_id`), QuotaExceeded, or, with `limits`,
    LimitReached for more than a day's jobs.
    """
    monday = _monday(caller, wish.week, now)
    try:
        with User.transaction():
            lock_student(caller.user_id)
            refused = refusal(caller, monday, state_for(caller, monday, now=now), now=now, limits=limits)
            if refused:
                raise refused
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
            count_up([caller.user_id])  # a day's jobs are counted, and this one is there also when it has failed
    except peewee.IntegrityError:
        # The unique indexes have the last word, whoever wrote the row that they found.
        refused = refusal(caller, monday, state_for(caller, monday, now=now), now=now, limits=limits)
        raise refused or WeeklyPlanExists() from None
    after_commit(lambda: hint(job.id))
    return job


def retry(job_id: UUID, *, default_timezone: str, now: datetime, hint: Hint) -> Job:
    """Accept what a failed job asked for once more, as a new job, and return that; only hint at one that is queued.

    Raises JobNotFound, NotRetryable, and what `generate` raises.
    """
    job = any_job(job_id)
    if job.status == JobStatus.QUEUED:
        hint(job.id)
        return job
    if job.status != JobStatus.FAILED:
        raise NotRetryable(f"This job is {job.status}; only one that failed, or waits, can be tried again.")
    caller = caller_of(job.user_id, default_timezone)
    if caller is None:
        raise JobNotFound()
    weeks = {_monday(caller, week, now): week for week in PlannedWeek}
    week = weeks.get(job.asked_for or job.week_start)
    if week is None:
        raise NotRetryable("The week that this job was for is over; the student can ask for another.")
    wish = GenerateRequest(goal=job.goal, topic=job.topic, also=job.also or [], week=week)
    return generate(caller, wish, now=now, hint=hint)


def weekly_status(caller: Caller, week: PlannedWeek, *, now: datetime, limits: RateLimits) -> WeeklyStatus:
    """Say what `generate` would answer now for the week, and why."""
    monday = _monday(caller, week, now)
    state = state_for(caller, monday, now=now)
    reason = obstacle(caller.user_id, state, limits)
    return WeeklyStatus(
        has_generated_this_week=state.generated,
        can_generate=reason is None,
        reason=reason,
        active_job_id=state.active.id if state.active else None,
        week_start=monday,
        week_end=monday + TO_SUNDAY,
        week_done=week_done(caller.user_id, monday),
        up_next=up_next(caller, now),
    )


def _monday(caller: Caller, week: PlannedWeek, now: datetime) -> date:
    return caller.monday(now) + (A_WEEK if week is PlannedWeek.NEXT else timedelta(0))
