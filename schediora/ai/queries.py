"""What is known about generation jobs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from schediora.ai.errors import JobNotFound
from schediora.db.base import first_id
from schediora.db.statement import Statement, as_day, as_id, as_instant
from schediora.models.ai import Job, JobStatus
from schediora.models.users import User
from schediora.planner.weeks import of_week

ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
REHINT_AFTER = timedelta(seconds=5)
"""A message that was not followed by a claim for so long is taken for lost."""

_CLAIMS = Statement("""
    SELECT id, status, week_start, asked_for, created_at FROM ai_jobs
    WHERE user_id = ? AND (status IN ('queued', 'running') OR created_at >= ? OR (
        status = 'completed' AND week_start BETWEEN ? AND ? AND ? IN (week_start, asked_for)))""")
_CLOSED = Statement("""
    SELECT week_start, asked_for FROM study_plans WHERE user_id = ? AND week_start >= ?
    UNION
    SELECT week_start, asked_for FROM ai_jobs WHERE user_id = ? AND status = 'completed' AND week_start >= ?""")

_ACTIVE = Statement("""
    SELECT status, count(*), min(created_at) FROM ai_jobs WHERE status IN ('queued', 'running') GROUP BY status""")
_OUTCOMES = Statement("""
    SELECT status, source, error_code, count(*) FROM ai_jobs WHERE id >= ? AND id < ?
    GROUP BY status, source, error_code""")


def job_of(user_id: UUID, job_id: UUID) -> Job:
    """Return the student's job; raises JobNotFound, also for somebody else's."""
    job = Job.get_or_none((Job.id == job_id) & (Job.user == user_id))
    if job is None:
        raise JobNotFound()
    return job


def any_job(job_id: UUID) -> Job:
    """Return a job, whosever it is, for an operator; raises JobNotFound."""
    job = Job.get_or_none(Job.id == job_id)
    if job is None:
        raise JobNotFound("There is no such job; schediora jobs list shows those that are there.")
    return job


def newest_jobs(status: JobStatus | None, user_id: UUID | None, *, limit: int) -> list[Job]:
    """Return up to `limit` jobs with their students for an operator, the newest first; None is any."""
    found = Job.select(Job, User).join(User).order_by(Job.id.desc()).limit(limit)
    if status is not None:
        found = found.where(Job.status == status)
    return list(found if user_id is None else found.where(Job.user == user_id))


@dataclass(frozen=True, slots=True)
class JobOutcomes:
    """How many jobs ended how: `failed` by error code, `sources` of those that completed; `unfinished` go on."""

    completed: int
    unfinished: int
    failed: Mapping[str, int]
    sources: Mapping[str, int]

    @property
    def ended(self) -> int:
        """Return how many have ended."""
        return self.completed + sum(self.failed.values())


def active_jobs() -> dict[str, tuple[int, datetime]]:
    """Return, of all students together, how many jobs are queued and running, and since when the oldest of each."""
    return {str(status): (int(count), as_instant(since)) for status, count, since in _ACTIVE.rows()}


def job_outcomes(since: datetime, until: datetime) -> JobOutcomes:
    """Return how the jobs that were asked for from `since` to `until` ended, for an operator."""
    completed = unfinished = 0
    failed: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for status, source, code, count in _OUTCOMES.rows(first_id(since), first_id(until)):
        if status == JobStatus.COMPLETED:
            completed += count
            sources[source or "unknown"] += count
        elif status == JobStatus.FAILED:
            failed[code] += count
        else:
            unfinished += count
    return JobOutcomes(completed, unfinished, failed, sources)


@dataclass(frozen=True, slots=True)
class ActiveJob:
    """A job that is queued or running, and the Monday of the week that it claims."""

    id: UUID
    week_start: date


@dataclass(frozen=True, slots=True)
class Claims:
    """What jobs say of a week: the one that is queued or running, of whatever week, and whether one completed for
    this; and how many were accepted of late, of whatever week and however they ended.
    """

    active: ActiveJob | None
    completed: bool
    accepted: int


def claims(user_id: UUID, monday: date, since: datetime) -> Claims:
    """Return the student's claims on the week of `monday`: what was made for it, and what was asked for in it and went
    to a later one; and how many jobs were accepted `since` an instant.
    """
    first, last, _ = of_week(monday)
    active, completed, accepted = None, False, 0
    for key, status, week, asked_for, created_at in _CLAIMS.rows(user_id, since, first, last, monday):
        start = as_day(week)
        accepted += as_instant(created_at) >= since
        if status in ACTIVE:
            active = ActiveJob(as_id(key), start)
        elif status == JobStatus.COMPLETED and first <= start <= last:
            completed |= monday in (start, as_day(asked_for) if asked_for else start)
    return Claims(active, completed, accepted)


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
