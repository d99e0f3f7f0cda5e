"""Who works on a job: claims with a lease, so that a dead worker's job is taken up again and a slow one's result is
refused.

Every change of a job's state is one conditional UPDATE; whoever loses the condition has lost the job.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from schediora.ai.content.sentences import why_no_plan
from schediora.ai.errors import JobFailure
from schediora.languages.language import FALLBACK
from schediora.models.ai import Job, JobStage, JobStatus

LEASE = timedelta(seconds=10)
"""How long a worker may be silent: three heartbeats. Longer delays the recovery from a crash, shorter invites double
work."""
MODEL_CLAIMS = 2
MODEL_AGE = timedelta(seconds=60)
"""After so many claims, or so long after it was made, a job is finished by the rules: the app waits 90 s in all."""
MODEL_UNTIL = timedelta(seconds=70)
"""No model is waited for longer than that after a job was made: should its worker die then, the lease (10 s), the sweep
(2 s) and the rules still end the job within the app's 90 s."""
RULES_CLAIMS = 2
"""A job whose claims by the rules died so often is given up: something about it kills its worker."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A claimed job; a model may be asked for `model_seconds`, and not at all when these are 0."""

    job: Job
    token: UUID
    model_seconds: float

    @property
    def row(self) -> Any:
        """What finds the job's row while it is in this lease's hands."""
        return (Job.id == self.job.id) & (Job.user == self.job.user_id) & (Job.lease_token == self.token)


def claim(job_id: UUID, *, now: datetime, given_up: Callable[[JobFailure], None] = lambda _code: None) -> Lease | None:
    """Take the job, or return None when it is not there to be taken (done, in another's hands, or tried in vain so
    often that it is failed here: `given_up` is told).
    """
    job = Job.get_or_none(Job.id == job_id)
    if job is None or not _idle(job, now):
        return None
    age = now - job.created_at
    rules_only = job.attempts >= MODEL_CLAIMS or age >= MODEL_AGE
    if rules_only and job.rules_attempts >= RULES_CLAIMS:
        if _give_up(job, now):
            given_up(JobFailure.INTERNAL_ERROR)
        return None
    token = uuid4()
    taken = (
        Job.update(
            status=JobStatus.RUNNING,
            lease_token=token,
            lease_until=now + LEASE,
            updated_at=now,
            attempts=Job.attempts + 1,
            rules_attempts=Job.rules_attempts + int(rules_only),
        )
        .where(_unchanged(job))
        .execute()
    )
    if not taken:
        return None
    return Lease(job, token, 0.0 if rules_only else (MODEL_UNTIL - age).total_seconds())


def enter(lease: Lease, stage: JobStage, **columns: Any) -> None:
    """Note what the job is at, and what became known of it meanwhile (`columns`)."""
    Job.update(stage=stage, **columns).where(lease.row).execute()


def renew(tokens: Iterable[UUID], *, now: datetime) -> None:
    """Extend the leases that are still ours."""
    Job.update(lease_until=now + LEASE).where(Job.lease_token.in_(list(tokens))).execute()


def hand_back(lease: Lease, *, now: datetime) -> None:
    """Put a job that was not finished back into the queue as if it had not been claimed."""
    Job.update(
        status=JobStatus.QUEUED,
        lease_token=None,
        lease_until=None,
        hinted_at=None,
        updated_at=now,
        attempts=Job.attempts - 1,
        rules_attempts=Job.rules_attempts - int(not lease.model_seconds),
    ).where(lease.row).execute()


def let_go(lease: Lease, *, now: datetime) -> None:
    """End a lease early after a crash: the attempt counts, and the next one can begin."""
    Job.update(lease_until=now, hinted_at=None, updated_at=now).where(lease.row).execute()


def fail(
    lease: Lease, code: JobFailure, detail: str, *, now: datetime, feasibility: dict[str, Any] | None = None
) -> bool:
    """Record why there is no plan, and how it would have fitted; return whether the job was still ours."""
    return bool(
        Job.update(
            status=JobStatus.FAILED,
            error_code=str(code),
            error_detail=detail,
            feasibility=feasibility,
            lease_token=None,
            lease_until=None,
            updated_at=now,
        )
        .where(lease.row)
        .execute()
    )


def _idle(job: Job, now: datetime) -> bool:
    if job.status == JobStatus.RUNNING:
        return bool(job.lease_until <= now)
    return bool(job.status == JobStatus.QUEUED)


def _unchanged(job: Job) -> object:
    # Peewee compares with None by IS NULL.
    return (
        (Job.id == job.id)
        & (Job.user == job.user_id)
        & (Job.status == job.status)
        & (Job.attempts == job.attempts)
        & (Job.lease_token == job.lease_token)
        & (Job.lease_until == job.lease_until)
    )


def _give_up(job: Job, now: datetime) -> bool:
    """Fail a job that kills its workers; return whether it was not another who did."""
    return bool(
        Job.update(
            status=JobStatus.FAILED,
            error_code=str(JobFailure.INTERNAL_ERROR),
            lease_token=None,
            lease_until=None,
            updated_at=now,
            error_detail=why_no_plan(job.language or FALLBACK, "internal_error"),
        )
        .where(_unchanged(job))
        .execute()
    )
