"""Writing plans and sessions. Every verb is one transaction under the student's lock, so none sees another's half."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from schediora.db.base import new_id
from schediora.http.caller import Caller
from schediora.http.wire import Shown
from schediora.localtime import week_start
from schediora.models.planner import Plan, PlanSource, Session, SessionStatus
from schediora.models.users import User
from schediora.planner.adding import UnitTitle, add_sessions, addition_of
from schediora.planner.changes import bury, bury_plan, changed, session_of
from schediora.planner.errors import NoCurrentPlan, PlanNotFound
from schediora.planner.quotas import check_room_for_plan, check_room_in_week, take_room_for_sessions
from schediora.planner.scheduler.problem import Kind
from schediora.planner.schemas import PlanCreate, PlanCreated, SessionCreate, SessionUpdate
from schediora.planner.series import following as following_in_series
from schediora.planner.session_change import wanted_columns
from schediora.planner.session_lists import plan_to_append_to
from schediora.planner.session_rows import shown
from schediora.planner.session_store import store_session, taken_session
from schediora.planner.session_view import SessionAdded
from schediora.planner.unit_memory import keep_units, keys_of, keys_of_plan, remember
from schediora.users.locking import lock_student

_REVIEW = frozenset({"status", "completed_on", "rating"})
"""The columns of a done session on which it depends what is remembered of its units, of those that can be changed."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session of a plan that is being added.

    `units` are the keys and titles of what it is about, `builds_on` the ids of sessions that it follows from, of the
    same plan or of earlier ones; `role` is the curriculum's.
    """

    title: str
    topic: str
    detail: str
    kind: Kind | None
    duration_minutes: int
    scheduled_at: datetime
    scheduled_on: date
    reason: dict[str, Any] | None
    units: tuple[tuple[str, str], ...] = ()
    builds_on: tuple[UUID, ...] = ()
    role: str | None = None
    id: UUID = field(default_factory=new_id)


def create_plan(caller: Caller, body: PlanCreate, unit_title: UnitTitle, *, now: datetime) -> PlanCreated:
    """Store a plan and its first session, with those that repeat it.

    The plan is for the week of that session, and for this week when the session lies in an earlier one: what was made
    without a time is always one of this week's plans, so that the student sees it and can add to it, on the last
    minutes of a Sunday, too. Raises QuotaExceeded, and Invalid as `addition_of` and `add_sessions` do.
    """
    with User.transaction():
        user = lock_student(caller.user_id)
        check_room_for_plan(caller.user_id)
        addition = addition_of(caller, body, now=now)
        take_room_for_sessions(user, map(caller.day_of, addition.starts))
        week = max(week_start(caller.day_of(addition.starts[0])), caller.monday(now))
        plan = Plan.create(
            user=user, title=body.title, topic=body.topic, source=PlanSource.MANUAL, week_start=week, created_at=now
        )
        session = add_sessions(caller, plan.id, body, addition, unit_title, revision=user.next_revision, now=now)
        changed(user)
    return PlanCreated(
        id=plan.id,
        title=plan.title,
        topic=plan.topic,
        duration_minutes=session.duration_minutes * len(addition.starts),
        status=SessionStatus.PENDING,
        source=PlanSource.MANUAL,
        week_start=week,
        created_at=now,
        overlaps=addition.overlaps,
    )


def append_session(caller: Caller, body: SessionCreate, unit_title: UnitTitle, *, now: datetime) -> SessionAdded:
    """Add a session to the oldest of this week's plans, failing that to the plan of this week's first session, and to
    the same plan those that repeat it.

    Raises NoCurrentPlan when there is neither, QuotaExceeded when there is no room for all of them, Invalid as
    `addition_of` and `add_sessions` do.
    """
    with User.transaction():
        user = lock_student(caller.user_id)
        plan_id = plan_to_append_to(caller.user_id, caller.today(now))
        if plan_id is None:
            raise NoCurrentPlan()
        addition = addition_of(caller, body, now=now)
        take_room_for_sessions(user, map(caller.day_of, addition.starts))
        session = add_sessions(caller, plan_id, body, addition, unit_title, revision=user.next_revision, now=now)
        changed(user)
    return SessionAdded.of(session, caller.today(now), overlaps=addition.overlaps)


def update_session(caller: Caller, session_id: UUID, body: SessionUpdate, *, now: datetime) -> Shown:
    """Change what `body` names of a session, and nothing when all of it is so already; return what answers show of it.

    Done is done once: saying it again does not move when that was, and leaving it forgets it and how well it went. A
    session that is moved is pinned from then on. Raises SessionNotFound for one that is not the caller's, Invalid as
    `wanted_columns` does, QuotaExceeded when it would move into a full week.
    """
    with User.transaction():
        session = taken_session(caller.user_id, session_id)
        wanted = wanted_columns(caller, session, body, now=now)
        if week_start(wanted.get("scheduled_on", session.scheduled_on)) != week_start(session.scheduled_on):
            check_room_in_week(caller.user_id, wanted["scheduled_on"])
        columns = {name: value for name, value in wanted.items() if getattr(session, name) != value}
        updated = session._replace(**columns)
        if columns:
            store_session(caller.user_id, session_id, columns)
            if not _REVIEW.isdisjoint(columns) and SessionStatus.DONE in (session.status, updated.status):
                remember(caller.user_id, keys_of(updated))
    return shown(updated, caller.today(now))


def delete_session(caller: Caller, session_id: UUID, *, following: bool = False, now: datetime) -> None:
    """Delete a session, its completion with it; raise SessionNotFound when it is not the caller's.

    With `following` also the later ones of its series, except those that are done.
    """
    with User.transaction():
        user = lock_student(caller.user_id)
        session = session_of(user, session_id)
        gone = [session.id, *(following_in_series(caller.user_id, session) if following else ())]
        bury(user, gone, now=now)
        Session.delete().where((Session.user == user) & Session.id.in_(gone)).execute()
        remember(caller.user_id, keys_of(session))
        changed(user)


def delete_plan(caller: Caller, plan_id: UUID, *, now: datetime) -> None:
    """Delete a plan and its sessions, their completions with them; raise PlanNotFound when it is not the caller's."""
    with User.transaction():
        user = lock_student(caller.user_id)
        plan = Plan.get_or_none((Plan.id == plan_id) & (Plan.user == user))
        if plan is None:
            raise PlanNotFound()
        units = keys_of_plan(plan)
        bury_plan(user, plan_id, now=now)
        plan.delete_instance()
        remember(caller.user_id, units)
        changed(user)


