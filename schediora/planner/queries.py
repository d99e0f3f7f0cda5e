"""Reads of plans and of what there is. Every one is bounded by its page or its days, never by the student's history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from schediora.busy.queries import busy_times
from schediora.db.statement import Statement, as_day, as_id, as_instant
from schediora.http.cursor import Position
from schediora.localtime import TO_SUNDAY
from schediora.models.planner import PlanSource, SessionStatus
from schediora.planner.scheduler.problem import Busy
from schediora.planner.schemas import PlanView

Row = TypeVar("Row")

_AFTER_ALL = Position(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
LONGEST_SESSION = timedelta(hours=8)

ZONES_APART = timedelta(days=2)
"""Zones differ by up to 26 hours, the starts of a student's day by 6, and a session lasts up to 8, so a session's
stored day and the days that it takes up time on, however they are counted, lie no further apart."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and where it goes on (None at its end)."""

    rows: list[Row]
    next: Position | None

    @classmethod
    def of(cls, found: list[Row], rows: int, place: Callable[[Row], Position]) -> Self:
        """Return the page of `rows` rows, without the one too many in `found` that tells whether there are more."""
        return cls(found[:rows], place(found[rows - 1]) if len(found) > rows else None)


_PLANS = Statement("""
    SELECT p.id, p.title, p.topic, p.source, p.week_start, p.created_at, COALESCE(SUM(s.duration_minutes), 0),
        COUNT(s.id), COUNT(s.id) FILTER (WHERE s.status = 'done'), COUNT(s.id) FILTER (WHERE s.status = 'in_progress')
    FROM (
        SELECT id, title, topic, source, week_start, created_at FROM study_plans
        WHERE user_id = ? AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?
    ) p LEFT JOIN study_sessions s ON s.plan_id = p.id
    GROUP BY p.id, p.title, p.topic, p.source, p.week_start, p.created_at
    ORDER BY p.created_at DESC, p.id DESC""")

_PLANS_COUNTED = Statement("SELECT COUNT(*) FROM (SELECT 1 FROM study_plans WHERE user_id = ? LIMIT ?) counted")
_SESSIONS_COUNTED = Statement("SELECT COUNT(*) FROM (SELECT 1 FROM study_sessions WHERE user_id = ? LIMIT ?) counted")
_OF_WEEK_COUNTED = Statement("""
    SELECT COUNT(*) FROM (
        SELECT 1 FROM study_sessions WHERE user_id = ? AND scheduled_on BETWEEN ? AND ? LIMIT ?) counted""")

_OPEN_BETWEEN = Statement("""
    SELECT id, scheduled_at, duration_minutes FROM study_sessions
    WHERE user_id = ? AND scheduled_at > ? AND scheduled_at < ? AND status <> 'done' ORDER BY scheduled_at, id""")

_BUSY = Statement("""
    SELECT id, scheduled_at, duration_minutes, scheduled_on, topic, FALSE FROM study_sessions
    WHERE user_id = ? AND scheduled_on BETWEEN ? AND ? AND completed_on IS NULL
    UNION ALL
    SELECT id, scheduled_at, COALESCE(actual_minutes, duration_minutes), completed_on, topic, TRUE FROM study_sessions
    WHERE user_id = ? AND completed_on BETWEEN ? AND ?""")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is not done, and the time that it takes up: from an instant to another, which is not of it."""

    id: UUID
    stretch: tuple[datetime, datetime]


def open_between(user_id: UUID, first: datetime, last: datetime) -> list[OpenSession]:
    """Return, by time, the sessions that are not done and take up time between two instants."""
    found = []
    for key, at, minutes in _OPEN_BETWEEN.rows(user_id, first - LONGEST_SESSION, last):
        starts_at = as_instant(at)
        ends_at = starts_at + timedelta(minutes=minutes)
        if ends_at > first:
            found.append(OpenSession(as_id(key), (starts_at, ends_at)))
    return found


def plans_page(user_id: UUID, *, rows: int, after: Position | None) -> Page[PlanView]:
    """Return plans, newest first, with the minutes and the status that follow from their sessions."""
    start = after or _AFTER_ALL
    found = [_plan(row) for row in _PLANS.rows(user_id, start.at, start.id, rows + 1)]
    return Page.of(found, rows, lambda plan: Position(plan.created_at, plan.id))


def count_plans(user_id: UUID, *, most: int) -> int:
    """Return how many plans the student has, counted up to `most`."""
    return int(_PLANS_COUNTED.rows(user_id, most)[0][0])


def count_sessions(user_id: UUID, *, most: int) -> int:
    """Return how many sessions the student has, counted up to `most`."""
    return int(_SESSIONS_COUNTED.rows(user_id, most)[0][0])


def count_sessions_of_week(user_id: UUID, monday: date, *, most: int) -> int:
    """Return how many sessions lie on the days of the week that starts on `monday`, counted up to `most`."""
    return int(_OF_WEEK_COUNTED.rows(user_id, monday, monday + TO_SUNDAY, most)[0][0])


def plan_status(*, sessions: int, done: int, begun: int) -> SessionStatus:
    """Return a plan's status from how many sessions it has, how many are done and how many are in progress."""
    if sessions and done == sessions:
        return SessionStatus.DONE
    return SessionStatus.IN_PROGRESS if done or begun else SessionStatus.PENDING


def busy_sessions(user_id: UUID, first_day: date, last_day: date) -> dict[UUID, Busy]:
    """Return, by time, every session that is on or takes up time in those local days, in whatever zone they are meant;
    what is done counts with what it took on the day on which it was.

    Sessions of the two days before and after are among them, so the reader compares days and instants itself.
    """
    days = (first_day - ZONES_APART, last_day + ZONES_APART)
    found = _BUSY.rows(user_id, *days, user_id, *days)
    busy = {
        as_id(key): Busy(as_instant(at), minutes, as_day(day), topic, bool(done))
        for key, at, minutes, day, topic, done in found
    }
    return dict(sorted(busy.items(), key=lambda item: (item[1].starts_at, item[0])))


def own_calendar(user_id: UUID, first_day: date, last_day: date) -> list[tuple[datetime, datetime]]:
    """Return what the student's own calendar takes up in those local days, in whatever zone they are meant, and in the
    two days before and after.
    """
    first, last = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first_day, last_day))
    return busy_times(user_id, first - ZONES_APART, last + ZONES_APART)


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
