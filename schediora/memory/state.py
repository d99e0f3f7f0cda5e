"""How a unit stands on a day, in the words that a student is shown."""

from datetime import date, timedelta
from enum import StrEnum

from schediora.memory.replay import SOLID_DAYS, UnitMemory, recall

KNOWN_FOR_DAYS = 14
"""What the student says to know comes back after two weeks for the first time, or in the week before the exam."""
LAST_WEEK_DAYS = 7


class UnitState(StrEnum):
    """Where a unit stands between new and solid."""

    NEW = "new"
    LEARNING = "learning"
    DUE = "due"
    SOLID = "solid"
    KNOWN = "known"
    LEFT_OUT = "left_out"


def state_of(memory: UnitMemory | None, today: date) -> UnitState:
    """Return how a unit of which the student has said nothing stands on the local day `today`."""
    if memory is None or memory.learned_on is None:
        return UnitState.NEW
    if memory.due_on <= today:
        return UnitState.DUE
    return UnitState.SOLID if memory.due_on - today >= timedelta(days=SOLID_DAYS) else UnitState.LEARNING


def known_until(said_on: date, exam: date | None) -> date:
    """Return the first local day on which a unit that the student knows is due; `said_on` is when they said so."""
    due = said_on + timedelta(days=KNOWN_FOR_DAYS)
    return min(due, max(said_on, exam - timedelta(days=LAST_WEEK_DAYS))) if exam else due


def due_for(exam: date, memory: UnitMemory, wanted: float) -> bool:
    """Return whether the unit would be recalled on the day of `exam` with less than the probability `wanted`."""
    return recall(memory, exam) < wanted
