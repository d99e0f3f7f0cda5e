"""What a student has in hand: the topics of their plans, and the units that an open session is about already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from schediora.db.statement import Statement, as_id
from schediora.localtime import TO_SUNDAY
from schediora.planner.weeks import ALONE, OF_WEEK, of_week

_OF_WEEK = Statement(f"""
    WITH of_week AS (SELECT p.id, p.topic, p.language FROM study_plans p WHERE p.user_id = ? AND {OF_WEEK})
    SELECT topic, id, language, 0 AS place FROM of_week
    UNION
    SELECT s.topic, p.id, p.language, 1 FROM of_week p JOIN study_sessions s ON s.plan_id = p.id WHERE {ALONE}
    UNION
    SELECT s.topic, p.id, p.language, 1 FROM study_sessions s JOIN study_plans p ON p.id = s.plan_id
    WHERE s.user_id = ? AND s.scheduled_on BETWEEN ? AND ?
    ORDER BY 4, 2, 1""")

_OF_LAST_PLAN = Statement("""
    WITH p AS (
        SELECT id, topic, language FROM study_plans WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT 1
    )
    SELECT p.topic, p.id, p.language, 0 AS place FROM p
    UNION
    SELECT s.topic, p.id, p.language, 1 FROM p JOIN study_sessions s ON s.plan_id = p.id
    ORDER BY 4, 2, 1""")

# From what is ahead, which a history does not lengthen, to its units.
_UNITS_AHEAD = Statement("""
    SELECT DISTINCT u.unit FROM study_sessions s CROSS JOIN session_units u
    WHERE s.user_id = ? AND s.scheduled_on >= ? AND s.status <> 'done' AND u.session_id = s.id""")


@dataclass(frozen=True, slots=True)
class TopicInHand:
    """A topic in the student's words, with the plan that it is from and that plan's language (BCP 47), if it has one.

    A topic that the student only names among their own has no plan.
    """

    topic: str
    plan_id: UUID | None = None
    language: str | None = None


def topics_of_week(user_id: UUID, monday: date) -> list[TopicInHand]:
    """Return what is studied in the week of `monday`: the topics of its plans, the oldest first, then those of their
    sessions (of a series only what lies in it) and of the others that lie in it.
    """
    return _topics(_OF_WEEK.rows(user_id, *of_week(monday), user_id, monday, monday + TO_SUNDAY))


def topics_of_last_plan(user_id: UUID) -> list[TopicInHand]:
    """Return what was studied in the newest plan, of whatever week."""
    return _topics(_OF_LAST_PLAN.rows(user_id))


def units_in_hand(user_id: UUID, keys: Collection[str], monday: date) -> frozenset[str]:
    """Return those of the units `keys` that a session is about which is not done, on a day from `monday` on."""
    if not keys:
        return frozenset()
    return frozenset(unit for (unit,) in _UNITS_AHEAD.rows(user_id, monday)).intersection(keys)


def _topics(rows: Any) -> list[TopicInHand]:
    return [TopicInHand(topic, as_id(plan_id), language) for topic, plan_id, language, _ in rows]
