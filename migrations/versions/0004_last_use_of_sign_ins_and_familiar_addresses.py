"""When a sign-in was last used, and the addresses that students sign in from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    op.create_table(
        "familiar_addresses",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_familiar_addresses_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "address", name=op.f("pk_familiar_addresses")),
    )
    with op.batch_alter_table("familiar_addresses", schema=None) as batch_op:
        batch_op.create_index("ix_familiar_addresses_day", ["day"], unique=False)

    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "last_used_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=True
            )
        )
        batch_op.create_index("ix_refresh_tokens_expires_at", ["expires_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_refresh_tokens_expires_at")
        batch_op.drop_column("last_used_at")

    with op.batch_alter_table("familiar_addresses", schema=None) as batch_op:
        batch_op.drop_index("ix_familiar_addresses_day")

    op.drop_table("familiar_addresses")
