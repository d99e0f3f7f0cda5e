"""Replanning: the preview, doing just what it showed, and the way back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import MISSING

from schediora.http.caller import Caller
from schediora.http.validation import invalid
from schediora.models.planner import Session
from schediora.models.users import User
from schediora.planner.changes import changed, session_of
from schediora.planner.errors import NoCurrentPlan, NothingToUndo, PlanChanged
from schediora.planner.proposal import Origin, Outcome, origin_of, propose
from schediora.planner.replanning_schemas import ReplanRequest, ReplanUndone, ReplanView
from schediora.planner.session_lists import plan_to_append_to
from schediora.planner.session_view import SessionView
from schediora.users.locking import lock_student

PREVIEW_HOLDS = timedelta(days=1)
"""How long a preview can be applied, if nothing else changes."""

_MOVED = ("scheduled_at", "scheduled_on", "reason")
_WATCHED = (*_MOVED, "status", "pinned", "duration_minutes", "actual_minutes", "title", "topic", "detail")
"""The columns that a move changes, and those in which a change by the student stands in the way of moving back."""
_BEFORE_AN_UPDATE = "Your sessions were arranged before Schediora was updated. That can no longer be undone."


def replan(caller: Caller, wish: ReplanRequest, *, now: datetime) -> ReplanView:
    """Preview, or apply the preview whose revision is given, as `preview_replan` and `apply_replan` do."""
    if wish.apply is not True:
        return preview_replan(caller, include_overdue=wish.include_overdue is True, now=now)
    if wish.revision is MISSING:
        raise invalid("revision", "Revision is missing: name the preview to apply.")
    return apply_replan(caller, wish.revision, now=now)


def preview_replan(caller: Caller, *, include_overdue: bool = False, now: datetime) -> ReplanView:
    """Return what placing the missed and pending sessions anew would do; change nothing.

    Raises NoCurrentPlan when this week has neither a plan nor a session, and nothing overdue is asked for.
    """
    if not include_overdue and plan_to_append_to(caller.user_id, caller.today(now)) is None:
        raise NoCurrentPlan()
    return propose(caller, Origin(now, include_overdue)).view(applied=False)


def apply_replan(caller: Caller, revision: str, *, now: datetime) -> ReplanView:
    """Do just what the preview of `revision` said, or nothing.

    Raises PlanChanged when the planner has changed since, or when one of the new times is past; Invalid for a revision
    that no preview gave.
    """
    try:
        origin = origin_of(revision)
    except ValueError:
        raise invalid("revision", "Revision is not one that a preview gave.") from None
    if not timedelta(0) <= now - origin.made_at <= PREVIEW_HOLDS:
        raise PlanChanged()
    # Made again outside the lock, as it takes a while; the revision of the planner tells whether it holds inside.
    proposal = propose(caller, origin)
    if proposal.revision != revision or not proposal.is_ahead_of(now):
        raise PlanChanged()
    with User.transaction():
        user = lock_student(caller.user_id)
        if user.planner_revision != proposal.planner_revision:
            raise PlanChanged()
        if proposal.moved:
            user.last_replan = [_move(user, outcome) for outcome in proposal.moved]
            user.save(only=[User.last_replan])
            changed(user)
    return proposal.view(applied=True)


def undo_replan(caller: Caller, *, now: datetime) -> ReplanUndone:
    """Put the sessions that the last replanning moved back where they were.

    Each goes back to its own week, full or not: it came from there. One that was deleted from its series does not keep
    the others. Raises PlanChanged when one of them has changed since, or is gone and was no part of a series;
    NothingToUndo when there is no such replanning, or nothing left of it.
    """
    with User.transaction():
        user = lock_student(caller.user_id)
        if not user.last_replan:
            raise NothingToUndo()
        if not all(_can_be_undone(record) for record in user.last_replan):
            raise NothingToUndo(_BEFORE_AN_UPDATE)
        sessions = [session for record in user.last_replan if (session := _moved_back(user, record))]
        if not sessions:
            raise NothingToUndo()
        user.last_replan = None
        user.save(only=[User.last_replan])
        changed(user)
    today = caller.today(now)
    return ReplanUndone(message="replan undone", sessions=[SessionView.of(session, today) for session in sessions])


def _move(user: User, outcome: Outcome) -> dict[str, Any]:
    """Move a session as proposed, inside the caller's transaction, and return the record that moves it back."""
    session = session_of(user, outcome.session.id)
    before = {name: _stored(session, name) for name in _MOVED}
    session.scheduled_at, session.scheduled_on = outcome.scheduled_at, outcome.scheduled_on
    session.reason = asdict(outcome.reason)
    session.revision = user.next_revision
    session.save(only=session.dirty_fields)
    after = {name: _stored(session, name) for name in _WATCHED}
    return {"id": str(session.id), "of_series": session.series_id is not None, "before": before, "after": after}


def _can_be_undone(record: Mapping[str, Any]) -> bool:
    """Tell whether the record is one that can be held against its session; a digest, as once was kept, cannot."""
    return isinstance(record["after"], dict)


def _is_as_left(session: Session, record: Mapping[str, Any]) -> bool:
    """Tell whether a session is still as the move of `record` left it, in the columns that were kept of it."""
    return all(_stored(session, name) == value for name, value in record["after"].items())


def _moved_back(user: User, record: Mapping[str, Any]) -> Session | None:
    """Move a session back, or return None for one that was deleted from its series; raise PlanChanged otherwise."""
    session: Session | None = Session.get_or_none((Session.id == UUID(record["id"])) & (Session.user == user))
    if session is None and record.get("of_series"):
        return None
    if session is None or not _is_as_left(session, record):
        raise PlanChanged()
    _move_back(user, session, record)
    return session


def _move_back(user: User, session: Session, record: Mapping[str, Any]) -> None:
    """Put a session back where it was before the move of `record`, inside the caller's transaction."""
    before = record["before"]
    session.scheduled_at = datetime.fromisoformat(before["scheduled_at"])
    session.scheduled_on = date.fromisoformat(before["scheduled_on"])
    session.reason = before["reason"]
    session.revision = user.next_revision
    session.save(only=session.dirty_fields)


def _stored(session: Session, name: str) -> Any:
    """Return a column's value as a record keeps it, in JSON."""
    value = getattr(session, name)
    return value.isoformat() if isinstance(value, date) else value
