"""Finding the best placement: which items, in what order, at what times.

With one chain the order is given, so choosing the items and timing them are both exact. Else what is placed is chosen
over all orders that the graph allows (`set_selection`), and the cheapest of these is searched for (`neighbourhood`),
from natural orders that are timed exactly (`week_search`), as is the order found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schediora.planner.scheduler.free_time import Day, with_room_for
from schediora.planner.scheduler.items import Item, Order, Part, is_one_chain
from schediora.planner.scheduler.neighbourhood import Neighbourhood
from schediora.planner.scheduler.objective import VALUE_WEIGHT
from schediora.planner.scheduler.part_graph import PartGraph
from schediora.planner.scheduler.selection import equally_valuable, fits, most_valuable_in, value_of
from schediora.planner.scheduler.set_selection import MOST_TRIES, most_valuable
from schediora.planner.scheduler.week_search import Slot, Timetable, WeekSearch

_EQUALLY_GOOD = 24
"""How many choices of one value are compared by cost when there is one chain."""

_CHOICES = 3
"""How many choices of one value are compared by cost when there is none."""

_LABELS_IN_CHAIN = 24_000
MOST_WORK = 40_000
"""How many places a search for an order tries, and sessions it packs: some tenths of a second."""

_ROUNDS = 3
"""How often the order found is timed exactly, and searched on from."""


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


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a search does: places tried for a choice, places tried and sessions packed for an order, and up to
    how many sessions: of more, one order of mixed topics is taken as it is, as timing it takes some tenths of a second.
    """

    choice: int = MOST_TRIES
    order: int = MOST_WORK
    sessions: int = 60


def arrange(
    items: Sequence[Item],
    days: Sequence[Day],
    fixed: Mapping[int, int | None] | None = None,
    effort: Effort = Effort(),
) -> Arrangement:
    """Return the best placement of `items` found in `days`.

    `fixed` names items that are not to be placed. Those that the week already holds, as something that takes up time
    there, come with their day of the week, and what goes back to them is spaced from that day.
    """
    fixed = fixed or {}
    chosen = [index for index in range(len(items)) if index not in fixed]
    if not chosen:
        return Arrangement((), 0, 0)
    graph = PartGraph(items, chosen)
    days = with_room_for(days, min(part.cells for part in graph.parts))
    search = WeekSearch(days, items, fixed)
    if is_one_chain(items, chosen):
        orders = equally_valuable(graph.parts, items, days, _EQUALLY_GOOD, min(effort.choice, _LABELS_IN_CHAIN))
        order, timetable = min(_timed(orders, search), key=lambda end: end[1].cost)
    else:
        order, timetable = _best_order(graph, items, days, search, fixed, effort)
    return Arrangement(tuple(zip(order, timetable.slots, strict=True)), value_of(order, items), timetable.cost)


def worth_placing(
    items: Sequence[Item], days: Sequence[Day], fixed: Mapping[int, int | None], effort: Effort
) -> frozenset[int]:
    """Return the items that `arrange` would choose, but for others of equal value, without giving them times."""
    chosen = [index for index in range(len(items)) if index not in fixed]
    if not chosen:
        return frozenset()
    graph = PartGraph(items, chosen)
    days = with_room_for(days, min(part.cells for part in graph.parts))
    return frozenset(part.item for part in _choices(graph, items, days, 1, effort)[0])


def everything_fits(items: Sequence[Item], days: Sequence[Day]) -> bool:
    """Tell, quickly, whether `arrange` places every item: exact for one chain, and never a false yes else."""
    return any(fits(order, days) for order in PartGraph(items, range(len(items))).orders())


def _choices(graph: PartGraph, items: Sequence[Item], days: Sequence[Day], most: int, effort: Effort) -> list[Order]:
    """Return orders of the parts to place, of different choices of equal value; just one when everything fits."""
    orders = []
    for order in graph.orders():
        if fits(order, days):
            return [order]
        orders.append(order)
    if is_one_chain(items, graph.of_item):
        return [most_valuable_in(graph.parts, items, days, min(effort.choice, _LABELS_IN_CHAIN))]
    return most_valuable(graph, items, days, most, orders, effort.choice) or [()]


def _best_order(
    graph: PartGraph,
    items: Sequence[Item],
    days: Sequence[Day],
    search: WeekSearch,
    fixed: Mapping[int, int | None],
    effort: Effort,
) -> tuple[Order, Timetable]:
    """Return the cheapest order found of the parts that are worth placing."""
    choices = _choices(graph, items, days, _CHOICES, effort)
    ends = []
    for choice in choices:
        of_choice = PartGraph(items, {part.item for part in choice})
        orders = list(dict.fromkeys([choice, *(order for order in of_choice.orders() if fits(order, days))]))
        timed = _timed(orders if len(choice) < effort.sessions else orders[:2][-1:], search)
        end = min(timed, key=lambda end: end[1].cost)
        if 0 < len(choice) < effort.sessions:
            places = Neighbourhood(of_choice, items, search, len(days), fixed)
            end = _improved(end, places, search, effort.order // len(choices))
        ends.append(end)
    return min(ends, key=lambda end: end[1].cost)


def _improved(
    end: tuple[Order, Timetable], places: Neighbourhood, search: WeekSearch, work: int
) -> tuple[Order, Timetable]:
    """Search on from `end`, timing exactly each order that is found."""
    for _ in range(_ROUNDS):
        order, timetable = places.improved(*end, work // _ROUNDS)
        exact = search.cheapest(order)
        end = (order, exact) if exact is not None and exact.cost < timetable.cost else (order, timetable)
    return end


def _timed(orders: Sequence[Order], search: WeekSearch) -> list[tuple[Order, Timetable]]:
    return [(order, timetable) for order in orders if (timetable := search.cheapest(order)) is not None]
