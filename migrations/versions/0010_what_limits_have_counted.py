"""What limits by rate have counted for all processes together."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("moments", sa.Text().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "spent_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counts")),
    )
    with op.batch_alter_table("rate_counts", schema=None) as batch_op:
        batch_op.create_index("ix_rate_counts_spent_at", ["spent_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rate_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_rate_counts_spent_at")

    op.drop_table("rate_counts")
