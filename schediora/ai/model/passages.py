"""What wants words of its own: the slots of a frame, and the parts of those that no session can hold whole."""

from dataclasses import replace

from schediora.ai.curriculum.frame import Frame, Role, Slot
from schediora.ai.model.slots import Passage
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES

_SPLIT = frozenset({Role.LESSON, Role.PRACTICE, Role.MIXED})


def passages_of(frame: Frame, longest_session_minutes: int | None) -> tuple[Passage, ...]:
    """Return the passages of `frame` in order; a lesson or practice longer than a session is split into equal parts.

    Windows may split it otherwise in the end: what a model wrote then has no place, and our own words stand in.
    """
    return tuple(
        passage for index, slot in enumerate(frame.slots) for passage in _parts(index, slot, longest_session_minutes)
    )


def _parts(index: int, slot: Slot, longest: int | None) -> list[Passage]:
    if longest is None or slot.whole or slot.role not in _SPLIT or slot.minutes <= longest:
        return [Passage(index, slot)]
    parts = min(-(-slot.minutes // longest), slot.minutes // SHORTEST_SESSION_MINUTES)
    return [Passage(index, replace(slot, minutes=slot.minutes // parts), part, parts) for part in range(parts)]
