"""${message}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}
compatible = None
"""Say True or False: whether the code of the revision before can work with this schema (docs/contributing.md)."""


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
