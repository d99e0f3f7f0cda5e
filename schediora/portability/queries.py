"""Reading what is a student's a page at a time, so that no more than a page of it is in memory; and which ids are free.

These are for the rare calls of this domain: they are built for whichever table, where hot reads are `Statement`s.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

import peewee

from schediora.models.planner import Session, SessionChanges
from schediora.models.users import User

PAGE = 500
"""Rows; under half a megabyte of sessions."""

Row = dict[str, Any]


def user_of(user_id: UUID) -> User | None:
    """Return the student's row, None when the account is gone."""
    return User.get_or_none(User.id == user_id)


def only_row(model: type[peewee.Model], columns: Sequence[str], user_id: UUID) -> Row | None:
    """Return the columns of the one row that a student has in a table, None where they have none."""
    return next((row for page in pages(model, columns, "user_id", user_id) for row in page), None)


def pages(model: type[peewee.Model], columns: Sequence[str], key: str, user_id: UUID) -> Iterator[list[Row]]:
    """Yield the columns of a student's rows, page by page in the order of the column `key`, inside the caller's
    snapshot.

    The keys are read at once: sorting the rows anew for each page would cost the square of their number.
    """
    meta: Any = model._meta
    fields, by, mine = [meta.columns[name] for name in columns], meta.columns[key], _of(model, user_id)
    order = (by, *meta.get_primary_keys())
    keys = [found for (found,) in _rows(model.select(by).distinct().where(mine).order_by(by))]
    for first in range(0, len(keys), PAGE):
        rows = model.select(*fields).where(mine & by.in_(keys[first : first + PAGE])).order_by(*order)
        yield [dict(zip(columns, row, strict=True)) for row in _rows(rows)]


def taken(field: peewee.Field, ids: Collection[UUID]) -> set[UUID]:
    """Return those of `ids` that a row of anybody's has already."""
    asked = sorted(ids)
    pages_of_ids = (asked[first : first + PAGE] for first in range(0, len(asked), PAGE))
    return {found for page in pages_of_ids for (found,) in _rows(field.model.select(field).where(field.in_(page)))}


def _rows(query: Any) -> list[tuple[Any, ...]]:
    return list(query.tuples())


def _of(model: type[peewee.Model], user_id: UUID) -> Any:
    if model is SessionChanges:
        return SessionChanges.session.in_(Session.select(Session.id).where(Session.user == user_id))
    return model._meta.columns["user_id"] == user_id
