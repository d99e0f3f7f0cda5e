"""Reading sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schediora.auth.errors import SignedOut
from schediora.db.statement import Statement, as_instant, as_json
from schediora.models.auth import SignIn


@dataclass(frozen=True, slots=True)
class SignInState:
    """What an access token is checked against, read in one query."""

    generation: int
    used_generation: int
    replaced_generation: int
    skipped: list[list[int]]
    last_used_at: datetime | None
    expires_at: datetime
    revoked: bool
    timezone: str | None
    day_starts_at: int | None
    state: str


# A job's transitions are not counted in the revision, not by older versions that serve beside this one either: the
# weekly status depends on whether there is an active one, so that is read here. An index holds at most one a student.
_SIGN_IN = Statement("""
    SELECT t.generation, t.used_generation, t.replaced_generation, t.skipped, t.last_used_at, t.expires_at,
        t.revoked_at IS NOT NULL, u.timezone, u.day_starts_at, u.planner_revision,
        (SELECT j.id FROM ai_jobs j WHERE j.user_id = u.id AND j.status IN ('queued', 'running'))
    FROM refresh_tokens t JOIN users u ON u.id = t.user_id
    WHERE t.id = ? AND t.user_id = ?""")


SignInRow = tuple[Any, ...]
"""A sign-in as the engine gives it: the same row says the same."""
_JUDGED = 9
"""So many of its values say who is let in; those after them, what they have."""


def sign_in_row(session_id: UUID, user_id: UUID) -> SignInRow | None:
    """Return the user's sign-in with what their days are counted by, or None when either is gone."""
    return next(iter(_SIGN_IN.rows(session_id, user_id)), None)


def judged_part(row: SignInRow) -> SignInRow:
    """Return what of a row says who is let in."""
    return row[:_JUDGED]


def state_in(row: SignInRow) -> str:
    """Return the state of what they have."""
    revision, job = row[_JUDGED:]
    return f"{revision} {job}"


def sign_in_state(row: SignInRow) -> SignInState:
    """Return what a row says."""
    generation, used, replaced, skipped, last_used_at, expires_at, revoked, timezone, starts = judged_part(row)
    return SignInState(
        generation,
        used,
        replaced,
        as_json(skipped),
        last_used_at and as_instant(last_used_at),
        as_instant(expires_at),
        bool(revoked),
        timezone,
        starts,
        state_in(row),
    )


def sign_in_of(user_id: UUID, sign_in_id: UUID) -> SignIn:
    """Return one of the student's sign-ins; raise SignedOut when it is gone."""
    found: SignIn | None = SignIn.get_or_none((SignIn.id == sign_in_id) & (SignIn.user == user_id))
    if found is None:
        raise SignedOut()
    return found


def locked_session(session_id: UUID) -> SignIn | None:
    """Take the session's row until this transaction ends, and return it; None when it is gone.

    On SQLite the IMMEDIATE transaction itself is the lock.
    """
    query = SignIn.select().where(SignIn.id == session_id)
    if SignIn._meta.database.for_update:
        query = query.for_update()
    found: SignIn | None = query.first()
    return found
