"""What is known about generation jobs."""

from datetime import date, datetime, timedelta
from uuid import UUID

from schediora.ai.errors import JobNotFound
from schediora.models.ai import Job, JobStatus

ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
REHINT_AFTER = timedelta(seconds=5)
"""A message that was not followed by a claim for so long is taken for lost."""


def job_of(user_id: UUID, job_id: UUID) -> Job:
    """Return the student's job; raises JobNotFound, also for somebody else's."""
    job = Job.get_or_none((Job.id == job_id) & (Job.user == user_id))
    if job is None:
        raise JobNotFound()
    return job


def active_job(user_id: UUID) -> Job | None:
    """Return the student's queued or running job."""
    return Job.get_or_none((Job.user == user_id) & Job.status.in_(ACTIVE))


def has_completed(user_id: UUID, monday: date) -> bool:
    """Tell whether a job completed for the week of `monday` or, made late in the week, for the next one."""
    done = (Job.user == user_id) & (Job.status == JobStatus.COMPLETED) & (Job.week_start >= monday)
    return Job.select(Job.id).where(done).exists()


def waiting_jobs(now: datetime, *, everything: bool) -> list[Job]:
    """Return the jobs that nobody works on, oldest first: queued, or with a lease that ran out.

    Those hinted in the last seconds are left out, unless `everything` (a message may have died with its reader).
    """
    idle = (Job.status == JobStatus.QUEUED) | ((Job.status == JobStatus.RUNNING) & (Job.lease_until < now))
    quiet = Job.hinted_at.is_null() | (Job.hinted_at < now - REHINT_AFTER)
    found = Job.select(Job.id, Job.hinted_at).where(idle if everything else idle & quiet)
    return list(found.where(Job.status.in_(ACTIVE)).order_by(Job.created_at).limit(500))
