"""Reads of lists and memories, one student's each; none grows with the history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schediora.db.statement import Statement, as_day, as_id, as_json
from schediora.memory.replay import Rating, UnitMemory
from schediora.models.syllabus import ListSource

_LISTS = Statement("SELECT source, units, genre FROM syllabus_lists WHERE user_id = ? AND topic_key = ?")
_MEMORIES = Statement("""
    SELECT unit, stability, difficulty, last_on, learned_on, due_on, last_rating FROM unit_memories
    WHERE user_id = ? AND unit IN ?""")
_GOALS = Statement("SELECT plan_id, goal FROM ai_jobs WHERE user_id = ? AND plan_id IN ?")


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list of a topic's units as it is stored, and the genre that a model took the topic for, if one did."""

    units: Sequence[Mapping[str, Any]]
    genre: str | None


def lists_of(user_id: UUID, topic_key: str) -> Mapping[ListSource, StoredList]:
    """Return the stored lists of a topic by who wrote them."""
    rows = _LISTS.rows(user_id, topic_key)
    return {ListSource(source): StoredList(as_json(units), genre) for source, units, genre in rows}


def memories_of(user_id: UUID, keys: Collection[str]) -> Mapping[str, UnitMemory]:
    """Return what the student remembers of those units of `keys` that they have studied, by key."""
    if not keys:
        return {}
    return {
        unit: UnitMemory(
            stability=stability,
            difficulty=difficulty,
            last_on=as_day(last_on),
            learned_on=learned_on and as_day(learned_on),
            due_on=as_day(due_on),
            last_rating=Rating(rating),
        )
        for unit, stability, difficulty, last_on, learned_on, due_on, rating in _MEMORIES.rows(user_id, sorted(keys))
    }


def goals_of_plans(user_id: UUID, plan_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the goals for which generated plans were asked, by plan; a goal may name the stage of what is learned."""
    if not plan_ids:
        return {}
    return {as_id(plan): goal for plan, goal in _GOALS.rows(user_id, sorted(plan_ids))}
