"""The objective of `schediora.planner` on top of the model of its rules, and the optimum that CP-SAT finds for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from time import perf_counter
from typing import Any

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from benchmarks.placement_model import DAY_OFFSET, PlacementModel
from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.items import Item
from schediora.planner.scheduler.objective import (
    BREATH_CELLS,
    MISSING_BREATH,
    SAME_TOPIC,
    VALUE_WEIGHT,
    spacing_cost,
    spread_cost,
)
from schediora.planner.scheduler.order_search import Arrangement


@dataclass(frozen=True)
class Optimum:
    """What CP-SAT found within its time: proven best or not, the least cost and greatest value, its bound, and the
    seconds it took.
    """

    status: str
    score: int
    bound: int
    seconds: float

    @property
    def value(self) -> int:
        """Return the value of what is placed."""
        return -(-self.score // VALUE_WEIGHT)

    @property
    def cost(self) -> int:
        """Return the cost of how it is placed."""
        return VALUE_WEIGHT * self.value - self.score


class PricedModel:
    """The model of one instance with its objective."""

    def __init__(self, items: Sequence[Item], days: Sequence[Day]) -> None:
        self._rules = PlacementModel(items, days)
        self._model = self._rules.model
        self._parts = self._rules.parts
        self._terms: list[tuple[int, cp_model.IntVar]] = []
        ends = {place.stretch: (place.span.left, place.span.right) for place in self._rules.places}
        self._beside = [[end and end.topic for end in ends[stretch]] for stretch in range(len(ends))]
        self._inside = [
            [self._rules.in_stretch(p, stretch) for p in range(len(self._parts))] for stretch in range(len(ends))
        ]
        self._add_spread_and_slack()
        self._add_breath_beside_what_is_there()
        self._add_hours()
        self._add_spacing()
        self._add_breath_between()
        if len({part.topic for part in self._parts}) == 1:
            self._add_same_topic_neighbours()
        else:
            self._add_mixed_neighbours()
        value = sum(item.value * placed for item, placed in zip(items, self._rules.placed, strict=True))
        self._model.maximize(VALUE_WEIGHT * value - sum(weight * variable for weight, variable in self._terms))

    def solve(self, work: float, ours: Arrangement) -> Optimum:
        """Return the best placement that one worker finds from `ours` on with so much `work` (CP-SAT's deterministic
        time, alike on every machine), so that there always is one to compare with.
        """
        for index, value in enumerate(self._solution(ours) or []):
            self._model.add_hint(self._model.get_int_var_from_proto_index(index), value)
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = work
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        began = perf_counter()
        status = solver.solve(self._model)
        taken = perf_counter() - began
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return Optimum(
            status=solver.status_name(status),
            score=round(solver.objective_value) if found else 0,
            bound=round(solver.best_objective_bound),
            seconds=taken,
        )

    def price(self, arrangement: Arrangement) -> int | None:
        """Return the objective that this model gives to a finished arrangement, or None when it breaks one of the
        model's rules.
        """
        solver = self._solved(arrangement)
        return None if solver is None else round(solver.objective_value)

    def _solution(self, arrangement: Arrangement) -> list[int] | None:
        solver = self._solved(arrangement)
        return None if solver is None else list(solver.response_proto.solution)

    def _solved(self, arrangement: Arrangement) -> cp_model.CpSolver | None:
        """Return the model solved with the starts of an arrangement, None when it breaks a rule."""
        model: Any = self._model.clone()
        model.clear_hints()
        starts = {
            (part.item, part.number): self._rules.days[slot.day].first + slot.cell for part, slot in arrangement.placed
        }
        for index, part in enumerate(self._parts):
            placed = model.get_bool_var_from_proto_index(self._rules.placed[part.item].index)
            model.add(placed == ((part.item, part.number) in starts))
            if (part.item, part.number) in starts:
                start = model.get_int_var_from_proto_index(self._rules.start[index].index)
                model.add(start == starts[part.item, part.number])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        return solver if solver.solve(model) == cp_model.OPTIMAL else None

    def _add_spread_and_slack(self) -> None:
        for day in self._rules.days:
            most = day.left_minutes // 5
            load = self._model.new_int_var(0, most, f"load{day.index}")
            cost = self._model.new_int_var(0, spread_cost(day.busy_minutes, most * 5), f"spread{day.index}")
            self._model.add(
                load == sum(part.cells * self._rules.on[p][day.index] for p, part in enumerate(self._parts))
            )
            self._model.add_element(load, [spread_cost(day.busy_minutes, 5 * cells) for cells in range(most + 1)], cost)
            self._terms.append((1, cost))
            for p, part in enumerate(self._parts):
                slack = part.day_costs[day.index]
                if slack:
                    self._terms.append((slack, self._rules.on[p][day.index]))

    def _add_breath_beside_what_is_there(self) -> None:
        for p, part in enumerate(self._parts):
            for at, place in zip(self._rules.at[p], self._rules.places, strict=True):
                first, span = place.day.first, place.span
                if span.left is not None and span.start - span.left.cell < BREATH_CELLS:
                    self._missing_breath(self._rules.start[p] - first - span.left.cell, [at])
                if span.right is not None and span.right.cell - span.end < BREATH_CELLS:
                    self._missing_breath(first + span.right.cell - self._rules.start[p] - part.cells, [at])

    def _missing_breath(self, gap: cp_model.LinearExprT, when: list[cp_model.LiteralT]) -> None:
        missing = self._model.new_int_var(0, BREATH_CELLS, "breath")
        self._model.add(missing >= BREATH_CELLS - gap).only_enforce_if(when)
        self._terms.append((MISSING_BREATH, missing))

    def _add_hours(self) -> None:
        kinds = list(dict.fromkeys(day.layout.hours for day in self._rules.days))
        for p, part in enumerate(self._parts):
            table = [0]
            for hours in kinds:
                evening = hours.evening
                costs = [
                    evening[min(cell + part.cells, len(evening) - 1)] - evening[cell] + starting * part.cells
                    for cell, starting in enumerate(hours.starting)
                ]
                table += costs + [0] * (DAY_OFFSET - len(costs))
            index = self._model.new_int_var(0, len(table) - 1, f"cell{p}")
            shift = sum(
                (day.first - DAY_OFFSET * kinds.index(day.layout.hours)) * self._rules.on[p][day.index]
                for day in self._rules.days
            )
            self._model.add(index == self._rules.start[p] - shift + self._rules.placed[part.item])
            cost = self._model.new_int_var(0, max(table), f"hours{p}")
            self._model.add_element(index, table, cost)
            self._terms.append((1, cost))

    def _add_spacing(self) -> None:
        first_part = {part.item: p for p, part in enumerate(self._parts) if part.number == 0}
        last_part = {part.item: p for p, part in enumerate(self._parts) if part.is_last}
        for item, p in first_part.items():
            gap, back_to = self._parts[p].gap, self._rules.items[item].learnt
            if gap is None or back_to is None:
                continue
            learnt = last_part[back_to]
            for early, late in combinations(range(len(self._rules.days)), 2):
                self._pair_cost(self._rules.on[learnt][early], self._rules.on[p][late], spacing_cost(gap, late - early))
            for day in range(len(self._rules.days)):
                self._pair_cost(self._rules.on[learnt][day], self._rules.on[p][day], spacing_cost(gap, 0))

    def _pair_cost(self, one: cp_model.IntVar, other: cp_model.IntVar, cost: int) -> None:
        if cost:
            both = self._model.new_bool_var("both")
            self._model.add(both >= one + other - 1)
            self._terms.append((cost, both))

    def _add_breath_between(self) -> None:
        for p, q in permutations(range(len(self._parts)), 2):
            if not self._can_be_neighbours(p, q):
                continue
            missing = self._model.new_int_var(0, BREATH_CELLS, f"breath{p},{q}")
            when = [] if self._rules.must_precede(p, q) else [self._rules.before[p, q]]
            for day in self._rules.days:
                gap = self._rules.start[q] - self._rules.start[p] - self._parts[p].cells
                together = [self._rules.on[p][day.index], self._rules.on[q][day.index], *when]
                self._model.add(missing >= BREATH_CELLS - gap).only_enforce_if(together)
            self._terms.append((MISSING_BREATH, missing))

    def _can_be_neighbours(self, p: int, q: int) -> bool:
        """Tell whether q can come right after p, for all that the graph says."""
        part, other = self._parts[p], self._parts[q]
        if self._rules.must_precede(q, p):
            return False
        if part.item == other.item:
            return q == p + 1
        return not self._rules.must_precede(p, q) or (part.is_last and other.number == 0)

    def _add_same_topic_neighbours(self) -> None:
        """With one topic, the neighbours in a stretch are one fewer than its sessions, and what is there joins at
        both ends.
        """
        topic = self._parts[0].topic
        for stretch, inside in enumerate(self._inside):
            left, right = self._beside[stretch]
            used = self._model.new_bool_var(f"used{stretch}")
            count = sum(inside)
            self._model.add_max_equality(used, inside)
            sessions = self._model.new_int_var(0, len(inside), f"sessions{stretch}")
            self._model.add(sessions == count)
            self._terms.append((SAME_TOPIC, sessions))
            self._terms.append((SAME_TOPIC * ((left == topic) + (right == topic) - 1), used))

    def _add_mixed_neighbours(self) -> None:
        """With several topics, two of one topic are neighbours when nothing of the stretch lies between them."""
        numbers = range(len(self._parts))
        for p, q in permutations(numbers, 2):
            if self._parts[p].topic != self._parts[q].topic or not self._can_be_neighbours(p, q):
                continue
            neighbours = self._model.new_bool_var(f"neighbours{p},{q}")
            between = sum(self._between(p, r, q) for r in numbers if r not in (p, q))
            for inside in self._inside:
                self._model.add(neighbours >= inside[p] + inside[q] - 2 - between + self._precedes(p, q))
            self._terms.append((SAME_TOPIC, neighbours))
        for stretch, inside in enumerate(self._inside):
            for topic, is_left in zip(self._beside[stretch], (True, False), strict=True):
                for p, part in enumerate(self._parts):
                    if part.topic == topic:
                        nearer = [self._nearer(r, p, inside, is_left=is_left) for r in numbers if r != p]
                        beside = self._model.new_bool_var(f"beside{p},{stretch},{is_left}")
                        self._model.add(beside >= inside[p] - sum(nearer))
                        self._terms.append((SAME_TOPIC, beside))

    def _precedes(self, p: int, q: int) -> Literal | bool:
        """Return whether p comes before q, when both are placed."""
        return self._rules.before.get((p, q), self._rules.must_precede(p, q))

    def _nearer(self, r: int, p: int, inside: Sequence[cp_model.IntVar], *, is_left: bool) -> cp_model.IntVar:
        """Return 1 at most when r lies in the stretch before p, seen from its left end, or after it."""
        nearer = self._model.new_bool_var("nearer")
        self._model.add_implication(nearer, inside[r])
        self._model.add_implication(nearer, self._precedes(r, p) if is_left else self._precedes(p, r))
        return nearer

    def _between(self, p: int, r: int, q: int) -> cp_model.IntVar:
        between = self._model.new_bool_var("between")
        for needed in (self._precedes(p, r), self._precedes(r, q), self._rules.placed[self._parts[r].item]):
            self._model.add_implication(between, needed)
        return between
