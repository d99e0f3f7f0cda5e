"""Alembic's entry: the schema to reach is the mirror of the models; the connection, if any, is handed in by the
caller.
"""

from typing import Any

from alembic import context

from schediora.db.mirror import metadata
from schediora.models.registry import MODELS


def _ours(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Leave out the queue's own tables."""
    return not (kind == "table" and name is not None and name.startswith("huey_"))


def _configure(**where: Any) -> None:
    context.configure(
        target_metadata=metadata(MODELS),
        render_as_batch=True,
        compare_server_default=True,
        transaction_per_migration=True,
        include_object=_ours,
        **where,
    )


if context.is_offline_mode():
    _configure(url=context.config.attributes["url"], literal_binds=True)
else:
    _configure(connection=context.config.attributes["connection"])

with context.begin_transaction():
    context.run_migrations()
