"""What is to be placed, as the search sees it: items of one or more parts, and what must have ended before each.

No part starts before the part before it in its item has ended, nor before all parts, of what is placed, of the items
that come before its own.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from schediora.localtime import DAYS_A_WEEK, START_MARK_MINUTES
from schediora.planner.scheduler.objective import best_gap, exam_cost
from schediora.planner.scheduler.problem import Kind

FOREVER = 1 << 30

Order = tuple["Part", ...]
"""Parts of all items in the order of their times."""


def cells_of(minutes: int) -> int:
    """Return how many cells of five minutes a session takes up."""
    return -(-minutes // START_MARK_MINUTES)


@dataclass(frozen=True, slots=True)
class Part:
    """One session to place: part `number` of an item, taking up `cells`. Bounds are cells of the week.

    `day_costs` is what lying on each day of the week (0 to 6) costs it, None where it must not.
    """

    item: int
    number: int
    is_last: bool
    minutes: int
    cells: int
    topic: str
    kind: Kind | None
    gap: tuple[int, int] | None = None
    day_costs: tuple[int | None, ...] = (0,) * DAYS_A_WEEK
    not_before: int = 0
    ends_by: int = FOREVER

    def allowed_on(self, day: int) -> bool:
        """Tell whether its exams, and the days between which it helps, leave that day of the week."""
        return self.day_costs[day] is not None

    @property
    def last_day(self) -> int:
        """Return the last day of the week that it may lie on, -1 when there is none."""
        return max((day for day in range(DAYS_A_WEEK) if self.allowed_on(day)), default=-1)


@dataclass(frozen=True, slots=True)
class Item:
    """A step: placed wholly or not at all, and only with the items that it `needs`.

    `before` are all items that come before it, at one or more removes. `learnt` is the one it goes back to after a gap.
    """

    parts: tuple[Part, ...]
    value: int
    before: frozenset[int] = frozenset()
    needs: frozenset[int] = frozenset()
    learnt: int | None = None

    @property
    def topic(self) -> str:
        """Return the topic as a key."""
        return self.parts[0].topic

    @property
    def minutes(self) -> int:
        """Return the length of all parts."""
        return sum(part.minutes for part in self.parts)


def last_learning(topics: Sequence[str], kinds: Sequence[Kind | None]) -> tuple[int | None, ...]:
    """Return, for each item, the index of the last `learn` item before it of its topic, or None."""
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
    exams: Sequence[int],
    first_day: int,
    days: Collection[int] = range(DAYS_A_WEEK),
    day_cost: int = 0,
    not_before: int = 0,
    ends_by: int = FOREVER,
) -> tuple[Part, ...]:
    """Return the parts of an item. `exams`, in order, count days from Monday and may lie outside the week; `first_day`
    is the first that can be used, and the item may only lie on `days`, each of which costs `day_cost` more than the one
    before.
    """

    def cost(day: int, cells: int) -> int | None:
        before_exams = exam_cost(exams, day, cells) if day in days else None
        return None if before_exams is None else before_exams + day * day_cost

    gap = best_gap(kind, exams[0] - first_day if exams else None)
    return tuple(
        Part(
            item=item,
            number=number,
            is_last=number == len(lengths) - 1,
            minutes=minutes,
            cells=cells_of(minutes),
            topic=topic,
            kind=kind,
            gap=gap,
            day_costs=tuple(cost(day, cells_of(minutes)) for day in range(DAYS_A_WEEK)),
            not_before=not_before,
            ends_by=ends_by,
        )
        for number, minutes in enumerate(lengths)
    )


def days_from_monday(days: Iterable[date], monday: date) -> tuple[int, ...]:
    """Return local days as days from Monday, before it or after the week among them."""
    return tuple((day - monday).days for day in days)


def is_one_chain(items: Sequence[Item], chosen: Collection[int]) -> bool:
    """Tell whether the order of the `chosen` items is given: each comes after all earlier ones."""
    among = frozenset(chosen)
    return all(len(items[index].before & among) == place for place, index in enumerate(sorted(among)))
