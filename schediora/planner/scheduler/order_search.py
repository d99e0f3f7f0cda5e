"""Finding the best placement: which items, in what common order, at what times.

With one chain the order is given, so choosing the items and timing them are both exact. With several chains what is
placed is chosen over all common orders, and then the cheapest order is searched for: from a few natural mixes, parts
are moved past parts of other chains for as long as that helps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schediora.localtime import DAYS_A_WEEK
from schediora.planner.scheduler.free_time import Day, with_room_for
from schediora.planner.scheduler.items import FOREVER, Item, Part
from schediora.planner.scheduler.objective import VALUE_WEIGHT
from schediora.planner.scheduler.selection import MOST_LABELS, equally_valuable, fits, most_valuable
from schediora.planner.scheduler.week_search import Slot, Timetable, WeekSearch

_EQUALLY_GOOD = 24
"""How many choices of one value are compared by cost when there is one chain."""

_CHOICES_OF_SEVERAL = 2
"""How many choices of one value are compared by cost when there are several."""

_STARTS = 3
WORK_FROM_EACH = 1_500
"""From how many orders of several chains the search starts, and how many runs it prices from each: a tenth of a
second."""

Order = tuple[Part, ...]
"""Parts of all chains in the order of their times."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The parts that are placed, each with its slot, in order of time; and what that is worth and costs."""

    placed: tuple[tuple[Part, Slot], ...]
    value: int
    cost: int

    @property
    def score(self) -> int:
        """Return the objective."""
        return VALUE_WEIGHT * self.value - self.cost


def arrange(
    items: Sequence[Item],
    days: Sequence[Day],
    fixed: Mapping[int, int | None] | None = None,
    *,
    labels: int = MOST_LABELS,
    work: int = WORK_FROM_EACH,
) -> Arrangement:
    """Return the best placement of `items` found in `days`.

    `fixed` names items that are not to be placed. Those that the week already holds, as something that takes up time
    there, come with their day of the week, and what goes back to them is spaced from that day. `labels` bounds the
    choice, and `work` the search for an order.
    """
    fixed = fixed or {}
    chains = _chains([item for index, item in enumerate(items) if index not in fixed])
    if not chains:
        return Arrangement((), 0, 0)
    days = with_room_for(days, _shortest(chains))
    search = WeekSearch(days, items, fixed)
    if len(chains) == 1:
        orders = equally_valuable(chains[0], items, days, _EQUALLY_GOOD, labels)
        order, timetable = min(_timed(orders, search), key=lambda end: end[1].cost)
    else:
        order, timetable = _best_of_several(_starting_orders(chains, items, days, labels), search, work)
    value = sum(items[part.item].value for part in order if part.number == 0)
    return Arrangement(tuple(zip(order, timetable.slots, strict=True)), value, timetable.cost)


def worth_placing(
    items: Sequence[Item], days: Sequence[Day], fixed: Mapping[int, int | None], labels: int
) -> frozenset[int]:
    """Return the items that `arrange` would choose, but for others of equal value, without giving them times."""
    chains = _chains([item for index, item in enumerate(items) if index not in fixed])
    if not chains:
        return frozenset()
    days = with_room_for(days, _shortest(chains))
    mixes = _mixes(chains)
    chosen = next((order for order in mixes if fits(order, days)), None)
    if chosen is None:
        (chosen,) = most_valuable(chains, items, days, 1, mixes, labels)
    return frozenset(part.item for part in chosen)


def everything_fits(items: Sequence[Item], days: Sequence[Day]) -> bool:
    """Tell, quickly, whether `arrange` places every item: exact for one chain, and never a false yes for several."""
    return any(fits(order, days) for order in _mixes(_chains(items)))


