"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("planner_revision", sa.Integer(), nullable=False),
        sa.Column(
            "last_replan", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True
        ),
        sa.Column(
            "created_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("ix_users_email", ["email"], unique=True)

    op.create_table(
        "dashboard_daily_metrics",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("completed_sessions", sa.Integer(), nullable=False),
        sa.Column("focus_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_dashboard_daily_metrics_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_dashboard_daily_metrics")),
    )
    op.create_table(
        "onboarding_preferences",
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("daily_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "focus_topics", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "availability", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True
        ),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("exams", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("daily_minutes BETWEEN 30 AND 960", name=op.f("ck_onboarding_preferences_daily_minutes")),
        sa.CheckConstraint(
            "session_minutes IS NULL OR session_minutes BETWEEN 15 AND 180",
            name=op.f("ck_onboarding_preferences_session_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_onboarding_preferences_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_onboarding_preferences")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("used_generation", sa.Integer(), nullable=False),
        sa.Column("replaced_generation", sa.Integer(), nullable=False),
        sa.Column(
            "skipped", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "rotated_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("ends_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False),
        sa.Column(
            "revoked_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "created_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "used_generation <= generation AND replaced_generation < generation",
            name=op.f("ck_refresh_tokens_generations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_refresh_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
    )
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.create_index("ix_refresh_tokens_user_id", ["user_id"], unique=False)

    op.create_table(
        "study_plans",
        sa.Column("id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column(
            "created_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("source IN ('manual', 'ai')", name=op.f("ck_study_plans_source")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_study_plans_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_plans")),
    )
    with op.batch_alter_table("study_plans", schema=None) as batch_op:
        batch_op.create_index("ix_study_plans_user_id_created_at_id", ["user_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_study_plans_user_id_week_start", ["user_id", "week_start"], unique=False)

    op.create_table(
        "ai_jobs",
        sa.Column("id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("degraded_reason", sa.Text(), nullable=True),
        sa.Column("result", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
        sa.Column(
            "feasibility", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True
        ),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rules_attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column(
            "lease_until", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "hinted_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "created_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("(status = 'failed') = (error_code IS NOT NULL)", name=op.f("ck_ai_jobs_error")),
        sa.CheckConstraint("(status = 'running') = (lease_token IS NOT NULL)", name=op.f("ck_ai_jobs_lease")),
        sa.CheckConstraint("status IN ('queued', 'running', 'completed', 'failed')", name=op.f("ck_ai_jobs_status")),
        sa.ForeignKeyConstraint(["plan_id"], ["study_plans.id"], name=op.f("fk_ai_jobs_plan_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ai_jobs_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_jobs")),
    )
    with op.batch_alter_table("ai_jobs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ai_jobs_active",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )
        batch_op.create_index("ix_ai_jobs_plan_id", ["plan_id"], unique=False)
        batch_op.create_index("ix_ai_jobs_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_ai_jobs_user_active",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )
        batch_op.create_index(
            "uq_ai_jobs_user_week",
            ["user_id", "week_start"],
            unique=True,
            sqlite_where=sa.text("status IN ('queued', 'running', 'completed')"),
            postgresql_where=sa.text("status IN ('queued', 'running', 'completed')"),
        )

    op.create_table(
        "study_sessions",
        sa.Column("id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("plan_id", sa.Text().with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("actual_minutes", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
        sa.Column(
            "scheduled_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        sa.Column(
            "completed_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column(
            "created_at", sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "(status = 'done') = (completed_at IS NOT NULL) AND (status = 'done') = (completed_on IS NOT NULL)",
            name=op.f("ck_study_sessions_completed"),
        ),
        sa.CheckConstraint(
            "kind IN ('learn', 'practice', 'recall', 'review', 'mock')", name=op.f("ck_study_sessions_kind")
        ),
        sa.CheckConstraint("status IN ('pending', 'in_progress', 'done')", name=op.f("ck_study_sessions_status")),
        sa.CheckConstraint(
            "actual_minutes IS NULL OR actual_minutes BETWEEN 1 AND 1440", name=op.f("ck_study_sessions_actual_minutes")
        ),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 480", name=op.f("ck_study_sessions_duration_minutes")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["study_plans.id"], name=op.f("fk_study_sessions_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_study_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_sessions")),
    )
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_study_sessions_plan_id", ["plan_id"], unique=False)
        batch_op.create_index("ix_study_sessions_user_id_completed_on", ["user_id", "completed_on"], unique=False)
        batch_op.create_index(
            "ix_study_sessions_user_id_scheduled_at_id", ["user_id", "scheduled_at", "id"], unique=False
        )
        batch_op.create_index("ix_study_sessions_user_id_scheduled_on", ["user_id", "scheduled_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_study_sessions_user_id_scheduled_on")
        batch_op.drop_index("ix_study_sessions_user_id_scheduled_at_id")
        batch_op.drop_index("ix_study_sessions_user_id_completed_on")
        batch_op.drop_index("ix_study_sessions_plan_id")

    op.drop_table("study_sessions")
    with op.batch_alter_table("ai_jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ai_jobs_user_week",
            sqlite_where=sa.text("status IN ('queued', 'running', 'completed')"),
            postgresql_where=sa.text("status IN ('queued', 'running', 'completed')"),
        )
        batch_op.drop_index(
            "uq_ai_jobs_user_active",
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )
        batch_op.drop_index("ix_ai_jobs_user_id")
        batch_op.drop_index("ix_ai_jobs_plan_id")
        batch_op.drop_index(
            "ix_ai_jobs_active",
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )

    op.drop_table("ai_jobs")
    with op.batch_alter_table("study_plans", schema=None) as batch_op:
        batch_op.drop_index("ix_study_plans_user_id_week_start")
        batch_op.drop_index("ix_study_plans_user_id_created_at_id")

    op.drop_table("study_plans")
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_refresh_tokens_user_id")

    op.drop_table("refresh_tokens")
    op.drop_table("onboarding_preferences")
    op.drop_table("dashboard_daily_metrics")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index("ix_users_email")

    op.drop_table("users")
