"""Study plans and their sessions."""

from enum import StrEnum

import peewee

from schediora.db.base import Entity, Table
from schediora.db.fields import EnumField, InstantField
from schediora.models.users import User


class PlanSource(StrEnum):
    """Who made a plan."""

    MANUAL = "manual"
    AI = "ai"


class SessionStatus(StrEnum):
    """How far a session, or the plan that it belongs to, has come."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    DONE = "done"


KINDS = ("learn", "practice", "recall", "review", "mock")
"""What the database lets a session be for. What each of them means is the scheduler's, which lies above the tables."""


class Plan(Entity):
    """A week's plan. Its status and duration follow from its sessions and are stored nowhere."""

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="plans", index=False)
    title = peewee.TextField()
    topic = peewee.TextField()
    source = EnumField(PlanSource)
    week_start = peewee.DateField()
    created_at = InstantField()

    class Meta:
        """Found by week, and listed newest first."""

        table_name = "study_plans"
        indexes = ((("user", "week_start"), False), (("user", "created_at", "id"), False))


class Session(Entity):
    """A stretch of study. `scheduled_on` and `completed_on` are the student's local days when it was said."""

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="study_sessions", index=False)
    plan = peewee.ForeignKeyField(Plan, on_delete="CASCADE", backref="sessions", index=True)
    title = peewee.TextField()
    topic = peewee.TextField()
    detail = peewee.TextField(default="")
    kind = peewee.TextField(null=True, choices=[(kind, kind) for kind in KINDS])
    duration_minutes = peewee.IntegerField()
    actual_minutes = peewee.IntegerField(null=True)
    status = EnumField(SessionStatus, default=SessionStatus.PENDING)
    pinned = peewee.BooleanField(default=False)
    reason = peewee.JSONField(null=True)
    scheduled_at = InstantField()
    scheduled_on = peewee.DateField()
    completed_at = InstantField(null=True)
    completed_on = peewee.DateField(null=True)
    created_at = InstantField()

    class Meta:
        """Listed by time, of a student and of a plan; both local days are indexed, so a dashboard is a bounded scan."""

        table_name = "study_sessions"
        indexes = (
            (("user", "scheduled_at", "id"), False),
            (("plan", "scheduled_at", "id"), False),
            (("user", "scheduled_on"), False),
            (("user", "completed_on"), False),
        )
        constraints = [
            peewee.Check("duration_minutes BETWEEN 1 AND 480", name="ck_study_sessions_duration_minutes"),
            peewee.Check(
                "actual_minutes IS NULL OR actual_minutes BETWEEN 1 AND 1440", name="ck_study_sessions_actual_minutes"
            ),
            peewee.Check(
                "(status = 'done') = (completed_at IS NOT NULL) AND (status = 'done') = (completed_on IS NOT NULL)",
                name="ck_study_sessions_completed",
            ),
        ]


class DashboardDailyMetric(Table):
    """Legacy: kept in the schema, read and written by nothing."""

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="daily_metrics", index=False)
    day = peewee.DateField()
    completed_sessions = peewee.IntegerField()
    focus_minutes = peewee.IntegerField()

    class Meta:
        """One row a student and day."""

        table_name = "dashboard_daily_metrics"
        primary_key = peewee.CompositeKey("user", "day")
