"""What has changed of a student's sessions: each carries the change that it was last part of, and deleted ones leave a
tombstone.

Code from before goes on without: it counts its changes in `planner_revision` alone, by which it is seen that what it
changed is not on record. Sessions that are there already carry no change.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_revision", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unrecorded_revision", sa.Integer(), nullable=True))

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.create_index("ix_study_sessions_user_id_revision_id", ["user_id", "revision", "id"], unique=False)

    op.create_table(
        "deleted_sessions",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "deleted_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_deleted_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "revision", "session_id", name=op.f("pk_deleted_sessions")),
    )
    with op.batch_alter_table("deleted_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_deleted_sessions_deleted_at", ["deleted_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("deleted_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_deleted_sessions_deleted_at")

    op.drop_table("deleted_sessions")
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_study_sessions_user_id_revision_id")
        batch_op.drop_column("revision")

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("unrecorded_revision")
        batch_op.drop_column("recorded_revision")
