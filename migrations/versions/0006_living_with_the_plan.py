"""Living with the plan: when a day starts, days without study, deadlines, repetitions, and weeks asked for ahead.

Until now a plan was made only for the week in which it was asked for or, when that was too short, for the next: where
the two differ, plans and jobs that are there already learn for which week they were asked. Days are counted in the
student's zone, and in UTC where they never set one. SQL that is printed for later cannot read, so it leaves that out.
The index of a plan's sessions by time leaves series out from now on, as a week's list does; older code finds them by
the plan alone.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
compatible = True

_BATCH = 1000
_ID = sa.Text().with_variant(sa.Uuid(), "postgresql")
_INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_USERS = sa.table("users", sa.column("id", _ID), sa.column("timezone", sa.Text()))
_GENERATED = (
    sa.table(
        "study_plans",
        *(sa.column("id", _ID), sa.column("user_id", _ID), sa.column("source", sa.Text())),
        *(sa.column("week_start", sa.Date()), sa.column("asked_for", sa.Date()), sa.column("created_at", _INSTANT)),
    ),
    sa.table(
        "ai_jobs",
        *(sa.column("id", _ID), sa.column("user_id", _ID), sa.column("status", sa.Text())),
        *(sa.column("week_start", sa.Date()), sa.column("asked_for", sa.Date()), sa.column("created_at", _INSTANT)),
    ),
)


def upgrade() -> None:
    _alter_tables()
    if not context.is_offline_mode():
        for table in _GENERATED:
            _say_what_was_asked_for(op.get_bind(), table)


def _alter_tables() -> None:
    with op.batch_alter_table("ai_jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_for", sa.Date(), nullable=True))

    with op.batch_alter_table("onboarding_preferences", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rest_days", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "days_off", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True
            )
        )

    with op.batch_alter_table("study_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_for", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("pace_of_work", sa.Double(), nullable=True))

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("series_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=True))
        batch_op.add_column(
            sa.Column(
                "started_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=True
            )
        )
        batch_op.drop_index("ix_study_sessions_plan_id_scheduled_at_id")
        batch_op.create_index(
            "ix_study_sessions_of_plan",
            ["plan_id", "scheduled_at", "id"],
            unique=False,
            sqlite_where=sa.text("series_id IS NULL"),
            postgresql_where=sa.text("series_id IS NULL"),
        )
        batch_op.create_index(
            "ix_study_sessions_series",
            ["series_id", "scheduled_at"],
            unique=False,
            sqlite_where=sa.text("series_id IS NOT NULL"),
            postgresql_where=sa.text("series_id IS NOT NULL"),
        )

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day_starts_at", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("room_for_sessions", sa.Integer(), nullable=True))


def _say_what_was_asked_for(connection: sa.Connection, table: sa.TableClause) -> None:
    made = table.c.source == "ai" if "source" in table.c else table.c.status == "completed"
    rows = connection.execute(
        sa.select(table.c.id, table.c.week_start, table.c.created_at, _USERS.c.timezone)
        .join(_USERS, _USERS.c.id == table.c.user_id)
        .where(made)
    ).fetchall()
    moved = [
        {"key": row.id, "monday": monday}
        for row in rows
        for monday in [_monday(row.created_at, row.timezone)]
        if monday + timedelta(days=7) == row.week_start
    ]
    said = table.update().where(table.c.id == sa.bindparam("key")).values(asked_for=sa.bindparam("monday"))
    for start in range(0, len(moved), _BATCH):
        connection.execute(said, moved[start : start + _BATCH])


def _monday(instant: Any, zone: str | None) -> date:
    aware = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    day = aware.astimezone(ZoneInfo(zone) if zone else UTC).date()
    return day - timedelta(days=day.weekday())


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("room_for_sessions")
        batch_op.drop_column("day_starts_at")

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_study_sessions_series",
            sqlite_where=sa.text("series_id IS NOT NULL"),
            postgresql_where=sa.text("series_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_study_sessions_of_plan",
            sqlite_where=sa.text("series_id IS NULL"),
            postgresql_where=sa.text("series_id IS NULL"),
        )
        batch_op.create_index(
            "ix_study_sessions_plan_id_scheduled_at_id", ["plan_id", "scheduled_at", "id"], unique=False
        )
        batch_op.drop_column("started_at")
        batch_op.drop_column("series_id")
        batch_op.drop_column("due_on")

    with op.batch_alter_table("study_plans", schema=None) as batch_op:
        batch_op.drop_column("pace_of_work")
        batch_op.drop_column("asked_for")

    with op.batch_alter_table("onboarding_preferences", schema=None) as batch_op:
        batch_op.drop_column("days_off")
        batch_op.drop_column("rest_days")

    with op.batch_alter_table("ai_jobs", schema=None) as batch_op:
        batch_op.drop_column("asked_for")
