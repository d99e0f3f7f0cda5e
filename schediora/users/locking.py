"""The lock under which everything of one student's planner is written."""

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
