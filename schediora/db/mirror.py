"""The Peewee models as SQLAlchemy metadata, so that Alembic can compare them with a database.

Only what the models use is translated; anything else raises, so that nothing is dropped in silence.
"""

import re
from typing import Any, cast

import peewee
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from schediora.db.fields import EnumField, InstantField

_CHECK = re.compile(r"CHECK \((.*)\)", re.DOTALL)
_NAMES = {"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s", "ck": "%(constraint_name)s"}


def metadata(models: list[type[peewee.Model]]) -> sa.MetaData:
    """Return the tables, columns, named CHECKs, foreign keys and indexes of `models`."""
    target = sa.MetaData(naming_convention=_NAMES)
    for model in cast(Any, peewee).sort_models(models):
        meta: Any = model._meta
        keys = {field.name for field in meta.get_primary_keys()}
        columns = [_column(field, primary_key=field.name in keys) for field in meta.sorted_fields]
        checks = [_check(constraint) for constraint in meta.constraints or ()]
        words = [_choices(meta.table_name, field) for field in meta.sorted_fields if field.choices]
        table = sa.Table(meta.table_name, target, *columns, *checks, *words)
        for index in meta.fields_to_index():
            _index(table, index)
    return target


def _column(field: Any, *, primary_key: bool) -> "sa.Column[Any]":
    keys = []
    if isinstance(field, peewee.ForeignKeyField):
        remote = field.rel_field
        keys.append(sa.ForeignKey(f"{remote.model._meta.table_name}.{remote.column_name}", ondelete=field.on_delete))
        kind = _type(remote)
    else:
        kind = _type(field)
    return sa.Column(field.column_name, kind, *keys, primary_key=primary_key, nullable=field.null)


def _type(field: Any) -> sa.types.TypeEngine[Any]:
    match field:
        case InstantField():
            return sa.Text().with_variant(TIMESTAMP(timezone=True), "postgresql")
        case peewee.JSONField():
            return sa.Text().with_variant(JSONB(), "postgresql")
        case peewee.UUIDField():
            return sa.Text().with_variant(sa.Uuid(), "postgresql")
        case EnumField() | peewee.TextField():
            return sa.Text()
        case peewee.BlobField():
            return sa.LargeBinary()
        case peewee.BooleanField():
            return sa.Boolean()
        case peewee.DateField():
            return sa.Date()
        case peewee.IntegerField():
            return sa.Integer()
        case peewee.DoubleField():
            return sa.Double()
    raise TypeError(f"{field!r} has a type that the mirror does not know")


def _check(constraint: Any) -> sa.CheckConstraint:
    parts: tuple[Any, ...] = tuple(getattr(constraint, "nodes", ()))
    found = _CHECK.fullmatch(parts[-1].sql) if len(parts) == 3 else None
    if found is None:
        raise TypeError(f"{constraint!r} is not a named CHECK")
    return sa.CheckConstraint(found[1], name=parts[1]._path[0])


def _choices(table: str, field: Any) -> sa.CheckConstraint:
    words = ", ".join(f"'{word}'" for word, _ in field.choices)
    return sa.CheckConstraint(f"{field.column_name} IN ({words})", name=f"ck_{table}_{field.column_name}")


def _index(table: sa.Table, index: Any) -> None:
    columns = [table.c[column.column_name] for column in index._expressions]
    if index._where is None:
        sa.Index("_".join(["ix", table.name, *(column.name for column in columns)]), *columns, unique=index._unique)
    else:
        where = sa.text(_inline(index._where))
        sa.Index(index._name, *columns, unique=index._unique, sqlite_where=where, postgresql_where=where)


def _inline(condition: Any) -> str:
    """Return a partial index's condition; it must be SQL text without parameters."""
    if not isinstance(condition, peewee.SQL) or condition.params:
        raise TypeError(f"{condition!r} must be peewee.SQL without parameters")
    return str(condition.sql)
