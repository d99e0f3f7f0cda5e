"""What the sessions of a replanning build on: what must have ended before each, and what its reason may name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from schediora.models.planner import Session
from schediora.planner.scheduler.problem import Kind, Since
from schediora.planner.unit_memory import keys_of

_COMES_BACK = (Kind.PRACTICE, Kind.RECALL, Kind.REVIEW)
"""The kinds of work that come back to something: their reasons name it."""
_TEACHES = (None, Kind.LEARN)
_REWORK = "rework"
"""The curriculum's role of work on the errors of a mock."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What one session builds on, as `Movable` takes it: `after` None means what comes before it in its topic, and
    nothing in the topic comes after what is `apart`.
    """

    after: tuple[UUID, ...] | None = None
    apart: bool = False
    builds_on: tuple[UUID, ...] = ()
    since: Since | None = None
    not_before: datetime | None = None
    waits_for: str | None = None


def grounds_of(user_id: UUID, session_ids: Collection[UUID], now: datetime) -> Mapping[UUID, Grounds]:
    """Return what each of the student's sessions, which are placed anew together, builds on.

    A session that no curriculum made, or one from before sessions knew what they build on, keeps the order of its
    topic. Those of a series are alike and stand apart: one that was missed need not come before anything.
    """
    found = list(_sessions(user_id, session_ids))
    made = {session.id: session for session in found if session.role or session.builds_on}
    after = {key: tuple(map(UUID, session.builds_on or ())) for key, session in made.items()}
    earlier = {
        session.id: session for session in _sessions(user_id, {each for group in after.values() for each in group})
    }
    ahead = {key: end for key, each in earlier.items() if key not in session_ids and (end := _end(each)) > now}
    of_series = {session.id: Grounds(after=(), apart=True) for session in found if session.series_id}
    return of_series | {key: _grounds(session, after[key], earlier, ahead) for key, session in made.items()}


def _grounds(
    session: Any, after: tuple[UUID, ...], earlier: Mapping[UUID, Any], ahead: Mapping[UUID, datetime]
) -> Grounds:
    not_before, last_ahead = max(((ahead[each], each) for each in after if each in ahead), default=(None, None))
    waits_for = earlier[last_ahead].title if last_ahead else None
    named = tuple(each for each in after if each in earlier and _comes_back_to(session, earlier[each]))
    done = [(earlier[each].completed_on, each) for each in named if earlier[each].completed_on]
    if not done:
        return Grounds(after, builds_on=named, not_before=not_before, waits_for=waits_for)
    day, last = max(done)
    since = Since(earlier[last].title, day)
    return Grounds(after, builds_on=named, since=since, not_before=not_before, waits_for=waits_for)


def _end(session: Any) -> datetime:
    """Return when a session that does not move will have ended; what is done has."""
    if session.completed_at:
        return cast(datetime, session.completed_at)
    return cast(datetime, session.scheduled_at + timedelta(minutes=session.duration_minutes))


def _comes_back_to(session: Any, earlier: Any) -> bool:
    """Tell whether a session is what comes after the lesson of one of its units, or after its mock."""
    if session.kind not in _COMES_BACK:
        return False
    if session.role == _REWORK:
        return bool(earlier.kind == Kind.MOCK)
    return earlier.kind in _TEACHES and not set(keys_of(session)).isdisjoint(keys_of(earlier))


def _sessions(user_id: UUID, keys: Collection[UUID]) -> Iterable[Any]:
    if not keys:
        return ()
    columns = (Session.id, Session.title, Session.kind, Session.role, Session.units, Session.series_id)
    times = (Session.scheduled_at, Session.duration_minutes, Session.completed_at, Session.completed_on)
    told = Session.select(*columns, *times, Session.builds_on)
    return told.where((Session.user == user_id) & Session.id.in_(keys))
