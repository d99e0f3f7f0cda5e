"""Lists of sessions by time. Every one is bounded by its page or its days, never by the student's history."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from schediora.db.statement import Statement, as_id, as_instant
from schediora.http.cursor import Position
from schediora.localtime import A_WEEK, TO_SUNDAY, week_start
from schediora.planner.queries import ZONES_APART, Page
from schediora.planner.session_rows import COLUMNS, SessionRow, shown
from schediora.planner.session_view import SessionView
from schediora.planner.weeks import ALONE, OF_WEEK, of_week

Row = tuple[Any, ...]
"""What `SessionRow` names the columns of, as the engine gives it."""

_BEFORE_ALL = Position(datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
_DAY = timedelta(days=1)
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9000, 1, 1)
"""Between these are all sessions, and room for the days around them."""
OVERDUE_DAYS = timedelta(days=28)
"""How long a session that is not done counts as overdue, from its day on: older ones are history."""

_PLACE = itemgetter(SessionRow._fields.index("scheduled_at"), SessionRow._fields.index("id"))

_ALL_SESSIONS = Statement(f"""
    SELECT {COLUMNS} FROM study_sessions s
    WHERE s.user_id = ? AND (s.scheduled_at, s.id) > (?, ?) ORDER BY s.scheduled_at, s.id LIMIT ?""")


def _week(which: str) -> Statement:
    """Return the read of a page of the week: what its plans hold, and what its days hold.

    Two searches in the order of an index, each of which ends with its page: along each plan's sessions, and along the
    student's between the instants that the week's days can lie at in any zone. A series belongs to its plan as a whole
    but to the week by its days alone. SQLite has no LATERAL, so there both searches find ids, of which each session is
    read once; Postgres gives a session of both twice.

    Where a page begins is said once: Postgres would take the same bound said twice for two, expect fewer sessions than
    there are, and read and sort the whole week.
    """
    found = f"""
        SELECT * FROM (
            SELECT {{columns}} FROM study_plans p CROSS JOIN {{of_plan}}
            WHERE p.user_id = ? AND {OF_WEEK} ORDER BY s.scheduled_at, s.id LIMIT ?) of_plans
        {{union}}
        SELECT * FROM (
            SELECT {{columns}} FROM study_sessions s
            WHERE s.user_id = ? AND (s.scheduled_at, s.id) > (?, ?) AND s.scheduled_at <= ?
                AND s.scheduled_on BETWEEN ? AND ? AND {which}
            ORDER BY s.scheduled_at, s.id LIMIT ?) of_days"""
    page = f"""
            FROM study_sessions s WHERE s.plan_id = p.id AND {ALONE} AND (s.scheduled_at, s.id) > (?, ?) AND {which}
            ORDER BY s.scheduled_at, s.id LIMIT ?"""
    ids = found.format(columns="s.id", of_plan=f"study_sessions s ON s.id IN (SELECT s.id {page})", union="UNION")
    rows = found.format(columns=COLUMNS, of_plan=f"LATERAL (SELECT s.* {page}) s", union="UNION ALL")
    return Statement(f"SELECT {COLUMNS} FROM study_sessions s WHERE s.id IN ({ids})", postgres=rows)


_WEEKS_SESSIONS = _week("TRUE")
_WEEKS_OPEN_SESSIONS = _week("s.status <> 'done'")


def _days(which: str) -> Statement:
    """Return the read of a page of some days, in the order of an index between the instants that they can lie at."""
    return Statement(f"""
    SELECT {COLUMNS} FROM study_sessions s
    WHERE s.user_id = ? AND (s.scheduled_at, s.id) > (?, ?) AND s.scheduled_at <= ?
        AND s.scheduled_on BETWEEN ? AND ? AND {which}
    ORDER BY s.scheduled_at, s.id LIMIT ?""")


_SESSIONS_OF_DAYS = _days("TRUE")
_OPEN_SESSIONS_OF_DAYS = _days("s.status <> 'done'")
_OLDEST_PLAN = Statement(f"""
    SELECT p.id FROM study_plans p WHERE p.user_id = ? AND {OF_WEEK} ORDER BY p.created_at, p.id LIMIT 1""")


def sessions_page(user_id: UUID, *, rows: int, after: Position | None) -> Page[Row]:
    """Return all sessions by time."""
    start = after or _BEFORE_ALL
    return _page(_ALL_SESSIONS.rows(user_id, start.at, start.id, rows + 1), rows)


def week_page(user_id: UUID, today: date, *, rows: int, after: Position | None) -> Page[Row]:
    """Return, by time, the sessions of this week's plans and those on a day of the week that holds `today`."""
    return _week_page(_WEEKS_SESSIONS, user_id, today, rows, after)


