"""Writing plans and sessions. Every verb is one transaction under the student's lock, so none sees another's half."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import MISSING

from schediora.db.base import new_id
from schediora.http.caller import Caller
from schediora.http.validation import invalid
from schediora.localtime import local_day, round_up, week_start
from schediora.models.planner import Plan, PlanSource, Session, SessionStatus
from schediora.models.users import User
from schediora.planner.errors import NoCurrentPlan, NothingToUndo, PlanChanged, PlanNotFound, SessionNotFound
from schediora.planner.queries import plan_to_append_to
from schediora.planner.quotas import check_room_for_plan, check_room_for_sessions, check_room_in_week
from schediora.planner.replanning import can_be_undone, is_as_left, made_at, move, move_back, propose
from schediora.planner.scheduler.problem import Kind
from schediora.planner.schemas import (
    PlanCreate,
    PlanView,
    ReplanRequest,
    ReplanUndone,
    ReplanView,
    SessionCreate,
    SessionUpdate,
    SessionView,
)
from schediora.users.locking import lock_student

PREVIEW_HOLDS = timedelta(days=1)
"""How long a preview can be applied, if nothing else changes."""

_BEFORE_AN_UPDATE = "Your sessions were arranged before Schediora was updated. That can no longer be undone."


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session of a plan that is being added."""

    title: str
    topic: str
    detail: str
    kind: Kind | None
    duration_minutes: int
    scheduled_at: datetime
    scheduled_on: date
    reason: dict[str, Any] | None


def create_plan(caller: Caller, body: PlanCreate, *, now: datetime) -> PlanView:
    """Store a plan and its first session.

    The plan is for the week of that session, and for this week when the session lies in an earlier one: what was just
    made is always one of this week's plans, so that the student sees it and can add to it. Raises QuotaExceeded.
    """
    scheduled_at = _start(body, now)
    week = max(week_start(local_day(scheduled_at, caller.zone)), caller.monday(now))
    with User.transaction():
        user = lock_student(caller.user_id)
        check_room_for_plan(caller.user_id)
        plan = Plan.create(
            user=user, title=body.title, topic=body.topic, source=PlanSource.MANUAL, week_start=week, created_at=now
        )
        session = _add_session(caller, plan.id, body, scheduled_at, now)
        _changed(user)
    return PlanView(
        id=plan.id,
        title=plan.title,
        topic=plan.topic,
        duration_minutes=session.duration_minutes,
        status=SessionStatus.PENDING,
        source=PlanSource.MANUAL,
        week_start=week,
        created_at=now,
    )


def append_session(caller: Caller, body: SessionCreate, *, now: datetime) -> SessionView:
    """Add a session to the oldest of this week's plans, failing that to the plan of this week's first session.

    Raises NoCurrentPlan when there is neither, QuotaExceeded when there is no room for it.
    """
    scheduled_at = _start(body, now)
    with User.transaction():
        user = lock_student(caller.user_id)
        plan_id = plan_to_append_to(caller.user_id, caller.monday(now))
        if plan_id is None:
            raise NoCurrentPlan()
        session = _add_session(caller, plan_id, body, scheduled_at, now)
        _changed(user)
    return SessionView.of(session)


def update_session(caller: Caller, session_id: UUID, body: SessionUpdate, *, now: datetime) -> SessionView:
    """Change what `body` names of a session, and nothing when all of it is so already.

    Done is done once: saying it again does not move when that was, and leaving it forgets it. A session whose start or
    length changes is pinned from then on. Raises SessionNotFound for one that is not the caller's, QuotaExceeded when
    it would move into a full week.
    """
    with User.transaction():
        user = lock_student(caller.user_id)
        session = _session_of(user, session_id)
        wanted = _wanted(caller, session, body, now)
        if week_start(wanted.get("scheduled_on", session.scheduled_on)) != week_start(session.scheduled_on):
            check_room_in_week(caller.user_id, wanted["scheduled_on"])
        for name, value in wanted.items():
            if getattr(session, name) != value:
                setattr(session, name, value)
        if session.dirty_fields:
            session.save(only=session.dirty_fields)
            _changed(user)
    return SessionView.of(session)


def delete_session(caller: Caller, session_id: UUID) -> None:
    """Delete a session, its completion with it; raise SessionNotFound when it is not the caller's."""
    with User.transaction():
        user = lock_student(caller.user_id)
        _session_of(user, session_id).delete_instance()
        _changed(user)


def delete_plan(caller: Caller, plan_id: UUID) -> None:
    """Delete a plan and its sessions, their completions with them; raise PlanNotFound when it is not the caller's."""
    with User.transaction():
        user = lock_student(caller.user_id)
        plan = Plan.get_or_none((Plan.id == plan_id) & (Plan.user == user))
        if plan is None:
            raise PlanNotFound()
        plan.delete_instance()
        _changed(user)


def replan(caller: Caller, wish: ReplanRequest, *, now: datetime) -> ReplanView:
    """Preview, or apply the preview whose revision is given, as `preview_replan` and `apply_replan` do."""
    if wish.apply is not True:
        return preview_replan(caller, now=now)
    if wish.revision is MISSING:
        raise invalid("revision", "Revision is missing: name the preview to apply.")
    return apply_replan(caller, wish.revision, now=now)


