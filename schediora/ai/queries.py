"""What is known about generation jobs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from schediora.ai.errors import JobNotFound
from schediora.db.statement import Statement, as_day, as_id
from schediora.models.ai import Job, JobStatus
from schediora.planner.weeks import of_week

ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
REHINT_AFTER = timedelta(seconds=5)
"""A message that was not followed by a claim for so long is taken for lost."""

_CLAIMS = Statement("""
    SELECT id, status, week_start FROM ai_jobs
    WHERE user_id = ? AND (status IN ('queued', 'running') OR (
        status = 'completed' AND week_start BETWEEN ? AND ? AND ? IN (week_start, asked_for)))""")
_CLOSED = Statement("""
    SELECT week_start, asked_for FROM study_plans WHERE user_id = ? AND week_start >= ?
    UNION
    SELECT week_start, asked_for FROM ai_jobs WHERE user_id = ? AND status = 'completed' AND week_start >= ?""")


def job_of(user_id: UUID, job_id: UUID) -> Job:
    """Return the student's job; raises JobNotFound, also for somebody else's."""
    job = Job.get_or_none((Job.id == job_id) & (Job.user == user_id))
    if job is None:
        raise JobNotFound()
    return job


@dataclass(frozen=True, slots=True)
class ActiveJob:
    """A job that is queued or running, and the Monday of the week that it claims."""

    id: UUID
    week_start: date


@dataclass(frozen=True, slots=True)
class Claims:
    """What jobs say of a week: the one that is queued or running, of whatever week, and whether one completed for
    this.
    """

    active: ActiveJob | None
    completed: bool


def claims(user_id: UUID, monday: date) -> Claims:
    """Return the student's claims on the week of `monday`: what was made for it, and what was asked for in it and went
    to a later one.
    """
    rows = _CLAIMS.rows(user_id, *of_week(monday))
    active = (ActiveJob(as_id(key), as_day(week)) for key, status, week in rows if status != JobStatus.COMPLETED)
    return Claims(next(active, None), any(status == JobStatus.COMPLETED for _, status, _ in rows))


def closed_weeks(user_id: UUID, monday: date) -> frozenset[date]:
    """Return the Mondays, from `monday` on, of the weeks that take no new plan: they have one, or one was made for them
    or asked for in them, there still or deleted.
    """
    rows = _CLOSED.rows(user_id, monday, user_id, monday)
    return frozenset(as_day(week) for row in rows for week in row if week is not None)


def waiting_jobs(now: datetime, *, everything: bool) -> list[Job]:
    """Return the jobs that nobody works on, oldest first: queued, or with a lease that ran out.

    Those hinted in the last seconds are left out, unless `everything` (a message may have died with its reader).
    """
    idle = (Job.status == JobStatus.QUEUED) | ((Job.status == JobStatus.RUNNING) & (Job.lease_until < now))
    quiet = Job.hinted_at.is_null() | (Job.hinted_at < now - REHINT_AFTER)
    found = Job.select(Job.id, Job.hinted_at).where(idle if everything else idle & quiet)
    return list(found.where(Job.status.in_(ACTIVE)).order_by(Job.created_at).limit(500))


def tokens_of_day(now: datetime) -> int:
    """Return the tokens that a model took for the jobs asked for on the UTC day of `now`, of all students together."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    jobs = Job.select(Job.id, Job.usage).where(Job.usage.is_null(False) & (Job.created_at >= midnight))
    used = (dict[str, int](job.usage) for job in jobs)
    return sum(usage["prompt_tokens"] + usage["completion_tokens"] for usage in used)
