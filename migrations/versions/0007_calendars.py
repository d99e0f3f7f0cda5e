"""Calendars: where a student's own calendar finds the sessions, how often each has changed, and what it takes up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    op.create_table(
        "busy_calendars",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("upload", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_busy_calendars_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_busy_calendars")),
    )
    with op.batch_alter_table("busy_calendars", schema=None) as batch_op:
        batch_op.create_index("ix_busy_calendars_due_at", ["due_at"], unique=False)

    op.create_table(
        "busy_times",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "starts_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("ends_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_busy_times_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "ends_at", name=op.f("pk_busy_times")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_feeds_token_hash", ["token_hash"], unique=True)

    op.create_table(
        "session_changes",
        sa.Column("session_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_sessions.id"], name=op.f("fk_session_changes_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_changes")),
    )


def downgrade() -> None:
    op.drop_table("session_changes")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_feeds_token_hash")

    op.drop_table("calendar_feeds")
    op.drop_table("busy_times")
    with op.batch_alter_table("busy_calendars", schema=None) as batch_op:
        batch_op.drop_index("ix_busy_calendars_due_at")

    op.drop_table("busy_calendars")
