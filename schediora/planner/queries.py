"""Reads of plans and sessions. Every one is bounded by its page or its days, never by the student's history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from schediora.db.statement import Statement, as_day, as_id, as_instant, as_json
from schediora.http.cursor import Position
from schediora.localtime import DAYS_A_WEEK
from schediora.models.planner import Plan, PlanSource, SessionStatus
from schediora.planner.scheduler.problem import Busy, Kind
from schediora.planner.schemas import PlanView, SessionView

Row = TypeVar("Row")

_BEFORE_ALL = Position(datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
_AFTER_ALL = Position(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
_WEEK = timedelta(days=DAYS_A_WEEK)
_SIX_DAYS = timedelta(days=DAYS_A_WEEK - 1)
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
        "units",
        "reason",
        "pinned",
        "rating",
        "completed_at",
        "created_at",
    )
)

_ALL_SESSIONS = Statement(f"""
    SELECT {_SESSION_COLUMNS} FROM study_sessions s
    WHERE s.user_id = ? AND (s.scheduled_at, s.id) > (?, ?) ORDER BY s.scheduled_at, s.id LIMIT ?""")


def _week(which: str) -> Statement:
    """Return the read of a page of the week: what its plans hold, and what its days hold, a session of both twice.

    Two searches in the order of an index, each of which ends with its page: along each plan's sessions, and along the
    student's between the instants that the week's days can lie at in any zone. SQLite has no LATERAL, so there each
    plan's page comes as a list of ids.
    """
    sql = f"""
    SELECT * FROM (
        SELECT s.* FROM study_plans p CROSS JOIN {{of_plan}}
        WHERE p.user_id = ? AND p.week_start >= ? ORDER BY s.scheduled_at, s.id LIMIT ?) of_plans
    UNION ALL
    SELECT * FROM (
        SELECT {_SESSION_COLUMNS} FROM study_sessions s
        WHERE s.user_id = ? AND (s.scheduled_at, s.id) > (?, ?) AND s.scheduled_at BETWEEN ? AND ?
            AND s.scheduled_on BETWEEN ? AND ? AND {which}
        ORDER BY s.scheduled_at, s.id LIMIT ?) of_days"""
    page = f"""
            FROM study_sessions s WHERE s.plan_id = p.id AND (s.scheduled_at, s.id) > (?, ?) AND {which}
            ORDER BY s.scheduled_at, s.id LIMIT ?"""
    as_list = f"study_sessions s ON s.id IN (SELECT s.id {page})"
    return Statement(
        sql.format(of_plan=as_list).replace("s.* FROM study_plans", f"{_SESSION_COLUMNS} FROM study_plans"),
        postgres=sql.format(of_plan=f"LATERAL (SELECT {_SESSION_COLUMNS} {page}) s"),
    )


_WEEKS_SESSIONS = _week("TRUE")
_WEEKS_OPEN_SESSIONS = _week("s.status = 'pending' AND NOT s.pinned")

_PLANS_COUNTED = Statement("SELECT COUNT(*) FROM (SELECT 1 FROM study_plans WHERE user_id = ? LIMIT ?) counted")
_SESSIONS_COUNTED = Statement("SELECT COUNT(*) FROM (SELECT 1 FROM study_sessions WHERE user_id = ? LIMIT ?) counted")
_OF_WEEK_COUNTED = Statement("""
    SELECT COUNT(*) FROM (
        SELECT 1 FROM study_sessions WHERE user_id = ? AND scheduled_on BETWEEN ? AND ? LIMIT ?) counted""")

_BUSY = Statement("""
    SELECT id, scheduled_at, duration_minutes, scheduled_on, topic FROM study_sessions
    WHERE user_id = ? AND scheduled_on BETWEEN ? AND ?""")


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


def week_page(user_id: UUID, monday: date, *, rows: int, after: Position | None) -> Page[SessionView]:
    """Return, by time, the sessions of this week's plans and those on a day of the week that starts on `monday`."""
    return _week_page(_WEEKS_SESSIONS, user_id, monday, rows, after)


def open_sessions(user_id: UUID, monday: date, *, most: int) -> list[SessionView]:
    """Return, by time, the first `most` of these sessions that are neither begun, done nor pinned."""
    return _week_page(_WEEKS_OPEN_SESSIONS, user_id, monday, most, None).rows


def _week_page(
    statement: Statement, user_id: UUID, monday: date, rows: int, after: Position | None
) -> Page[SessionView]:
    start = after or _BEFORE_ALL
    midnight = datetime.combine(monday, time(), UTC)
    found = statement.rows(
        *(start.at, start.id, rows + 1, user_id, monday, rows + 1),
        *(user_id, start.at, start.id, midnight - _ZONES_APART, midnight + _WEEK + _ZONES_APART),
        *(monday, monday + _SIX_DAYS, rows + 1),
    )
    sessions = {session.id: session for session in map(_session, found)}.values()
    in_order = sorted(sessions, key=lambda session: (session.scheduled_at, session.id))
    return _page(in_order[: rows + 1], rows, _place_of)


def plan_to_append_to(user_id: UUID, monday: date) -> UUID | None:
    """Return the oldest of this week's plans, failing that the plan of this week's first session, or None."""
    of_this_week = (Plan.user == user_id) & (Plan.week_start >= monday)
    plan: Plan | None = Plan.select(Plan.id).where(of_this_week).order_by(Plan.created_at, Plan.id).first()
    if plan is not None:
        return UUID(str(plan.id))
    first = week_page(user_id, monday, rows=1, after=None).rows
    return first[0].plan_id if first else None


def count_plans(user_id: UUID, *, most: int) -> int:
    """Return how many plans the student has, counted up to `most`."""
    return int(_PLANS_COUNTED.rows(user_id, most)[0][0])


def count_sessions(user_id: UUID, *, most: int) -> int:
    """Return how many sessions the student has, counted up to `most`."""
    return int(_SESSIONS_COUNTED.rows(user_id, most)[0][0])


def count_sessions_of_week(user_id: UUID, monday: date, *, most: int) -> int:
    """Return how many sessions lie on the days of the week that starts on `monday`, counted up to `most`."""
    return int(_OF_WEEK_COUNTED.rows(user_id, monday, monday + _SIX_DAYS, most)[0][0])


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


def busy_sessions(user_id: UUID, first_day: date, last_day: date) -> dict[UUID, Busy]:
    """Return, by time, every session that is on or takes up time in those local days, in whatever zone they are meant.

    Sessions of the two days before and after are among them, so the reader compares days and instants itself.
    """
    found = _BUSY.rows(user_id, first_day - _ZONES_APART, last_day + _ZONES_APART)
    busy = {as_id(key): Busy(as_instant(at), minutes, as_day(day), topic) for key, at, minutes, day, topic in found}
    return dict(sorted(busy.items(), key=lambda item: (item[1].starts_at, item[0])))


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
        units,
        reason,
        pinned,
        rating,
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
        units=as_json(units),
        reason=as_json(reason),
        pinned=bool(pinned),
        rating=rating,
        completed_at=completed_at and as_instant(completed_at),
        created_at=as_instant(created_at),
    )
