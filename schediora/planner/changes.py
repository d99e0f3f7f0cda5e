"""What every change to a student's planner does, under their lock."""

from uuid import UUID

from schediora.db.statement import Statement
from schediora.models.planner import Session
from schediora.models.users import User
from schediora.planner.errors import SessionNotFound

_COUNT = Statement("UPDATE users SET planner_revision = ?, room_for_sessions = ? WHERE id = ?")


def session_of(user: User, session_id: UUID) -> Session:
    """Return the student's session; raise SessionNotFound when it is not theirs."""
    session: Session | None = Session.get_or_none((Session.id == session_id) & (Session.user == user))
    if session is None:
        raise SessionNotFound()
    return session


def changed(user: User) -> None:
    """Count a change to the planner, so that whoever read it before knows that it is another one now; save with it how
    many sessions the student can still add.
    """
    user.planner_revision += 1
    _COUNT.run(user.planner_revision, user.room_for_sessions, user.id)
