"""What a student's days are counted by has changed: what is ahead gets the day that it falls on now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from schediora.busy.due import make_due
from schediora.db.statement import Statement, as_day, as_id, as_instant
from schediora.http.caller import Caller
from schediora.models.planner import Session
from schediora.models.users import User

_AT_ONCE = 500
"""How many sessions a statement names: SQLite takes 32,766 values, and the plan of one is made anew for each length."""

_OPEN_AND_AHEAD = Statement("""
    SELECT id, scheduled_at, scheduled_on FROM study_sessions
    WHERE user_id = ? AND scheduled_at >= ? AND status <> 'done'""")


def redate(student: Caller, now: datetime) -> None:
    """Give the student's sessions that are ahead of `now` and not done the day that they fall on, as `student` counts
    days, inside the caller's transaction, under the student's lock, and before that change is counted.

    Pinned ones and those of a series too; a week may come to hold more than one can be given. What is past or done
    stays where it was. The way back from the last replanning learns the new days, so that it stays open,
    and the student's own calendar is expanded anew.
    """
    make_due(student.user_id, now)
    moved: dict[date, list[UUID]] = defaultdict(list)
    for key, at, on in _OPEN_AND_AHEAD.rows(student.user_id, now):
        day = student.day_of(as_instant(at))
        if day != as_day(on):
            moved[day].append(as_id(key))
    if not moved:
        return
    user = User.get_by_id(student.user_id)
    for day, sessions in moved.items():
        columns = {"scheduled_on": day, "revision": user.next_revision}
        for some in _batches(sessions):
            Session.update(columns).where((Session.user == user) & Session.id.in_(some)).execute()
    _redate_way_back(user, student, now)


def _batches(sessions: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(sessions), _AT_ONCE):
        yield sessions[start : start + _AT_ONCE]


def _redate_way_back(user: User, student: Caller, now: datetime) -> None:
    """Let the record of the last replanning tell the new days of what it moved."""
    for record in user.last_replan or ():
        for place in (record["before"], record["after"]):
            if isinstance(place, dict):
                _redate_place(place, student, now)
    if user.last_replan:
        user.save(only=[User.last_replan])


def _redate_place(place: dict[str, Any], student: Caller, now: datetime) -> None:
    at = datetime.fromisoformat(place["scheduled_at"])
    if at >= now:
        place["scheduled_on"] = student.day_of(at).isoformat()
