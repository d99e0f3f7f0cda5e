"""Improving a placement when its order is not given: a large-neighbourhood search (Shaw 1998).

Again and again a few sessions are taken out of the week and put back where they cost least, one after the other, each
between what must come before and after it. A little dearer is accepted at first, less and less (record-to-record
travel, Dueck 1993). Seeded, and bounded by how many places are tried and sessions packed, so that it ends alike on
every machine.
"""

from collections.abc import Mapping, Sequence
from random import Random

from schediora.planner.scheduler.items import Item, Order
from schediora.planner.scheduler.objective import SAME_TOPIC, spacing_cost
from schediora.planner.scheduler.part_graph import PartGraph, bits_of
from schediora.planner.scheduler.week_search import Timetable, WeekSearch

_SEED = 7
_TAKEN_OUT = (1, 2, 3, 3, 4, 4, 5, 6)
_DEARER = 0.06
"""The part of the cost by which a step may be dearer than the best, at first."""

_SAVED = 2 * SAME_TOPIC
"""What putting a session back can save: it may keep two of one topic apart, at either side."""

_FAR = (1 << 20, 0)

Runs = list[tuple[int, ...]]
"""The numbers of the parts on each day, in order."""


class Neighbourhood:
    """The ways to place all parts of a graph in a week."""

    def __init__(
        self, graph: PartGraph, items: Sequence[Item], search: WeekSearch, days: int, fixed: Mapping[int, int | None]
    ) -> None:
        self._graph, self._search, self._days = graph, search, days
        self._random = Random(_SEED)
        self._work = 0
        self._prices: list[dict[tuple[int, ...], int | None]] = [{} for _ in range(days)]
        self._apart: list[list[tuple[int, bool, tuple[int, int]]]] = [[] for _ in graph.parts]
        self._from_fixed: list[tuple[int, ...]] = [(0,) * days for _ in graph.parts]
        for number, part in enumerate(graph.parts):
            learnt = items[part.item].learnt
            if part.number or part.gap is None or learnt is None:
                continue
            on = fixed.get(learnt)
            if on is not None:
                self._from_fixed[number] = tuple(spacing_cost(part.gap, day - on) for day in range(days))
            elif learnt in graph.of_item:
                lesson = graph.of_item[learnt].bit_length() - 1
                self._apart[number].append((lesson, True, part.gap))
                self._apart[lesson].append((number, False, part.gap))

    def improved(self, order: Order, timetable: Timetable, work: int) -> tuple[Order, Timetable]:
        """Return the cheapest placement found from one of all parts, in `work` places tried and sessions packed."""
        runs: Runs = [()] * self._days
        for part, slot in zip(order, timetable.slots, strict=True):
            runs[slot.day] = (*runs[slot.day], self._graph.number[part.item, part.number])
        best, best_cost = runs, timetable.cost
        begun = self._work
        while self._work < begun + work:
            dearer = int(_DEARER * best_cost * (begun + work - self._work) / work)
            found = [tuple(run) for run in runs]
            taken = self._taken_out(found)
            found_cost: int | None = self._cost(found)
            for number in taken:
                found_cost = self._put_back(number, found, found_cost)
                if found_cost is None or found_cost > best_cost + dearer + _SAVED:
                    found_cost = None
                    break
            if found_cost is not None and found_cost <= best_cost + dearer:
                runs = found
                if found_cost < best_cost:
                    best, best_cost = found, found_cost
            self._work += 1
        return self._timetable(best, best_cost)

    def _timetable(self, runs: Runs, cost: int) -> tuple[Order, Timetable]:
        parts = self._graph.parts
        order = tuple(parts[number] for run in runs for number in run)
        slots = [
            slot
            for day, run in enumerate(runs)
            if run
            for slot in self._search.starts(day, [parts[number] for number in run])
        ]
        return order, Timetable(cost, tuple(slots))

    def _taken_out(self, runs: Runs) -> list[int]:
        """Take a few parts, of one or two days or of all, out of the week, and return them in a random order."""
        random = self._random
        count = random.choice(_TAKEN_OUT)
        used = [day for day, run in enumerate(runs) if run]
        if random.random() < 0.5:
            used = random.sample(used, min(2, len(used)))
        numbers = [number for day in used for number in runs[day]]
        taken = random.sample(numbers, min(count, len(numbers)))
        gone = set(taken)
        for day in used:
            runs[day] = tuple(number for number in runs[day] if number not in gone)
        return taken

    def _cost(self, runs: Runs) -> int | None:
        total = 0
        day_of = {number: day for day, run in enumerate(runs) for number in run}
        for day, run in enumerate(runs):
            price = self._price(day, run)
            if price is None:
                return None
            total += price + sum(self._spacing(number, day, day_of, learnt_only=True) for number in run)
        return total

    def _price(self, day: int, run: tuple[int, ...]) -> int | None:
        if not run:
            return 0
        prices = self._prices[day]
        if run not in prices:
            self._work += len(run)
            prices[run] = self._search.price(day, [self._graph.parts[number] for number in run])
        return prices[run]

    def _spacing(self, number: int, day: int, day_of: Mapping[int, int], *, learnt_only: bool = False) -> int:
        """Return what spacing costs a part on a day, from what it goes back to, or also to what goes back to it."""
        total = self._from_fixed[number][day]
        for other, is_learnt, gap in self._apart[number]:
            on = day_of.get(other)
            if on is not None and (is_learnt or not learnt_only):
                total += spacing_cost(gap, day - on if is_learnt else on - day)
        return total

    def _put_back(self, number: int, runs: Runs, cost: int | None) -> int | None:
        """Put a part where it costs least, and return the new cost; None when there is no place."""
        if cost is None:
            return None
        places = {other: (day, place) for day, run in enumerate(runs) for place, other in enumerate(run)}
        day_of = {other: day for other, (day, _) in places.items()}
        first, last = (0, 0), _FAR
        for other in bits_of(self._graph.before[number]):
            if other in places:
                day, place = places[other]
                first = max(first, (day, place + 1))
        for other in bits_of(self._graph.following[number]):
            if other in places:
                last = min(last, places[other])
        part = self._graph.parts[number]
        least: int | None = None
        best: tuple[int, tuple[int, ...]] | None = None
        for day in range(first[0], min(self._days - 1, last[0]) + 1):
            if not part.allowed_on(day):
                continue
            run = runs[day]
            without = self._price(day, run)
            spacing = self._spacing(number, day, day_of)
            if without is None:
                continue
            start = first[1] if day == first[0] else 0
            end = last[1] if day == last[0] else len(run)
            for place in range(start, end + 1):
                with_it = (*run[:place], number, *run[place:])
                price = self._price(day, with_it)
                self._work += 1
                if price is not None and (least is None or price - without + spacing < least):
                    least, best = price - without + spacing, (day, with_it)
        if best is None or least is None:
            return None
        runs[best[0]] = best[1]
        return cost + least
