"""How one student stands in a topic: what they remember of its units, what they did, and how far that takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from schediora.memory.replay import UnitMemory
from schediora.planner.studied import Studied, studied
from schediora.syllabus.coverage import PACE_DAYS, Coverage, Pace, coverage
from schediora.syllabus.queries import memories_of
from schediora.syllabus.syllabus import Syllabus


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of the units (by key), what was done of them, and the coverage, None where there are none."""

    memories: Mapping[str, UnitMemory]
    studied: Studied
    coverage: Coverage | None


def standing_of(
    user_id: UUID, syllabus: Syllabus, *, exam: date | None, today: date, planned_lessons: int | None = None
) -> Standing:
    """Return how the student stands in `syllabus` on the local day `today`, with the next `exam` of its topic.

    `planned_lessons` are the units that a week's plan which is not stored yet has a lesson of.
    """
    keys = [unit.key for unit in syllabus.units]
    memories, done = memories_of(user_id, keys), studied(user_id, keys, today)
    since = today - timedelta(days=PACE_DAYS)
    pace = Pace(
        learned_lately=sum(day > since for day in done.last_lessons.values()),
        history_days=(today - done.first_on).days if done.first_on else 0,
        planned_a_week=done.planned_lessons if planned_lessons is None else planned_lessons,
    )
    covered = coverage(syllabus.units, memories, pace=pace, today=today, exam=exam, language=syllabus.language)
    return Standing(memories, done, covered if syllabus.units else None)