def preview_replan(caller: Caller, *, now: datetime) -> ReplanView:
    """Return what placing the missed and pending sessions anew would do; change nothing.

    Raises NoCurrentPlan when this week has neither a plan nor a session.
    """
    if plan_to_append_to(caller.user_id, caller.monday(now)) is None:
        raise NoCurrentPlan()
    return propose(caller, now=now).view(applied=False)


def apply_replan(caller: Caller, revision: str, *, now: datetime) -> ReplanView:
    """Do just what the preview of `revision` said, or nothing.

    Raises PlanChanged when the planner has changed since, or when one of the new times is past; Invalid for a revision
    that no preview gave.
    """
    try:
        then = made_at(revision)
    except ValueError:
        raise invalid("revision", "Revision is not one that a preview gave.") from None
    if not timedelta(0) <= now - then <= PREVIEW_HOLDS:
        raise PlanChanged()
    # Made again outside the lock, as it takes a while; the revision of the planner tells whether it holds inside.
    proposal = propose(caller, now=then)
    if proposal.revision != revision or not proposal.is_ahead_of(now):
        raise PlanChanged()
    with User.transaction():
        user = lock_student(caller.user_id)
        if user.planner_revision != proposal.planner_revision:
            raise PlanChanged()
        if proposal.moved:
            user.last_replan = [move(_session_of(user, outcome.session.id), outcome) for outcome in proposal.moved]
            user.save(only=[User.last_replan])
            _changed(user)
    return proposal.view(applied=True)


def undo_replan(caller: Caller) -> ReplanUndone:
    """Put the sessions that the last replanning moved back where they were.

    Each goes back to its own week, full or not: it came from there. Raises PlanChanged when one of them has changed
    since or is gone, NothingToUndo when there is no such replanning.
    """
    with User.transaction():
        user = lock_student(caller.user_id)
        if not user.last_replan:
            raise NothingToUndo()
        if not all(can_be_undone(record) for record in user.last_replan):
            raise NothingToUndo(_BEFORE_AN_UPDATE)
        sessions = [_moved_back(user, record) for record in user.last_replan]
        user.last_replan = None
        user.save(only=[User.last_replan])
        _changed(user)
    return ReplanUndone(message="replan undone", sessions=[SessionView.of(session) for session in sessions])


def add_plan(
    user_id: UUID, *, title: str, topic: str, week_start: date, sessions: Sequence[NewSession], now: datetime
) -> Plan:
    """Store a generated plan inside the caller's transaction, which already holds the student's lock.

    Raises QuotaExceeded when there is no room for it.
    """
    check_room_for_plan(user_id)
    check_room_for_sessions(user_id, [session.scheduled_on for session in sessions])
    plan = Plan.create(
        user=user_id, title=title, topic=topic, source=PlanSource.AI, week_start=week_start, created_at=now
    )
    rows = [
        {
            "id": new_id(),
            "user": user_id,
            "plan": plan,
            "title": session.title,
            "topic": session.topic,
            "detail": session.detail,
            "kind": session.kind,
            "duration_minutes": session.duration_minutes,
            "reason": session.reason,
            "scheduled_at": session.scheduled_at,
            "scheduled_on": session.scheduled_on,
            "created_at": now,
        }
        for session in sessions
    ]
    if rows:
        Session.insert_many(rows).execute()
    User.update(planner_revision=User.planner_revision + 1).where(User.id == user_id).execute()
    return plan


def _moved_back(user: User, record: dict[str, Any]) -> Session:
    session = Session.get_or_none((Session.id == UUID(record["id"])) & (Session.user == user))
    if session is None or not is_as_left(session, record):
        raise PlanChanged()
    move_back(session, record)
    return session


def _session_of(user: User, session_id: UUID) -> Session:
    session: Session | None = Session.get_or_none((Session.id == session_id) & (Session.user == user))
    if session is None:
        raise SessionNotFound()
    return session


def _wanted(caller: Caller, session: Session, body: SessionUpdate, now: datetime) -> dict[str, Any]:
    """Return the columns that `body` sets, with those that follow from them."""
    wanted = {name: getattr(body, name) for name in body.model_fields_set}
    done = body.status == "done"
    if body.status is not MISSING and done != (session.status == SessionStatus.DONE):
        wanted |= {"completed_at": now if done else None, "completed_on": caller.today(now) if done else None}
    if body.scheduled_at is not MISSING and body.scheduled_at != session.scheduled_at:
        wanted |= {"scheduled_on": local_day(body.scheduled_at, caller.zone), "pinned": True}
    if body.duration_minutes is not MISSING and body.duration_minutes != session.duration_minutes:
        wanted["pinned"] = True
    return wanted


def _start(body: SessionCreate, now: datetime) -> datetime:
    return round_up(now) if body.scheduled_at is MISSING else body.scheduled_at


def _add_session(caller: Caller, plan_id: UUID, body: SessionCreate, scheduled_at: datetime, now: datetime) -> Session:
    check_room_for_sessions(caller.user_id, [local_day(scheduled_at, caller.zone)])
    return Session.create(
        user=caller.user_id,
        plan=plan_id,
        title=body.title,
        topic=body.topic,
        duration_minutes=body.duration_minutes,
        scheduled_at=scheduled_at,
        scheduled_on=local_day(scheduled_at, caller.zone),
        created_at=now,
    )


def _changed(user: User) -> None:
    """Count a change to the planner, so that whoever read it before knows that it is another one now."""
    user.planner_revision += 1
    user.save(only=[User.planner_revision])
