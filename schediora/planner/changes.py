"""What every change to a student's planner does, under their lock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from schediora.db.statement import Statement
from schediora.models.planner import Session
from schediora.models.users import User
from schediora.planner.errors import SessionNotFound
from schediora.users.locking import COUNTED

_COUNT = Statement(f"UPDATE users SET {COUNTED}, room_for_sessions = ? WHERE id = ?")
_BURY = """
    INSERT INTO deleted_sessions (user_id, revision, session_id, deleted_at)
    SELECT s.user_id, ?, s.id, ? FROM study_sessions s WHERE s.user_id = ? AND """
_BURY_SOME = Statement(f"{_BURY} s.id IN ?")
_BURY_OF_PLAN = Statement(f"{_BURY} s.plan_id = ?")


def session_of(user: User, session_id: UUID) -> Session:
    """Return the student's session; raise SessionNotFound when it is not theirs."""
    session: Session | None = Session.get_or_none((Session.id == session_id) & (Session.user == user))
    if session is None:
        raise SessionNotFound()
    return session


def changed(user: User) -> None:
    """Count a change to the planner, as `count_change` does, so that whoever read it before knows that it is another
    one now; save with it how many sessions the student can still add.
    """
    _COUNT.run(user.room_for_sessions, user.id)
    user.planner_revision += 1


def bury(user: User, sessions: Sequence[UUID], *, now: datetime) -> None:
    """Leave tombstones of sessions that are about to be deleted."""
    _BURY_SOME.run(user.next_revision, now, user.id, list(sessions))


def bury_plan(user: User, plan_id: UUID, *, now: datetime) -> None:
    """Leave tombstones of the sessions of a plan that is about to be deleted."""
    _BURY_OF_PLAN.run(user.next_revision, now, user.id, plan_id)
