"""What is to be placed, as the search sees it: items of one or more parts, in chains whose order must be kept.

A chain is one topic's items in study order: no part starts before the part before it in the chain has ended. Chains
are independent of each other, so a search over several of them works on one order of all parts that keeps each
chain's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schediora.localtime import START_MARK_MINUTES
from schediora.planner.scheduler.objective import best_gap
from schediora.planner.scheduler.problem import Kind

FOREVER = 1 << 30


def cells_of(minutes: int) -> int:
    """Return how many cells of five minutes a session takes up."""
    return -(-minutes // START_MARK_MINUTES)


@dataclass(frozen=True, slots=True)
class Part:
    """One session to place: part `number` of an item, taking up `cells`. Days are days of the week (0 to 6), bounds
    are cells of the week.
    """

    item: int
    number: int
    is_last: bool
    minutes: int
    cells: int
    topic: str
    kind: Kind | None
    exam_day: int | None
    gap: tuple[int, int] | None
    not_before: int = 0
    ends_by: int = FOREVER

    def allowed_on(self, day: int) -> bool:
        """Tell whether the exam of its topic leaves that day of the week."""
        return self.exam_day is None or day < self.exam_day


@dataclass(frozen=True, slots=True)
class Item:
    """A step: placed wholly or not at all, and only with its `parent`, when it has one. `learnt` is the item it goes
    back to.
    """

    parts: tuple[Part, ...]
    value: int
    parent: int | None = None
    learnt: int | None = None

    @property
    def topic(self) -> str:
        """Return the topic, which is also the chain, as a key."""
        return self.parts[0].topic

    @property
    def minutes(self) -> int:
        """Return the length of all parts."""
        return sum(part.minutes for part in self.parts)


def last_learning(topics: Sequence[str], kinds: Sequence[Kind | None]) -> tuple[int | None, ...]:
    """Return, for each item, the index of the last `learn` item before it in its chain, or None."""
    latest: dict[str, int] = {}
    found: list[int | None] = []
    for index, (topic, kind) in enumerate(zip(topics, kinds, strict=True)):
        found.append(latest.get(topic))
        if kind is Kind.LEARN:
            latest[topic] = index
    return tuple(found)


def parts_of(
    item: int,
    lengths: Sequence[int],
    topic: str,
    kind: Kind | None,
    *,
    exam_day: int | None,
    first_day: int,
    not_before: int = 0,
    ends_by: int = FOREVER,
) -> tuple[Part, ...]:
    """Return the parts of an item. `exam_day` counts days from Monday and may lie beyond the week; `first_day` is the
    first that can be used.
    """
    gap = best_gap(kind, None if exam_day is None else exam_day - first_day)
    return tuple(
        Part(
            item=item,
            number=number,
            is_last=number == len(lengths) - 1,
            minutes=minutes,
            cells=cells_of(minutes),
            topic=topic,
            kind=kind,
            exam_day=exam_day,
            gap=gap,
            not_before=not_before,
            ends_by=ends_by,
        )
        for number, minutes in enumerate(lengths)
    )
