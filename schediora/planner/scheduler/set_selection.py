"""Choosing what to place, over all orders that the graph allows: the set of items that is worth most together.

Layer by layer, one more part is put behind those of a set; of one set only the ways remain that end first. A set is
dropped when even filling all time that it leaves, with what is worth most a minute, would not reach the best found.
Exact, unless a layer holds more ways than there is time to look at; then those that could still become worth most stay.
"""

from collections.abc import Sequence

from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.items import Item, Order
from schediora.planner.scheduler.part_graph import PartGraph, bits_of
from schediora.planner.scheduler.selection import (
    START,
    Label,
    Place,
    first_fit,
    is_no_later,
    most_valuable_in,
    value_of,
)

MOST_TRIES = 60_000
"""How many places may be tried for a choice that is made once and in a job: up to a third of a second."""

_FEWEST_IN_A_LAYER = 8
_LABELS_IN_ONE_ORDER = 400


def most_valuable(
    graph: PartGraph,
    items: Sequence[Item],
    days: Sequence[Day],
    most: int = 1,
    orders: Sequence[Order] = (),
    tries: int = MOST_TRIES,
) -> list[Order]:
    """Return choices of parts of greatest value that fit, each in an order in which it does: `most` or fewer.

    All orders are looked at, as far as `tries` places allow; when they are too few for that, only `orders`.
    """
    in_orders = [most_valuable_in(order, items, days, min(tries, _LABELS_IN_ONE_ORDER)) for order in orders]
    best = max((value_of(order, items) for order in in_orders), default=0)
    found = [order for order in in_orders if value_of(order, items) == best]
    width = tries // max(1, len(graph.parts)) ** 2
    if width >= _FEWEST_IN_A_LAYER:
        labels = _SetSearch(graph, items, days, best).ends(width, most)
        if labels and (labels[0].value > best or not found):
            found = []
        found = [label.order() for label in labels] + found
    by_set = {frozenset((part.item, part.number) for part in order): order for order in reversed(found)}
    return list(reversed(by_set.values()))[:most]


class _SetSearch:
    """The layers of one search. `best` is the greatest value found."""

    def __init__(self, graph: PartGraph, items: Sequence[Item], days: Sequence[Day], best: int) -> None:
        self._graph, self._days, self.best = graph, days, best
        self._items = [(items[index], bits) for index, bits in graph.of_item.items()]
        self._items.sort(key=lambda item: item[0].value / item[0].minutes, reverse=True)
        self._shortest = min((part.minutes for part in graph.parts), default=0)
        self._worth = {index: items[index].value for index in graph.of_item}
        self._left_from = [0] * (len(days) + 1)
        for number in range(len(days) - 1, -1, -1):
            self._left_from[number] = self._left_from[number + 1] + days[number].free_minutes

    def ends(self, width: int, most: int) -> list[Label]:
        """Return the best finished choices, of different sets, `most` or fewer; none when none reaches `best`."""
        layer = {0: [START]}
        finished: dict[int, Label] = {}
        while layer:
            for chosen, labels in layer.items():
                if not self._begun(chosen) and labels[0].value >= self.best:
                    self.best = labels[0].value
                    finished[chosen] = labels[0]
            following: dict[int, list[Label]] = {}
            for chosen, labels in layer.items():
                for number in self._next(chosen):
                    for label in labels:
                        self._put(label, number, following)
            layer = self._kept(following, width)
        best = [label for label in finished.values() if label.value == self.best]
        return sorted(best, key=lambda label: label.rank)[:most]

    def _begun(self, chosen: int) -> int:
        """Return the parts that are missing of items begun."""
        return sum(bits & ~chosen for _, bits in self._items if bits & chosen)

    def _next(self, chosen: int) -> list[int]:
        """Return the parts that can be put behind those chosen."""
        graph, begun = self._graph, self._begun(chosen)
        return [
            number
            for number, part in enumerate(graph.parts)
            if not chosen >> number & 1
            and not graph.following[number] & chosen
            and not graph.needed[number] & ~chosen
            and not graph.before[number] & begun
            and (part.number == 0 or chosen >> number - 1 & 1)
        ]

    def _put(self, label: Label, number: int, following: dict[int, list[Label]]) -> None:
        part = self._graph.parts[number]
        place = first_fit(label.place, part, self._days)
        if place is None:
            return
        value = label.value + (self._worth[part.item] if part.number == 0 else 0)
        chosen = label.chosen | 1 << number
        others = following.setdefault(chosen, [])
        if not any(is_no_later(other.place, place) for other in others):
            others[:] = [other for other in others if not is_no_later(place, other.place)]
            others.append(Label(value, chosen, place, part, label))

    def _kept(self, layer: dict[int, list[Label]], width: int) -> dict[int, list[Label]]:
        """Return a layer without what cannot reach the best found, and without the least promising of very many."""
        bounded = [
            (bound, label)
            for chosen, labels in layer.items()
            for label in labels
            if (bound := label.value + self._most_more(chosen, label.place)) >= self.best
        ]
        if len(bounded) > width:
            bounded.sort(key=lambda entry: (-entry[0], *entry[1].rank))
        kept: dict[int, list[Label]] = {}
        for _, label in bounded[:width]:
            kept.setdefault(label.chosen, []).append(label)
        return kept

    def _most_more(self, chosen: int, place: Place) -> int:
        """Return a value that no more items than fit into the time left can exceed."""
        today = self._days[place.day].left_minutes - place.minutes
        room = self._left_from[place.day + 1] + (today if today >= self._shortest else 0)
        room -= sum(self._graph.parts[number].minutes for number in bits_of(self._begun(chosen)))
        worth = 0
        for item, bits in self._items:
            if bits & chosen or any(self._graph.following[number] & chosen for number in bits_of(bits)):
                continue
            if item.minutes >= room:
                return worth + -(-item.value * max(0, room) // item.minutes)
            worth += item.value
            room -= item.minutes
        return worth
