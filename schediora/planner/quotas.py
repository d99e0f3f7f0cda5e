"""How much a student's planner holds. What is there already stays, also when it is more.

Every count reads an index alone and ends at the quota. Writers count under the student's lock, so no two of them take
the last place. What there is in all is not counted at each addition: the student's row keeps how many sessions can be
added at least, and only when that is used up are they counted anew.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from schediora.localtime import week_start
from schediora.models.users import User
from schediora.planner.errors import QuotaExceeded
from schediora.planner.queries import count_plans, count_sessions, count_sessions_of_week
from schediora.users.queries import revision_and_room

SESSIONS_A_WEEK = 500
"""On the local days of one ISO week."""
SESSIONS = 20_000
PLANS = 2_000
_STUDENTS_KEPT = 1_024

_TOO_MANY_PLANS = f"There can be {PLANS:,} plans in all. Delete some that you no longer need."
_TOO_MANY_SESSIONS = f"There can be {SESSIONS:,} sessions in all. Delete some that you no longer need."
_TOO_MANY_IN_WEEK = f"There can be {SESSIONS_A_WEEK} sessions in a week. Delete some of it, or choose another week."


def check_room_for_plan(user_id: UUID) -> None:
    """Raise QuotaExceeded when the student cannot have one more plan."""
    if count_plans(user_id, most=PLANS) >= PLANS:
        raise QuotaExceeded(_TOO_MANY_PLANS)


def take_room_for_sessions(user: User, days: Iterable[date]) -> None:
    """Take the room of one more session on each of these local days; raise QuotaExceeded when there is not enough.

    `user` is the student's locked row. What is left is kept in it, for `changed` to save.
    """
    weeks = Counter(map(week_start, days))
    room = user.room_for_sessions
    if room is None or room < weeks.total():
        room = SESSIONS - count_sessions(user.id, most=SESSIONS)
    if room < weeks.total():
        raise QuotaExceeded(_TOO_MANY_SESSIONS)
    for monday, more in weeks.items():
        if room_in_week(user.id, monday) < more:
            raise QuotaExceeded(_TOO_MANY_IN_WEEK)
    user.room_for_sessions = room - weeks.total()


def check_room_in_week(user_id: UUID, day: date) -> None:
    """Raise QuotaExceeded when no session can move into the week of this local day."""
    if not room_in_week(user_id, week_start(day)):
        raise QuotaExceeded(_TOO_MANY_IN_WEEK)


def room_in_week(user_id: UUID, monday: date) -> int:
    """Return how many more sessions the week that starts on `monday` can hold."""
    return SESSIONS_A_WEEK - count_sessions_of_week(user_id, monday, most=SESSIONS_A_WEEK)


def full(user_id: UUID) -> QuotaExceeded | None:
    """Return why the student can have no other plan, of whatever week, or None when they can.

    Every poll of an open week asks for it, so it is kept until the planner changes.
    """
    revision, room = revision_and_room(user_id)
    too_many = _too_many_at(user_id, revision, bool(room))
    return QuotaExceeded(too_many) if too_many else None


@lru_cache(maxsize=_STUDENTS_KEPT)
def _too_many_at(user_id: UUID, _revision: int, has_room: bool) -> str | None:
    """Return what there is too much of, as of a revision of the planner: the sentence for the student.

    Sessions are counted only where the student's row does not say that there is room.
    """
    if count_plans(user_id, most=PLANS) >= PLANS:
        return _TOO_MANY_PLANS
    return _TOO_MANY_SESSIONS if not has_room and count_sessions(user_id, most=SESSIONS) >= SESSIONS else None
