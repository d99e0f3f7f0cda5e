"""Reads of plans and sessions. Every one is bounded by its page or its days, never by the student's history."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from schediora.db.statement import Statement, as_day, as_id, as_instant, as_json
from schediora.http.cursor import Position
from schediora.localtime import DAYS_A_WEEK
from schediora.models.planner import Plan, PlanSource, Session, SessionStatus
from schediora.planner.scheduler.problem import Kind
from schediora.planner.schemas import PlanView, SessionView

Row = TypeVar("Row")

_BEFORE_ALL = Position(datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
_AFTER_ALL = Position(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
_WEEK = timedelta(days=DAYS_A_WEEK - 1)
_ZONES_APART = timedelta(days=2)
"""Zones differ by up to 26 hours and a session lasts up to 8, so a session's stored day and the days that it takes up
time on, in whatever zone they are looked at, lie no further apart."""


_PLAN_SOURCES = Statement("SELECT DISTINCT source FROM study_plans WHERE user_id = ? AND week_start >= ?")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and where it goes on (None at its end)."""

    rows: list[Row]
    next: Position | None


_PLANS = Statement("""
    SELECT p.id, p.title, p.topic, p.source, p.week_start, p.created_at, COALESCE(SUM(s.duration_minutes), 0),
        COUNT(s.id), COUNT(s.id) FILTER (WHERE s.status = 'done'), COUNT(s.id) FILTER (WHERE s.status = 'in_progress')
    FROM (
        SELECT id, title, topic, source, week_start, created_at FROM study_plans
        WHERE user_id = ? AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?
    ) p LEFT JOIN study_sessions s ON s.plan_id = p.id
    GROUP BY p.id, p.title, p.topic, p.source, p.week_start, p.created_at
    ORDER BY p.created_at DESC, p.id DESC""")

_SESSION_COLUMNS = ", ".join(
    f"s.{name} AS {name}"
    for name in (
        "id",
        "plan_id",
        "title",
        "topic",
        "duration_minutes",
        "actual_minutes",
        "status",
        "scheduled_at",
        "scheduled_on",
        "detail",
        "kind",
        "reason",
        "pinned",
        "completed_at",
        "created_at",
    )
)

_ALL_SESSIONS = Statement(f"""
    SELECT {_SESSION_COLUMNS} FROM study_sessions s
    WHERE s.user_id = ? AND (s.scheduled_at, s.id) > (?, ?) ORDER BY s.scheduled_at, s.id LIMIT ?""")

# Two searches along an index that have no row in common: what this week's plans hold, and the rest of this week. They
# are put in order afterwards: asked for order, an engine without statistics walks the whole history in order instead.
_WEEKS_SESSIONS = Statement(f"""
    SELECT {_SESSION_COLUMNS} FROM study_plans p JOIN study_sessions s ON s.plan_id = p.id
    WHERE p.user_id = ? AND p.week_start >= ?
    UNION ALL
    SELECT {_SESSION_COLUMNS} FROM study_sessions s JOIN study_plans p ON p.id = s.plan_id
    WHERE s.user_id = ? AND s.scheduled_on BETWEEN ? AND ? AND p.week_start < ?""")


def plans_page(user_id: UUID, *, rows: int, after: Position | None) -> Page[PlanView]:
    """Return plans, newest first, with the minutes and the status that follow from their sessions."""
    start = after or _AFTER_ALL
    found = [_plan(row) for row in _PLANS.rows(user_id, start.at, start.id, rows + 1)]
    return _page(found, rows, lambda plan: Position(plan.created_at, plan.id))


def sessions_page(user_id: UUID, *, rows: int, after: Position | None) -> Page[SessionView]:
    """Return all sessions by time."""
    start = after or _BEFORE_ALL
    found = [_session(row) for row in _ALL_SESSIONS.rows(user_id, start.at, start.id, rows + 1)]
    return _page(found, rows, _place_of)


def week_sessions(user_id: UUID, monday: date) -> list[SessionView]:
    """Return, by time, the sessions of this week's plans and those on a day of the week that starts on `monday`."""
    found = _WEEKS_SESSIONS.rows(user_id, monday, user_id, monday, monday + _WEEK, monday)
    return sorted((_session(row) for row in found), key=lambda session: (session.scheduled_at, session.id))


