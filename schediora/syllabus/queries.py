"""Reads of lists and memories, one student's each; none grows with the history."""

from collections.abc import Collection, Mapping
from uuid import UUID

from schediora.memory.replay import UnitMemory
from schediora.models.ai import Job
from schediora.models.syllabus import ListSource, SyllabusList, UnitMemoryRow


def lists_of(user_id: UUID, topic_key: str) -> Mapping[ListSource, SyllabusList]:
    """Return the stored lists of a topic by who wrote them."""
    rows = SyllabusList.select().where(SyllabusList.user == user_id, SyllabusList.topic_key == topic_key)
    return {row.source: row for row in rows}


def memories_of(user_id: UUID, keys: Collection[str]) -> Mapping[str, UnitMemory]:
    """Return what the student remembers of those units of `keys` that they have studied, by key."""
    if not keys:
        return {}
    rows = UnitMemoryRow.select().where(UnitMemoryRow.user == user_id, UnitMemoryRow.unit.in_(sorted(keys)))
    return {
        row.unit: UnitMemory(
            stability=row.stability,
            difficulty=row.difficulty,
            last_on=row.last_on,
            learned_on=row.learned_on,
            due_on=row.due_on,
            last_rating=row.last_rating,
        )
        for row in rows
    }


def goals_of_plans(user_id: UUID, plan_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the goals for which generated plans were asked, by plan; a goal may name the stage of what is learned."""
    if not plan_ids:
        return {}
    jobs = Job.select(Job.plan, Job.goal).where((Job.user == user_id) & Job.plan.in_(plan_ids))
    return {job.plan_id: job.goal for job in jobs if job.plan_id}
