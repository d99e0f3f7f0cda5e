"""Alembic's entry: the schema to reach is the mirror of the models; the connection, if any, is handed in by the
caller.
"""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo

from schediora.db.mirror import metadata
from schediora.models.registry import MODELS
from schediora.models.schema import SchemaRevision

_TARGET = metadata(MODELS)
_SAID = _TARGET.tables[SchemaRevision._meta.table_name]


def _ours(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Leave out the queue's own tables."""
    return not (kind == "table" and name is not None and name.startswith("huey_"))


def _say(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    """Write into the database whether the code before a revision can work with it, as its file says.

    The first revision says nothing: no code is older, and the table is not there yet.
    """
    script = context.script.get_revision(step.up_revision_id) if step.up_revision_id and step.is_upgrade else None
    compatible = getattr(script.module, "compatible", None) if script else None
    if script is None or compatible is None:
        return
    ctx.execute(_SAID.delete().where(_SAID.c.revision == script.revision))  # it may have been here before
    ctx.execute(_SAID.insert().values(revision=script.revision, follows=script.down_revision, compatible=compatible))


def _configure(**where: Any) -> None:
    context.configure(
        target_metadata=_TARGET,
        render_as_batch=True,
        compare_server_default=True,
        include_object=_ours,
        on_version_apply=_say,
        **where,
    )


if context.is_offline_mode():
    _configure(url=context.config.attributes["url"], literal_binds=True)
else:
    _configure(connection=context.config.attributes["connection"])

with context.begin_transaction():
    context.run_migrations()
