"""What students remember of each unit, kept as rows: written in the transaction that changes a session, by replaying
the done sessions of that session's units alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from uuid import UUID

from schediora.db.statement import Statement, as_day, as_id, as_instant, as_json
from schediora.errors import Unauthenticated
from schediora.memory.replay import Rating, Review, UnitMemory, replay
from schediora.models.planner import Plan, Session, SessionUnit
from schediora.models.syllabus import UnitMemoryRow
from schediora.models.users import User
from schediora.planner.changes import changed
from schediora.planner.session_rows import SessionRow
from schediora.planner.studied import of_units
from schediora.users.locking import lock_student

_STUDENTS_AT_ONCE = 500
_REVIEWS = of_units("s.completed_on, s.completed_at, s.id, s.kind, s.rating, s.units", "s.status = 'done'")
_FORGET = Statement("DELETE FROM unit_memories WHERE user_id = ? AND unit IN ?")
_REMEMBERED = ("stability", "difficulty", "last_on", "learned_on", "due_on", "last_rating")


def keys_of(session: Session | SessionRow) -> list[str]:
    """Return the keys of the units that a session is about; none where that is unknown."""
    return list(dict.fromkeys(unit["key"] for unit in session.units or ()))


def keep_units(user_id: UUID, units: Mapping[UUID, Iterable[str]]) -> None:
    """Let new sessions be found by their units (keys, by session), inside the caller's transaction."""
    rows = [
        {"user": user_id, "session": session_id, "unit": key}
        for session_id, keys in units.items()
        for key in dict.fromkeys(keys)
    ]
    if rows:
        SessionUnit.insert_many(rows).execute()


def keys_of_plan(plan: Plan) -> list[str]:
    """Return the keys of all units that the plan's sessions are about."""
    of_plan = (SessionUnit.user == plan.user_id) & (Session.plan == plan)
    return [row.unit for row in SessionUnit.select(SessionUnit.unit).distinct().join(Session).where(of_plan)]


def remember(user_id: UUID, keys: Iterable[str]) -> int:
    """Write what is remembered of these units now, inside the caller's transaction and under the student's lock.

    A unit of which no done session counts has no row. Returns how many of them have one.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return 0
    reviews = _reviews(user_id, wanted)
    memories = {key: memory for key in wanted if (memory := replay(reviews[key]))}
    forgotten = [key for key in wanted if key not in memories]
    if forgotten:
        _FORGET.run(user_id, forgotten)
    if memories:
        _storing(len(memories)).run(
            *(value for key, memory in memories.items() for value in _values(user_id, key, memory))
        )
    return len(memories)


def remember_everything() -> int:
    """Make every student's rows anew, each student's in a transaction of its own, and return how many there are.

    Sessions may be written meanwhile.
    """
    return sum(map(_remember_all_of, _students()))


def _remember_all_of(user_id: UUID) -> int:
    with User.transaction():
        try:
            user = lock_student(user_id)
        except Unauthenticated:  # deleted since it was listed
            return 0
        studied = SessionUnit.select(SessionUnit.unit).distinct().where(SessionUnit.user == user_id)
        kept = UnitMemoryRow.select(UnitMemoryRow.unit).where(UnitMemoryRow.user == user_id)
        changed(user)
        return remember(user_id, [row.unit for row in (*studied, *kept)])


def _students() -> Iterator[UUID]:
    """Yield every student, read in pages so that no read lasts long."""
    last = UUID(int=0)
    while page := [
        row.id for row in User.select(User.id).where(User.id > last).order_by(User.id).limit(_STUDENTS_AT_ONCE)
    ]:
        yield from page
        last = page[-1]


def _reviews(user_id: UUID, keys: Sequence[str]) -> Mapping[str, list[Review]]:
    reviews: defaultdict[str, list[Review]] = defaultdict(list)
    for key, day, at, session_id, kind, rating, units in _REVIEWS.rows(json.dumps(keys), user_id):
        given = Rating(rating) if rating else None
        reviews[key].append(Review(as_day(day), as_instant(at), as_id(session_id), kind, given, len(as_json(units))))
    return reviews


@cache
def _storing(units: int) -> Statement:
    """Return what stores the rows of so many units, new or not."""
    row = f"({', '.join('?' * (len(_REMEMBERED) + 2))})"
    return Statement(f"""
        INSERT INTO unit_memories (user_id, unit, {", ".join(_REMEMBERED)}) VALUES {", ".join([row] * units)}
        ON CONFLICT (user_id, unit) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REMEMBERED)}""")


def _values(user_id: UUID, key: str, memory: UnitMemory) -> tuple[object, ...]:
    return (user_id, key, *(getattr(memory, name) for name in _REMEMBERED))
