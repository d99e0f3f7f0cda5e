"""Steps while a week is being composed: their lengths can still give way, and they know each other by sight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import heapify, heappop, heappush
from uuid import UUID

from schediora.ai.curriculum.frame import KIND_OF, Role, Slot, Why
from schediora.planner.scheduler.problem import Kind
from schediora.syllabus.syllabus import SyllabusUnit

MARK = 5
"""Lengths are multiples of so many minutes."""
SHORTEST_SLOT = 15
LONGEST_SLOT = 240
"""The scheduler splits what is longer than a session; more of one thing in one week is several steps."""
LONGEST_RECALL = 45
LONGEST_REVIEW = 60
LONGEST_LIGHT_REVIEW = 30

_HALVINGS = 30
_MOST_STRETCH = 16.0


@dataclass(frozen=True, slots=True)
class Length:
    """How long a step should be, and how far that may give way, all in minutes."""

    ideal: int
    low: int
    high: int


def length(ideal: float, low: float = SHORTEST_SLOT, high: float = LONGEST_SLOT) -> Length:
    """Return a length in whole marks with `low` <= ideal <= `high`."""
    highest = max(SHORTEST_SLOT, marked(high))
    lowest = min(max(SHORTEST_SLOT, marked(low)), highest)
    return Length(min(max(marked(ideal), lowest), highest), lowest, highest)


def marked(minutes: float) -> int:
    """Return the whole mark nearest to `minutes`."""
    return MARK * int(minutes / MARK + 0.5)


@dataclass(eq=False, slots=True)
class Draft:
    """A step that has no final length yet. `place` orders the steps of a topic where `after` leaves them free."""

    role: Role
    why: Why
    length: Length
    units: tuple[SyllabusUnit, ...] = ()
    turn: int = 0
    place: float = 0.0
    after: list["Draft"] = field(default_factory=list)
    builds_on: tuple[UUID, ...] = ()
    latest_day: date | None = None
    earliest_day: date | None = None
    whole: bool = False
    missed_on: date | None = None

    @property
    def kind(self) -> Kind:
        """Return the kind that its sessions have."""
        return KIND_OF[self.role]


def ideal_minutes(drafts: Iterable[Draft]) -> int:
    """Return how long `drafts` take when each has the length it should have."""
    return sum(draft.length.ideal for draft in drafts)


def least_minutes(drafts: Iterable[Draft]) -> int:
    """Return the minutes below which `drafts` cannot go."""
    return sum(draft.length.low for draft in drafts)


def in_order(drafts: Sequence[Draft]) -> list[Draft]:
    """Return `drafts` by place, each behind those of them that it comes after.

    The graph is acyclic by construction: a step only ever comes after one that was drafted before it.
    """
    number = {id(draft): index for index, draft in enumerate(drafts)}
    waits = {}
    followers: dict[int, list[int]] = {}
    for index, draft in enumerate(drafts):
        before = {number[id(other)] for other in draft.after if id(other) in number}
        waits[index] = len(before)
        for other in before:
            followers.setdefault(other, []).append(index)
    ready = [(draft.place, index) for index, draft in enumerate(drafts) if not waits[index]]
    heapify(ready)
    ordered = []
    while ready:
        _, index = heappop(ready)
        ordered.append(drafts[index])
        for follower in followers.get(index, ()):
            waits[follower] -= 1
            if not waits[follower]:
                heappush(ready, (drafts[follower].place, follower))
    return ordered


def fitted(drafts: Sequence[Draft], minutes: int) -> list[int]:
    """Return a length for each of `drafts`, all stretched or shrunk alike so that they make `minutes` where they can.

    Each keeps within its own limits, which win over `minutes`.
    """
    low, high = 0.0, _MOST_STRETCH
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_scaled(drafts, middle)) <= minutes else (low, middle)
    lengths = [marked(length - 0.1) for length in _scaled(drafts, low)]
    left = minutes - sum(lengths)
    for index, draft in enumerate(drafts):
        if left >= MARK and lengths[index] + MARK <= draft.length.high:
            lengths[index] += MARK
            left -= MARK
        elif left < 0 and lengths[index] - MARK >= draft.length.low:
            lengths[index] -= MARK
            left += MARK
    return lengths


def _scaled(drafts: Sequence[Draft], factor: float) -> list[float]:
    return [min(max(draft.length.ideal * factor, draft.length.low), draft.length.high) for draft in drafts]


def as_slots(steps: Iterable[tuple[str, Draft, int]]) -> tuple[Slot, ...]:
    """Return the slots of a frame, in study order, from its steps: the topic, the step and its minutes."""
    known = {id(step[1]): step for step in steps}
    ordered = [known[id(draft)] for draft in in_order([step[1] for step in known.values()])]
    number = {id(draft): index for index, (_, draft, _) in enumerate(ordered)}
    return tuple(
        Slot(
            role=draft.role,
            why=draft.why,
            topic=topic,
            units=draft.units,
            minutes=minutes,
            after=tuple(sorted({number[id(other)] for other in draft.after if id(other) in number})),
            builds_on=draft.builds_on,
            latest_day=draft.latest_day,
            earliest_day=draft.earliest_day,
            whole=draft.whole,
            missed_on=draft.missed_on,
            turn=draft.turn,
        )
        for topic, draft, minutes in ordered
    )
