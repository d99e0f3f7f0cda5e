"""The parts of some items and what must come before what among them, as bits: what a search over orders works on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from schediora.localtime import DAYS_A_WEEK
from schediora.planner.scheduler.items import Item, Order, Part


class PartGraph:
    """The parts of the `chosen` items, numbered in study order. Bit n of a mask stands for part n.

    `before` are the parts that have ended before each one starts, if placed; `following` are those that start after
    it; `needed` are those without which it is not placed.
    """

    def __init__(self, items: Sequence[Item], chosen: Collection[int]) -> None:
        self.items = items
        self.parts: Order = tuple(part for index in sorted(chosen) for part in items[index].parts)
        self.number = {(part.item, part.number): number for number, part in enumerate(self.parts)}
        self.of_item: dict[int, int] = {}
        for number, part in enumerate(self.parts):
            self.of_item[part.item] = self.of_item.get(part.item, 0) | 1 << number
        self.before = [self._before(number, part) for number, part in enumerate(self.parts)]
        self.needed = [self._bits(items[part.item].needs) for part in self.parts]
        self.following = [0] * len(self.parts)
        for number, before in enumerate(self.before):
            for other in bits_of(before):
                self.following[other] |= 1 << number

    def _before(self, number: int, part: Part) -> int:
        earlier_parts = self.of_item[part.item] & ((1 << number) - 1)
        return earlier_parts | self._bits(self.items[part.item].before)

    def _bits(self, items: Collection[int]) -> int:
        return sum(self.of_item.get(item, 0) for item in items)

    def orders(self) -> Iterator[Order]:
        """Yield natural common orders: in study order, topics evenly mixed, the nearest last day, bound or first day
        first.
        """
        in_topic: dict[str, list[int]] = {}
        for number, part in enumerate(self.parts):
            in_topic.setdefault(part.topic, []).append(number)
        evenly = {
            number: (place + 0.5) / len(numbers)
            for numbers in in_topic.values()
            for place, number in enumerate(numbers)
        }
        last_day = self._nearest([part.last_day for part in self.parts])
        ends_by = self._nearest([part.ends_by for part in self.parts])
        keys: list[Callable[[int], Any]] = [
            lambda number: number,
            lambda number: (evenly[number], number),
            lambda number: (last_day[number], evenly[number], number),
            lambda number: (ends_by[number], self.parts[number].not_before, evenly[number], number),
            lambda number: (_first_day(self.parts[number]), last_day[number], evenly[number], number),
        ]
        given = all(before == (1 << number) - 1 for number, before in enumerate(self.before))
        known: set[tuple[int, ...]] = set()
        for key in keys[:1] if given else keys:
            order = tuple(self._ordered(key))
            if order not in known:
                known.add(order)
                yield tuple(self.parts[number] for number in order)

    def _nearest(self, bounds: Sequence[int]) -> list[int]:
        """Return for each part the least bound of it and of what follows it."""
        return [
            min(bound, min((bounds[other] for other in bits_of(self.following[number])), default=bound))
            for number, bound in enumerate(bounds)
        ]

    def _ordered(self, key: Callable[[int], Any]) -> list[int]:
        """Return all parts, each after those before it, else by `key`."""
        order: list[int] = []
        done, left = 0, sorted(range(len(self.parts)), key=key)
        while left:
            number = next(number for number in left if not self.before[number] & ~done)
            order.append(number)
            left.remove(number)
            done |= 1 << number
        return order


def bits_of(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits of a mask, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _first_day(part: Part) -> int:
    return next((day for day in range(DAYS_A_WEEK) if part.allowed_on(day)), DAYS_A_WEEK)
