"""Rows of sessions as they are read: `SessionRow` names their columns, `shown` says what answers show of one.

A list of twenty is read every few seconds by every open app, so what both engines give is shown as it is wherever that
is the same on the wire: `SessionView` describes that, and would cost twice the whole answer.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from schediora.db.statement import as_day, as_instant, as_json
from schediora.http.wire import Shown
from schediora.models.planner import SessionStatus
from schediora.planner.scheduler.problem import ReasonCode
from schediora.planner.session_view import is_late

_REASONS = frozenset(map(str, ReasonCode))


class SessionRow(NamedTuple):
    """The columns of a session that answers show, in their order, as the engine gives them: on SQLite ids, days and
    instants are text.
    """

    id: Any
    plan_id: Any
    title: str
    topic: str
    duration_minutes: int
    actual_minutes: int | None
    status: str
    scheduled_at: Any
    scheduled_on: Any
    due_on: Any
    detail: str
    kind: str | None
    units: Any
    reason: Any
    pinned: Any
    series_id: Any
    started_at: Any
    completed_at: Any
    completed_on: Any
    rating: str | None
    created_at: Any

    @classmethod
    def read(cls, row: Sequence[Any]) -> Self:
        """Return a row whose days and instants can be compared and reckoned with."""
        found = cls._make(row)
        return found._replace(
            scheduled_at=as_instant(found.scheduled_at),
            scheduled_on=as_day(found.scheduled_on),
            due_on=found.due_on and as_day(found.due_on),
            units=as_json(found.units),
            started_at=found.started_at and as_instant(found.started_at),
            completed_at=found.completed_at and as_instant(found.completed_at),
            completed_on=found.completed_on and as_day(found.completed_on),
        )


COLUMNS = ", ".join(f"s.{name} AS {name}" for name in SessionRow._fields)
"""What to select of `study_sessions s`."""


def shown(row: Sequence[Any], today: date) -> Shown:
    """Return what answers show of a row, late or not on the student's day `today`."""
    # One assignment: twenty rows of twenty-one names looked up one by one would cost as much as all the rest.
    key, plan, title, topic, minutes, actual, status, at, on, due, detail, kind, units, reason, pinned, *more = row
    series, started, completed, completed_on, rating, created = more
    return {
        "id": _id(key),
        "plan_id": _id(plan),
        "title": title,
        "topic": topic,
        "duration_minutes": minutes,
        "actual_minutes": actual,
        "status": status,
        "scheduled_at": _instant(at),
        "scheduled_on": on,
        "due_on": due,
        "late": due is not None and is_late(as_day(due), status, today),
        "detail": detail,
        "kind": kind,
        "units": _units(as_json(units)) if units else [],
        "reason": _reason(as_json(reason)) if reason else None,
        "pinned": bool(pinned),
        "series_id": series and _id(series),
        "started_at": started and _instant(started),
        "completed_at": completed and _instant(completed),
        "completed_on": completed_on,
        "rating": rating if status == SessionStatus.DONE else None,
        "created_at": _instant(created),
    }


def _id(value: UUID | str) -> UUID | str:
    """Return an id with its hyphens, which SQLite's text is without."""
    if isinstance(value, UUID):
        return value
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _instant(value: datetime | str) -> datetime | str:
    """Return an instant in UTC. SQLite's text always has six digits, of which a whole second shows none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return f"{value[:19]}Z" if value.endswith(".000000Z") else value


def _units(units: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"key": unit["key"], "title": unit["title"]} for unit in units]


def _reason(reason: dict[str, Any]) -> dict[str, Any] | None:
    """Return a reason without what a newer release may have stored with it, None for one in words of its own."""
    known = reason.get("code") in _REASONS and isinstance(reason.get("text"), str)
    return {"code": reason["code"], "text": reason["text"]} if known else None