def add_plan(
    user: User,
    *,
    title: str,
    topic: str,
    week_start: date,
    sessions: Sequence[NewSession],
    now: datetime,
    asked_for: date | None = None,
    language: str | None = None,
    pace_of_work: float | None = None,
) -> Plan:
    """Store a generated plan inside the caller's transaction; `user` is the student's locked row.

    `asked_for` is the Monday of the week that it was asked for, where that is an earlier one, `language` (BCP 47) the
    one that its words are in, `pace_of_work` how many minutes its steps have for each that they usually take.
    Raises QuotaExceeded when there is no room for it.
    """
    check_room_for_plan(user.id)
    take_room_for_sessions(user, [session.scheduled_on for session in sessions])
    plan = Plan.create(
        user=user,
        title=title,
        topic=topic,
        source=PlanSource.AI,
        week_start=week_start,
        asked_for=asked_for,
        language=language,
        pace_of_work=pace_of_work,
        created_at=now,
    )
    rows = [
        {
            "id": session.id,
            "user": user,
            "plan": plan,
            "title": session.title,
            "topic": session.topic,
            "detail": session.detail,
            "kind": session.kind,
            "role": session.role,
            "units": [{"key": key, "title": title} for key, title in session.units] or None,
            "builds_on": [str(earlier) for earlier in session.builds_on] or None,
            "duration_minutes": session.duration_minutes,
            "reason": session.reason,
            "scheduled_at": session.scheduled_at,
            "scheduled_on": session.scheduled_on,
            "created_at": now,
            "revision": user.next_revision,
        }
        for session in sessions
    ]
    if rows:
        Session.insert_many(rows).execute()
        keep_units(user.id, {session.id: [key for key, _ in session.units] for session in sessions})
    changed(user)
    return plan
