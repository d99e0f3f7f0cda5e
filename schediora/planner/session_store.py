"""A session taken for a change, and the change stored: two round trips to Postgres between the transaction's ends."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from schediora.db.statement import Statement, Writes
from schediora.models.planner import SHOWN_IN_CALENDARS
from schediora.planner.errors import SessionNotFound
from schediora.planner.session_rows import COLUMNS, SessionRow
from schediora.users.locking import COUNTED, lock_student

_SHAPES = 256
"""Of so many sets of columns that calls name the statements are kept; there are three of which one is each app's."""

# The student's row first, as everybody takes it; the session's own is locked so that it is read as it is once the
# student's is ours, and not as it was when this began to wait.
_TAKEN = Statement(
    f"SELECT {COLUMNS} FROM study_sessions s WHERE s.user_id = ? AND s.id = ?",
    postgres=f"""
    SELECT {COLUMNS} FROM users u JOIN study_sessions s ON s.user_id = u.id WHERE u.id = ? AND s.id = ?
    FOR NO KEY UPDATE OF u, s""",
)
_COUNT_FOR_CALENDARS = """
    INSERT INTO session_changes (session_id, changes) VALUES (?, 1)
    ON CONFLICT (session_id) DO UPDATE SET changes = session_changes.changes + 1"""
_COUNT = f"UPDATE users SET {COUNTED} WHERE id = ?"
_CARRIES_THE_NEXT = "revision = (SELECT planner_revision + 1 FROM users WHERE id = ?)"


def taken_session(user_id: UUID, session_id: UUID) -> SessionRow:
    """Take the student's row until this transaction ends, as `lock_student` does, and return their session.

    Call it first inside a transaction. Raises Unauthenticated when the account is gone, SessionNotFound for a session
    that is not theirs.
    """
    for row in _TAKEN.rows(user_id, session_id):
        return SessionRow.read(row)
    lock_student(user_id)
    raise SessionNotFound()


def store_session(user_id: UUID, session_id: UUID, columns: Mapping[str, Any]) -> None:
    """Store new values of some columns of a taken session, and count the change to the planner and, where they show it,
    for calendars.
    """
    shown = not SHOWN_IN_CALENDARS.isdisjoint(columns)
    counted = (session_id, user_id) if shown else (user_id,)
    _storing(tuple(columns), shown=shown).run(*columns.values(), user_id, session_id, user_id, *counted)


@lru_cache(maxsize=_SHAPES)
def _storing(names: tuple[str, ...], *, shown: bool) -> Writes:
    columns = ", ".join(f"{name} = ?" for name in names)
    store = f"UPDATE study_sessions SET {columns}, {_CARRIES_THE_NEXT} WHERE id = ? AND user_id = ?"
    # Counted last: SQLite does one after the other, and the session carries the revision that this makes it.
    return Writes(store, *((_COUNT_FOR_CALENDARS,) if shown else ()), _COUNT)
