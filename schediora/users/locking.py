"""The lock under which everything of one student's planner is written."""

from collections.abc import Collection
from uuid import UUID

from schediora.db.statement import Statement
from schediora.errors import Unauthenticated
from schediora.models.users import User

COUNTED = """
    planner_revision = planner_revision + 1,
    unrecorded_revision = CASE WHEN recorded_revision = planner_revision THEN unrecorded_revision
        ELSE planner_revision END,
    recorded_revision = planner_revision + 1"""
"""What a change sets in the row of its student, once its sessions carry the next revision: where older code changed
something in between, which counts but keeps no record, nothing up to there can be told any more.
"""

_COUNT = Statement(f"UPDATE users SET {COUNTED} WHERE id = ?")
_COUNT_ALL = Statement(f"UPDATE users SET {COUNTED} WHERE id IN ?")


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


def count_change(user: User) -> None:
    """Count a change of a locked student inside the caller's transaction, as the last thing in it: what it changed in
    sessions carries `user.next_revision`.
    """
    _COUNT.run(user.id)
    user.planner_revision += 1


def count_up(user_ids: Collection[UUID]) -> None:
    """Raise the revision of several students inside the caller's transaction; none that are gone."""
    rows = User.select(User.id).where(User.id.in_(user_ids))
    if User._meta.database.for_update:
        # In one order, so that no two who do this wait for each other.
        list(rows.order_by(User.id).for_update())
    _COUNT_ALL.run(list(user_ids))
