"""What wants words of its own: the slots of a frame, and the parts of those that no session can hold whole."""

from dataclasses import replace

from schediora.ai.curriculum.frame import Frame, Role, Slot
from schediora.ai.model.slots import Piece
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES

_SPLIT = frozenset({Role.LESSON, Role.PRACTICE, Role.MIXED})


def pieces_of(frame: Frame, longest_session_minutes: int | None) -> tuple[Piece, ...]:
    """Return the pieces of `frame` in order; a lesson or practice longer than a session is split into equal parts.

    Windows may split it otherwise in the end: what a model wrote then has no place, and our own words stand in.
    """
    return tuple(
        piece for index, slot in enumerate(frame.slots) for piece in _parts(index, slot, longest_session_minutes)
    )


def _parts(index: int, slot: Slot, longest: int | None) -> list[Piece]:
    if longest is None or slot.whole or slot.role not in _SPLIT or slot.minutes <= longest:
        return [Piece(index, slot)]
    parts = min(-(-slot.minutes // longest), slot.minutes // SHORTEST_SESSION_MINUTES)
    return [Piece(index, replace(slot, minutes=slot.minutes // parts), part, parts) for part in range(parts)]