def week_page(user_id: UUID, monday: date, *, rows: int, after: Position | None) -> Page[SessionView]:
    """Return a page of `week_sessions`."""
    start = after or _BEFORE_ALL
    sessions = week_sessions(user_id, monday)
    rest = [session for session in sessions if (session.scheduled_at, session.id) > (start.at, start.id)]
    return _page(rest, rows, _place_of)


def plan_to_append_to(user_id: UUID, monday: date) -> UUID | None:
    """Return the oldest of this week's plans, failing that the plan of this week's first session, or None."""
    of_this_week = (Plan.user == user_id) & (Plan.week_start >= monday)
    plan: Plan | None = Plan.select(Plan.id).where(of_this_week).order_by(Plan.created_at, Plan.id).first()
    if plan is not None:
        return UUID(str(plan.id))
    sessions = week_sessions(user_id, monday)
    return sessions[0].plan_id if sessions else None


def plan_status(*, sessions: int, done: int, begun: int) -> SessionStatus:
    """Return a plan's status from how many sessions it has, how many are done and how many are in progress."""
    if sessions and done == sessions:
        return SessionStatus.DONE
    return SessionStatus.IN_PROGRESS if done or begun else SessionStatus.PENDING


@dataclass(frozen=True, slots=True)
class WeekPlans:
    """Whether a week has plans, and a generated one among them."""

    any: bool
    generated: bool


def week_plans(user_id: UUID, monday: date) -> WeekPlans:
    """Tell which plans the student has for the week that starts on `monday` or a later one."""
    sources = {source for (source,) in _PLAN_SOURCES.rows(user_id, monday)}
    return WeekPlans(bool(sources), PlanSource.AI in sources)


def busy_sessions(user_id: UUID, first_day: date, last_day: date) -> list[Session]:
    """Return, by time, every session that is on or takes up time in those local days, in whatever zone they are meant.

    Sessions of the two days before and after are among them, so the reader compares days and instants itself.
    """
    days = Session.scheduled_on.between(first_day - _ZONES_APART, last_day + _ZONES_APART)
    return _by_time(Session.select().where((Session.user == user_id) & days))


def recent_sessions(user_id: UUID, since_day: date) -> list[Session]:
    """Return, by time, the sessions scheduled for the local day `since_day` or later."""
    return _by_time(Session.select().where((Session.user == user_id) & (Session.scheduled_on >= since_day)))


def _by_time(sessions: Iterable[Session]) -> list[Session]:
    return sorted(sessions, key=lambda session: (session.scheduled_at, session.id))


def _page(found: list[Row], rows: int, place: Callable[[Row], Position]) -> Page[Row]:
    """Cut the one row too many that tells whether there are more."""
    return Page(found[:rows], place(found[rows - 1]) if len(found) > rows else None)


def _place_of(session: SessionView) -> Position:
    return Position(session.scheduled_at, session.id)


def _plan(row: Sequence[Any]) -> PlanView:
    key, title, topic, source, week_start, created_at, minutes, sessions, done, begun = row
    return PlanView(
        id=as_id(key),
        title=title,
        topic=topic,
        duration_minutes=minutes,
        status=plan_status(sessions=sessions, done=done, begun=begun),
        source=PlanSource(source),
        week_start=as_day(week_start),
        created_at=as_instant(created_at),
    )


def _session(row: Sequence[Any]) -> SessionView:
    (
        key,
        plan,
        title,
        topic,
        minutes,
        actual,
        status,
        scheduled_at,
        scheduled_on,
        detail,
        kind,
        reason,
        pinned,
        completed_at,
        created_at,
    ) = row
    return SessionView(
        id=as_id(key),
        plan_id=as_id(plan),
        title=title,
        topic=topic,
        duration_minutes=minutes,
        actual_minutes=actual,
        status=SessionStatus(status),
        scheduled_at=as_instant(scheduled_at),
        scheduled_on=as_day(scheduled_on),
        detail=detail,
        kind=kind and Kind(kind),
        reason=as_json(reason),
        pinned=bool(pinned),
        completed_at=completed_at and as_instant(completed_at),
        created_at=as_instant(created_at),
    )
