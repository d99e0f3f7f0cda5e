"""Reads for the feed: whose it is, and the sessions of a bounded time."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schediora import localtime
from schediora.db.statement import Statement, as_id, as_instant
from schediora.http.caller import Caller

_FEED = Statement("""
    SELECT u.id, u.timezone, u.day_starts_at FROM calendar_feeds f JOIN users u ON u.id = f.user_id
    WHERE f.token_hash = ?""")

_SESSIONS = Statement("""
    SELECT s.id, s.title, s.topic, s.detail, s.duration_minutes, s.status = 'done', s.scheduled_at, s.created_at,
        COALESCE(c.changes, 0)
    FROM study_sessions s LEFT JOIN session_changes c ON c.session_id = s.id
    WHERE s.user_id = ? AND s.scheduled_at >= ? AND s.scheduled_at < ? ORDER BY s.scheduled_at, s.id""")


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as a calendar shows it. `sequence` counts its changes."""

    id: UUID
    title: str
    topic: str
    detail: str
    minutes: int
    done: bool
    starts_at: datetime
    created_at: datetime
    sequence: int


def token_hash(token: str) -> str:
    """Return what is stored of a feed's token. It has 128 random bits, so nothing slower than SHA-256 is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def student_of(token: str, default_timezone: str) -> Caller | None:
    """Return whose feed `token` opens, or None; who never set a time zone has the default."""
    for key, timezone, day_starts_at in _FEED.rows(token_hash(token)):
        return Caller(as_id(key), localtime.zone(timezone or default_timezone), day_starts_at or 0)
    return None


def entries_between(user_id: UUID, first: datetime, last: datetime) -> list[Entry]:
    """Return, by time, the student's sessions that start at `first` or later and before `last`."""
    return [
        Entry(as_id(key), title, topic, detail, minutes, bool(done), as_instant(at), as_instant(made), sequence)
        for key, title, topic, detail, minutes, done, at, made, sequence in _SESSIONS.rows(user_id, first, last)
    ]
