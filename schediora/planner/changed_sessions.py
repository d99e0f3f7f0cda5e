"""What has changed of a student's sessions since another device last asked: by the number of the change, not by clocks.

Everything of one student's planner is written under their lock, and carries the `planner_revision` that its change
made; so once a revision can be read, all that was changed up to it can be, and nothing will be added below it. A change
that is made while somebody turns pages has a higher number than all that they have seen, and comes later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from schediora.db.statement import Statement, as_id
from schediora.http.wire import Shown
from schediora.planner.change_cursor import Place
from schediora.planner.errors import ResyncNeeded
from schediora.planner.purging import TOLD
from schediora.planner.session_rows import COLUMNS, shown

_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
_PLACE = itemgetter(0, 1)

_STANDING = Statement("""
    SELECT planner_revision, CASE WHEN recorded_revision = planner_revision THEN unrecorded_revision
        ELSE planner_revision END
    FROM users WHERE id = ?""")
_OF_BEFORE = Statement(f"""
    SELECT 0, {COLUMNS} FROM study_sessions s
    WHERE s.user_id = ? AND s.revision IS NULL AND s.id > ? ORDER BY s.id LIMIT ?""")
_CHANGED = Statement(f"""
    SELECT s.revision, {COLUMNS} FROM study_sessions s
    WHERE s.user_id = ? AND (s.revision, s.id) > (?, ?) AND s.revision <= ? ORDER BY s.revision, s.id LIMIT ?""")
_DELETED = Statement("""
    SELECT revision, session_id FROM deleted_sessions
    WHERE user_id = ? AND (revision, session_id) > (?, ?) AND revision <= ? ORDER BY revision, session_id LIMIT ?""")


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changed and deleted sessions, where it ended, and whether there is more."""

    sessions: list[Shown]
    end: Place
    more: bool


def changes_page(user_id: UUID, today: date, place: Place | None, *, rows: int, now: datetime) -> Changes:
    """Return the sessions that were changed or deleted after `place`, by change; all that there are when it is None.

    A session is shown as it is now, late or not on the student's day `today`. Raises ResyncNeeded for a place that is
    older than tombstones are kept, that this database has never come to, or since which code that keeps no record of
    changes has changed something.
    """
    revision, unrecorded = _standing(user_id)
    if place is None:
        place = Place(began_at=now, since=revision, revision=0, id=_FIRST)
    elif now - place.began_at > TOLD or place.since < unrecorded or max(place.since, place.revision) > revision:
        raise ResyncNeeded()
    found = sorted(_found(user_id, place, revision, rows + 1), key=_PLACE)
    told = [_shown(row, today) for row in found[:rows]]
    if len(found) <= rows:
        return Changes(told, Place(began_at=now, since=revision, revision=revision, id=_LAST), more=False)
    last, key = _PLACE(found[rows - 1])
    return Changes(told, replace(place, revision=last, id=as_id(key)), more=True)


def _standing(user_id: UUID) -> tuple[int, int]:
    """Return the student's revision, and up to which one it is not on record what changed."""
    return next(((int(revision), int(unrecorded)) for revision, unrecorded in _STANDING.rows(user_id)), (0, 0))


def _found(user_id: UUID, place: Place, revision: int, rows: int) -> list[Sequence[Any]]:
    """Return up to `rows` rows of each kind after `place`: their revision, their id and, of what is there, the rest."""
    after = (user_id, place.revision, place.id, revision, rows)
    found: list[Sequence[Any]] = [*_CHANGED.rows(*after)]
    if place.revision == 0:
        found += _OF_BEFORE.rows(user_id, place.id, rows)
    # Who is told everything has no use for what was gone before they began.
    buried = max((place.revision, place.id), (place.since, _LAST))
    found += _DELETED.rows(user_id, *buried, revision, rows)
    return found


def _shown(row: Sequence[Any], today: date) -> Shown:
    _, key, *more = row
    return shown((key, *more), today) if more else {"id": as_id(key), "deleted": True}
