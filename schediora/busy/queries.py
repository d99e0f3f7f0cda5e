"""Reads of busy times, bounded by the range that is asked for, and of the calendars that are to be expanded."""

from datetime import datetime
from uuid import UUID

from schediora.db.statement import Statement, as_id, as_instant

_BETWEEN = Statement("""
    SELECT starts_at, ends_at FROM busy_times WHERE user_id = ? AND ends_at > ? AND starts_at < ? ORDER BY ends_at""")
_DUE = Statement("SELECT user_id FROM busy_calendars WHERE due_at <= ? ORDER BY due_at LIMIT 1")

Stretch = tuple[datetime, datetime]


def busy_times(user_id: UUID, first: datetime, last: datetime) -> list[Stretch]:
    """Return, by time and apart from each other, what the student's calendar takes up between two instants."""
    return [(as_instant(start), as_instant(end)) for start, end in _BETWEEN.rows(user_id, first, last)]


def student_due(now: datetime) -> UUID | None:
    """Return the student whose calendar has waited longest for being expanded anew, if one is due."""
    return next((as_id(key) for (key,) in _DUE.rows(now)), None)