def open_sessions(user_id: UUID, today: date, *, most: int) -> list[SessionView]:
    """Return, by time, the first `most` of these sessions that are not done."""
    return views(_week_page(_WEEKS_OPEN_SESSIONS, user_id, today, most, None), today)


def overdue_sessions(user_id: UUID, today: date, before: date, *, most: int) -> list[SessionView]:
    """Return, by time, the first `most` sessions of the last days that are overdue and lie `before` a local day."""
    days = (today - OVERDUE_DAYS, before - _DAY)
    return views(_days_page(_OPEN_SESSIONS_OF_DAYS, user_id, days, most, None), today)


def overdue_page(user_id: UUID, today: date, *, rows: int, after: Position | None) -> Page[Row]:
    """Return, by time, the sessions of the last days that are overdue: not done, and their day is before today."""
    days = (today - OVERDUE_DAYS, today - _DAY)
    return _days_page(_OPEN_SESSIONS_OF_DAYS, user_id, days, rows, after)


def range_page(user_id: UUID, first: date, last: date, *, rows: int, after: Position | None) -> Page[Row]:
    """Return, by time, the sessions on the local days from `first` to `last`, both included."""
    return _days_page(_SESSIONS_OF_DAYS, user_id, (first, last), rows, after)


def _days_page(
    statement: Statement, user_id: UUID, days: tuple[date, date], rows: int, after: Position | None
) -> Page[Row]:
    first, last = (datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time(), UTC) for day in days)
    start, end = _not_before(first - ZONES_APART, after), last + _DAY + ZONES_APART
    return _page(statement.rows(user_id, start.at, start.id, end, *days, rows + 1), rows)


def _week_page(statement: Statement, user_id: UUID, today: date, rows: int, after: Position | None) -> Page[Row]:
    start = after or _BEFORE_ALL
    monday = week_start(today)
    midnight, sunday = datetime.combine(monday, time(), UTC), monday + TO_SUNDAY
    of_days, end = _not_before(midnight - ZONES_APART, after), midnight + A_WEEK + ZONES_APART
    found = statement.rows(
        *(start.at, start.id, rows + 1, user_id, *of_week(monday), rows + 1),
        *(user_id, of_days.at, of_days.id, end, monday, sunday, rows + 1),
    )
    # Both engines' values sort as what they stand for.
    return _page(sorted({row[0]: row for row in found}.values(), key=_PLACE)[: rows + 1], rows)


def plan_to_append_to(user_id: UUID, today: date) -> UUID | None:
    """Return the oldest of this week's plans, failing that the plan of this week's first session, or None."""
    for (plan_id,) in _OLDEST_PLAN.rows(user_id, *of_week(week_start(today))):
        return as_id(plan_id)
    first = week_page(user_id, today, rows=1, after=None).rows
    return as_id(SessionRow._make(first[0]).plan_id) if first else None


def _not_before(first: datetime, after: Position | None) -> Position:
    """Return where a page begins among the sessions from `first` on.

    Postgres begins an index scan at the row that is compared with, and would pass by the whole history from the first
    page's.
    """
    return after if after and after.at >= first else Position(first, _BEFORE_ALL.id)


def _page(found: Sequence[Row], rows: int) -> Page[Row]:
    return Page.of(list(found), rows, _place_of)


def _place_of(row: Row) -> Position:
    at, key = _PLACE(row)
    return Position(as_instant(at), as_id(key))


def views(page: Page[Row], today: date) -> list[SessionView]:
    """Return the sessions of a page for whoever reckons with them, late or not on the student's day `today`."""
    return [SessionView(**shown(row, today)) for row in page.rows]
