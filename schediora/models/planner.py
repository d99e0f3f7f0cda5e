"""Study plans and their sessions."""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

import peewee

from schediora.db.base import Entity, Table
from schediora.db.fields import EnumField, InstantField
from schediora.memory.replay import Rating
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


SHOWN_IN_CALENDARS = frozenset({"title", "topic", "detail", "duration_minutes", "status", "scheduled_at"})
"""The columns of a session that a calendar shows: who changes one of them counts it in `SessionChanges`."""


class Plan(Entity):
    """A week's plan. Its status and duration follow from its sessions and are stored nowhere.

    `language` is a generated plan's (BCP 47), null where nobody decided one. `asked_for` is the Monday of the week that
    it was asked for, where that is an earlier one than it went to: the plan is one of both weeks'. `pace_of_work` says
    how many minutes a generated plan has for each that a step usually takes, null for just as many.
    """

    user_id: UUID

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="plans", index=False)
    title = peewee.TextField()
    topic = peewee.TextField()
    source = EnumField(PlanSource)
    week_start = peewee.DateField()
    asked_for = peewee.DateField(null=True)
    pace_of_work = peewee.DoubleField(null=True)
    language = peewee.TextField(null=True)
    created_at = InstantField()

    class Meta:
        """Found by week, and listed newest first."""

        table_name = "study_plans"
        indexes = ((("user", "week_start"), False), (("user", "created_at", "id"), False))


class Session(Entity):
    """A stretch of study. `scheduled_on` and `completed_on` are the student's local days when it was said.

    `units` lists the units that it is about as `{"key", "title"}`, null where that is unknown; `builds_on` the ids of
    the sessions that it follows from (a recall its lesson, a rework its mock); `role` is the curriculum's, finer than
    `kind`. `rating` is how it went: code from before ratings may leave one on a session that is not done any more,
    where it means nothing. `started_at` is when it was begun, `due_on` the local day before whose end it has to be
    done, and the sessions of one repetition share a `series_id`. `revision` is the student's `planner_revision` of the
    change that the row was last part of, null where code that keeps no record of changes made it.
    """

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="study_sessions", index=False)
    plan = peewee.ForeignKeyField(Plan, on_delete="CASCADE", backref="sessions", index=True)
    title = peewee.TextField()
    topic = peewee.TextField()
    detail = peewee.TextField(default="")
    kind = peewee.TextField(null=True, choices=[(kind, kind) for kind in KINDS])
    role = peewee.TextField(null=True)
    units = peewee.JSONField(null=True)
    builds_on = peewee.JSONField(null=True)
    duration_minutes = peewee.IntegerField()
    actual_minutes = peewee.IntegerField(null=True)
    status = EnumField(SessionStatus, default=SessionStatus.PENDING)
    pinned = peewee.BooleanField(default=False)
    reason = peewee.JSONField(null=True)
    rating = EnumField(Rating, null=True)
    scheduled_at = InstantField()
    scheduled_on = peewee.DateField()
    due_on = peewee.DateField(null=True)
    series_id = peewee.UUIDField(null=True)
    started_at = InstantField(null=True)
    completed_at = InstantField(null=True)
    completed_on = peewee.DateField(null=True)
    created_at = InstantField()
    revision = peewee.IntegerField(null=True)

    def save(self, force_insert: bool = False, only: Collection[peewee.Field] | None = None) -> int:
        """Store it, and count a change to what a calendar shows of it, whoever makes it."""
        shown = any(field.name in SHOWN_IN_CALENDARS for field in self.dirty_fields)
        stored = int(super().save(force_insert=force_insert, only=only))
        if shown and not force_insert:
            SessionChanges.count(self.id)
        return stored

    class Meta:
        """Listed by time, and by change; both local days are indexed, so a dashboard is a bounded scan."""

        table_name = "study_sessions"
        indexes = (
            (("user", "scheduled_at", "id"), False),
            (("user", "scheduled_on"), False),
            (("user", "completed_on"), False),
            (("user", "revision", "id"), False),
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


# A plan's sessions by time are read without those of series, which may reach far past the plan's week.
Session.add_index(
    peewee.ModelIndex(
        Session,
        (Session.plan, Session.scheduled_at, Session.id),
        name="ix_study_sessions_of_plan",
        where=peewee.SQL("series_id IS NULL"),
    )
)
Session.add_index(
    peewee.ModelIndex(
        Session,
        (Session.series_id, Session.scheduled_at),
        name="ix_study_sessions_series",
        where=peewee.SQL("series_id IS NOT NULL"),
    )
)


class SessionChanges(Table):
    """How often what a calendar shows of a session has changed (RFC 5545, section 3.8.7.4); no row is never."""

    session = peewee.ForeignKeyField(
        Session, primary_key=True, on_delete="CASCADE", backref="session_changes", index=False
    )
    changes = peewee.IntegerField()

    @classmethod
    def count(cls, session_id: UUID) -> None:
        """Count one more, inside the caller's transaction."""
        one_more = cls.insert(session=session_id, changes=1)
        one_more.on_conflict(conflict_target=[cls.session], update={cls.changes: cls.changes + 1}).execute()

    class Meta:
        """Apart from the sessions, whose rows are as they were once a change is undone; this goes on counting."""

        table_name = "session_changes"


class DeletedSession(Table):
    """The tombstone of a session: what is told to a device that still has it. `revision` is the student's
    `planner_revision` of its deletion.
    """

    user_id: UUID

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="deleted_sessions", index=False)
    revision = peewee.IntegerField()
    session_id = peewee.UUIDField()
    deleted_at = InstantField(index=True)

    class Meta:
        """Listed by change, and purged by age."""

        table_name = "deleted_sessions"
        primary_key = peewee.CompositeKey("user", "revision", "session_id")


class SessionUnit(Table):
    """A unit that a session is about: what its `units` say, where the sessions of a unit can be found by it."""

    user = peewee.ForeignKeyField(User, on_delete="CASCADE", backref="session_units", index=False)
    session = peewee.ForeignKeyField(Session, on_delete="CASCADE", backref="session_units", index=False)
    unit = peewee.TextField()

    class Meta:
        """One row a session and unit, found by student and unit."""

        table_name = "session_units"
        primary_key = peewee.CompositeKey("session", "unit")
        indexes = ((("user", "unit"), False),)


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
