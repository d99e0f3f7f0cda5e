"""Generation jobs: the row is the queue's truth and carries the week's claim."""

from enum import StrEnum
from uuid import UUID

import peewee

from schediora.db.base import Entity
from schediora.db.fields import EnumField, InstantField
from schediora.models.planner import Plan
from schediora.models.users import User


class JobStatus(StrEnum):
    """Where a job stands; it never goes back."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class JobStage(StrEnum):
    """What a running job is at."""

    READING = "reading"
    WRITING = "writing"
    PLACING = "placing"


class Job(Entity):
    """A plan to be made. `week_start` is the week it claims, `asked_for` the week that it was asked for, where that is
    an earlier one: it is closed too. A running job is in the hands of `lease_token` until `lease_until`.

    `also` lists further topics that share the week, `coverage` how far the plan's topics are learned, `usage` the
    tokens that a model took (`{"prompt_tokens", "completion_tokens"}`, null where none was asked), `model_milliseconds`
    how long it took for them.
    """

    user_id: UUID
    plan_id: UUID | None

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="jobs")
    status = EnumField(JobStatus, default=JobStatus.QUEUED)
    goal = peewee.TextField()
    topic = peewee.TextField()
    also = peewee.JSONField(null=True)
    language = peewee.TextField(null=True)
    week_start = peewee.DateField()
    asked_for = peewee.DateField(null=True)
    plan = peewee.ForeignKeyField(Plan, null=True, on_delete="SET NULL", backref="jobs", index=True)
    source = peewee.TextField(null=True)
    degraded_reason = peewee.TextField(null=True)
    result = peewee.JSONField(null=True)
    feasibility = peewee.JSONField(null=True)
    coverage = peewee.JSONField(null=True)
    stage = EnumField(JobStage, null=True)
    usage = peewee.JSONField(null=True)
    model_milliseconds = peewee.IntegerField(null=True)
    error_code = peewee.TextField(null=True)
    error_detail = peewee.TextField(null=True)
    attempts = peewee.IntegerField(default=0)
    rules_attempts = peewee.IntegerField(default=0)
    lease_token = peewee.UUIDField(null=True)
    lease_until = InstantField(null=True)
    hinted_at = InstantField(null=True)
    created_at = InstantField()
    updated_at = InstantField()

    class Meta:
        """Two partial unique indexes say "one generated plan a week" and "one job at a time"; a third serves the
        sweeper, a fourth the count of a day's tokens.
        """

        table_name = "ai_jobs"
        constraints = [
            peewee.Check("(status = 'running') = (lease_token IS NOT NULL)", name="ck_ai_jobs_lease"),
            peewee.Check("(status = 'failed') = (error_code IS NOT NULL)", name="ck_ai_jobs_error"),
        ]


Job.add_index(
    peewee.ModelIndex(
        Job,
        (Job.user, Job.week_start),
        unique=True,
        name="uq_ai_jobs_user_week",
        where=peewee.SQL("status IN ('queued', 'running', 'completed')"),
    )
)
Job.add_index(
    peewee.ModelIndex(
        Job,
        (Job.user,),
        unique=True,
        name="uq_ai_jobs_user_active",
        where=peewee.SQL("status IN ('queued', 'running')"),
    )
)
Job.add_index(
    peewee.ModelIndex(
        Job, (Job.created_at,), name="ix_ai_jobs_active", where=peewee.SQL("status IN ('queued', 'running')")
    )
)
Job.add_index(peewee.ModelIndex(Job, (Job.created_at,), name="ix_ai_jobs_usage", where=peewee.SQL("usage IS NOT NULL")))