def _starting_orders(chains: Sequence[Order], items: Sequence[Item], days: Sequence[Day], labels: int) -> list[Order]:
    """Return common orders, of the parts to place, that can be timed."""
    mixes = _mixes(chains)
    orders = [order for order in mixes if fits(order, days)]
    if orders:
        return orders
    for choice in most_valuable(chains, items, days, _CHOICES_OF_SEVERAL, mixes, labels):
        placed = {part.item for part in choice}
        chosen = [tuple(part for part in chain if part.item in placed) for chain in chains]
        orders += [choice, *(order for order in _mixes(chosen) if fits(order, days))]
    return orders


def _best_of_several(orders: Sequence[Order], search: WeekSearch, work: int) -> tuple[Order, Timetable]:
    """Return the cheapest order found from the best few of `orders`."""
    starts = sorted(_timed(orders, search), key=lambda end: end[1].cost)[:_STARTS]
    tried = set(orders)
    ends = [_improved(order, timetable, tried, search, work) for order, timetable in starts]
    return min(ends, key=lambda end: end[1].cost)


def _timed(orders: Sequence[Order], search: WeekSearch) -> list[tuple[Order, Timetable]]:
    return [(order, timetable) for order in orders if (timetable := search.cheapest(order)) is not None]


def _improved(
    order: Order, timetable: Timetable, tried: set[Order], search: WeekSearch, work: int
) -> tuple[Order, Timetable]:
    """Move parts within `order`, past parts of other chains, for as long as that makes it cheaper."""
    most_work = search.work + work
    neighbours = _neighbours(order)
    while search.work < most_work and (changed := next(neighbours, None)) is not None:
        if changed in tried:
            continue
        tried.add(changed)
        found = search.cheapest(changed)
        if found is not None and found.cost < timetable.cost:
            order, timetable, neighbours = changed, found, _neighbours(changed)
    return order, timetable


def _neighbours(order: Order) -> Iterator[Order]:
    """Yield the orders in which one part is earlier or later by some places, short ways first."""
    for distance in range(1, len(order)):
        for index in range(len(order) - distance):
            first, *between, last = order[index : index + distance + 1]
            head, tail = order[:index], order[index + distance + 1 :]
            if all(part.topic != first.topic for part in (*between, last)):
                yield (*head, *between, last, first, *tail)
            if distance > 1 and all(part.topic != last.topic for part in (first, *between)):
                yield (*head, last, first, *between, *tail)


def _chains(items: Sequence[Item]) -> list[Order]:
    """Return each topic's parts, in order."""
    chains: dict[str, Order] = {}
    for item in items:
        chains[item.topic] = (*chains.get(item.topic, ()), *item.parts)
    return list(chains.values())


def _shortest(chains: Sequence[Order]) -> int:
    return min(part.cells for chain in chains for part in chain)


def _mixes(chains: Sequence[Order]) -> list[Order]:
    """Return common orders to start from: evenly mixed, the nearest exam first, the nearest bound first."""
    mixed = [part for _, _, part in sorted(_evenly(chains), key=lambda place: place[:2])]
    ends_by = _nearest_bounds(chains)
    by_exam = sorted(mixed, key=lambda part: DAYS_A_WEEK if part.exam_day is None else min(part.exam_day, DAYS_A_WEEK))
    by_bound = sorted(mixed, key=lambda part: (ends_by[part.item, part.number], part.not_before))
    return [*dict.fromkeys([tuple(mixed), tuple(by_exam), tuple(by_bound)])]


def _evenly(chains: Sequence[Order]) -> Iterator[tuple[float, int, Part]]:
    """Yield each part with its place between the start (0) and the end (1) of its chain."""
    for number, chain in enumerate(chains):
        for index, part in enumerate(chain):
            yield (index + 0.5) / len(chain), number, part


def _nearest_bounds(chains: Sequence[Order]) -> dict[tuple[int, int], int]:
    """Return the nearest bound of each part and what follows it in its chain: sorting by it keeps a chain in order."""
    nearest: dict[tuple[int, int], int] = {}
    for chain in chains:
        bound = FOREVER
        for part in reversed(chain):
            bound = min(bound, part.ends_by)
            nearest[part.item, part.number] = bound
    return nearest
