"""The lock under which everything of one student's planner is written."""

from collections.abc import Collection
from uuid import UUID

from schediora.errors import Unauthenticated
from schediora.models.users import User


def lock_student(user_id: UUID) -> User:
    """Take the student's row, so that nobody else writes their planner until this transaction ends, and return it.

    Call it first inside a transaction: on SQLite the IMMEDIATE transaction itself is the lock. Raises Unauthenticated
    when the account is gone.
    """
    query = User.select().where(User.id == user_id)
    if User._meta.database.for_update:
        query = query.for_update()
    user: User | None = query.first()
    if user is None:
        raise Unauthenticated("This account no longer exists.")
    return user


def count_up(user_ids: Collection[UUID]) -> None:
    """Raise the revision of several students inside the caller's transaction; none that are gone."""
    rows = User.select(User.id).where(User.id.in_(user_ids))
    if User._meta.database.for_update:
        # In one order, so that no two who do this wait for each other.
        list(rows.order_by(User.id).for_update())
    User.update(planner_revision=User.planner_revision + 1).where(User.id.in_(user_ids)).execute()
