"""Spreading one order of sessions over the week at the least cost: exact, by dynamic programming over days.

As the order is fixed, each day gets a run of neighbours in it. The state between two days is how many sessions are
placed and on which day each lesson that is still to be gone back to was learnt; `day_packing` prices a run inside a
day. With very many sessions, or lessons to go back to, only the cheapest states are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schediora.localtime import DAYS_A_WEEK
from schediora.planner.scheduler.day_packing import DayPacker, RunKey, run_key, session_key
from schediora.planner.scheduler.free_time import Day, Layout
from schediora.planner.scheduler.items import Item, Part
from schediora.planner.scheduler.objective import spacing_cost, spread_cost

Learnt = tuple[tuple[int, int], ...]
"""The items that later sessions go back to, each with the day of the week on which its last part is."""


_STATES = 1_000
"""How many states are kept between two days, shared among the numbers of sessions placed. Each number keeps one for
every day of the week at least: with one topic there are no more, as what is gone back to is one learning."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a part goes: day of the week and start cell of that day."""

    day: int
    cell: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The cheapest placement of an order: a slot for each part, and the cost by the objective."""

    cost: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class _State:
    cost: int
    before: "_State | None"
    day: int
    run: RunKey


@dataclass(frozen=True, slots=True)
class _Run:
    """Parts `start` to `end` of the order on one day, without what spacing adds."""

    end: int
    cost: int
    key: RunKey


class WeekSearch:
    """Finds the cheapest timetable of an order in one week. What it learns of days serves later orders of that week."""

    def __init__(self, days: Sequence[Day], items: Sequence[Item], fixed: Mapping[int, int | None]) -> None:
        self._days = days
        self._fixed: Learnt = tuple(sorted((item, day) for item, day in fixed.items() if day is not None))
        self._items = items
        self._goals = frozenset(item.learnt for item in items)
        packers: dict[Layout, DayPacker] = {}
        self._packers = [packers.setdefault(day.layout, DayPacker(day.layout)) for day in days]

    def cheapest(self, order: Sequence[Part]) -> Timetable | None:
        """Return the cheapest timetable that places every part of `order`, or None when there is none."""
        wanted = self._gone_back_to(order)
        most_alike = max(DAYS_A_WEEK, _STATES // (len(order) + 1))
        states: dict[tuple[int, Learnt], _State] = {(0, self._fixed): _State(0, None, -1, ())}
        for day in self._days:
            runs: dict[int, list[_Run]] = {}
            reached = dict(states)
            for (done, learnt), state in states.items():
                if done not in runs:
                    runs[done] = self._runs(day, order, done)
                start, spacing, days_learnt = done, 0, learnt
                for run in runs[done]:
                    added, days_learnt = self._spacing(order[start : run.end], day.index, days_learnt)
                    start, spacing = run.end, spacing + added
                    key = (run.end, tuple((item, on) for item, on in days_learnt if item in wanted[run.end]))
                    cost = state.cost + run.cost + spacing
                    known = reached.get(key)
                    if known is None or cost < known.cost:
                        reached[key] = _State(cost, state, day.index, run.key)
            states = _cheapest_alike(reached, most_alike)
        ends = [state for (done, _), state in states.items() if done == len(order)]
        return self._timetable(min(ends, key=lambda state: state.cost)) if ends else None

    def _runs(self, day: Day, order: Sequence[Part], start: int) -> list[_Run]:
        found: list[_Run] = []
        key: RunKey = ()
        minutes = by_exams = 0
        for index in range(start, len(order)):
            part = order[index]
            minutes += part.minutes
            cost = part.day_costs[day.index]
            if cost is None or minutes > day.left_minutes:
                break
            key = (*key, session_key(part, day.first))
            by_exams += cost
            packing = self._packers[day.index].cost(key)
            if packing is None:
                break
            found.append(_Run(index + 1, packing + by_exams + spread_cost(day.busy_minutes, minutes), key))
        return found

    def price(self, number: int, run: Sequence[Part]) -> int | None:
        """Return what `run`, in this order, costs on day `number`, spacing aside; None when it does not fit."""
        day = self._days[number]
        minutes = sum(part.minutes for part in run)
        if minutes > day.left_minutes:
            return None
        by_exams = 0
        for part in run:
            cost = part.day_costs[number]
            if cost is None:
                return None
            by_exams += cost
        packing = self._packers[number].cost(run_key(run, day.first))
        return None if packing is None else packing + by_exams + spread_cost(day.busy_minutes, minutes)

    def starts(self, number: int, run: Sequence[Part]) -> tuple[Slot, ...]:
        """Return the slots of the cheapest way to put `run` on day `number`."""
        cells = self._packers[number].starts(run_key(run, self._days[number].first))
        return tuple(Slot(number, cell) for cell in cells)

    def _gone_back_to(self, order: Sequence[Part]) -> list[frozenset[int]]:
        """Return, for each place in the order, the items that the parts from there on go back to after a gap."""
        wanted: list[frozenset[int]] = [frozenset()]
        for part in reversed(order):
            back_to = self._items[part.item].learnt
            is_spaced = part.number == 0 and part.gap is not None
            wanted.append(wanted[-1] | {back_to} if is_spaced and back_to is not None else wanted[-1])
        return wanted[::-1]

    def _spacing(self, run: Sequence[Part], day: int, learnt: Learnt) -> tuple[int, Learnt]:
        """Return what spacing costs for a run on `day`, and on which days everything up to its end was learnt."""
        cost = 0
        for part in run:
            if part.number == 0 and part.gap is not None:
                back_to = self._items[part.item].learnt
                cost += sum(spacing_cost(part.gap, day - on) for item, on in learnt if item == back_to)
            if part.is_last and part.item in self._goals:
                learnt = (*learnt, (part.item, day))
        return cost, learnt

    def _timetable(self, state: _State) -> Timetable:
        cost = state.cost
        days: list[tuple[Slot, ...]] = []
        current: _State | None = state
        while current is not None and current.before is not None:
            days.append(tuple(Slot(current.day, cell) for cell in self._packers[current.day].starts(current.run)))
            current = current.before
        return Timetable(cost, tuple(slot for slots in reversed(days) for slot in slots))


def _cheapest_alike(states: Mapping[tuple[int, Learnt], _State], most: int) -> dict[tuple[int, Learnt], _State]:
    """Return the states without the dearest of very many in which equally many sessions are placed."""
    alike: dict[int, list[tuple[int, Learnt]]] = {}
    for key in states:
        alike.setdefault(key[0], []).append(key)
    if all(len(keys) <= most for keys in alike.values()):
        return dict(states)
    cheapest = (sorted(keys, key=lambda key: states[key].cost)[:most] for keys in alike.values())
    return {key: states[key] for keys in cheapest for key in keys}
