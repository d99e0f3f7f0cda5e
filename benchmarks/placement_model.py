"""The placement problem as a CP-SAT model: its variables and the hard rules, the same as those of `schediora.planner`.

Times are cells of five minutes counted from Monday, a start is one integer, and where a session lies is one literal
for each span of free time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from schediora.planner.scheduler.free_time import Day, Span
from schediora.planner.scheduler.items import Item

DAY_OFFSET = 320
"""More than the cells of a day of 25 hours."""


@dataclass(frozen=True)
class Place:
    """A span of free time of the week; `stretch` numbers the stretches of all days."""

    day: Day
    span: Span
    stretch: int


class PlacementModel:
    """The variables and hard rules of one instance.

    `placed` says which items are placed; for each part, `start` is its first cell, `at` the span and `on` the day that
    it lies in. `before` says which of two placed parts comes first, where the graph leaves that open.
    """

    def __init__(self, items: Sequence[Item], days: Sequence[Day]) -> None:
        self.items = items
        self.days = days
        self.parts = [part for item in items for part in item.parts]
        stretches: dict[tuple[int, int], int] = {}
        self.places = [
            Place(day, span, stretches.setdefault((day.index, span.stretch), len(stretches)))
            for day in days
            for span in day.layout.spans
        ]
        self.model = cp_model.CpModel()
        horizon = days[-1].first + DAY_OFFSET
        numbers = range(len(self.parts))
        self.placed = [self.model.new_bool_var(f"placed{index}") for index in range(len(items))]
        self.start = [self.model.new_int_var(0, horizon, f"start{p}") for p in numbers]
        self.at = [[self.model.new_bool_var(f"at{p},{f}") for f in range(len(self.places))] for p in numbers]
        self.on = [[self.model.new_bool_var(f"on{p},{day.index}") for day in days] for p in numbers]
        self.before: dict[tuple[int, int], Literal] = {}
        self._add_rules()
        self._add_order()

    def _add_rules(self) -> None:
        model = self.model
        for p, part in enumerate(self.parts):
            placed = self.placed[part.item]
            model.add(sum(self.at[p]) == placed)
            for day in self.days:
                model.add(
                    sum(at for at, place in zip(self.at[p], self.places, strict=True) if place.day is day)
                    == self.on[p][day.index]
                )
            for at, place in zip(self.at[p], self.places, strict=True):
                if not part.allowed_on(place.day.index) or place.span.start + part.cells > place.span.end:
                    model.add(at == 0)
                    continue
                model.add(self.start[p] >= place.day.first + place.span.start).only_enforce_if(at)
                model.add(self.start[p] + part.cells <= place.day.first + place.span.end).only_enforce_if(at)
            model.add(self.start[p] == 0).only_enforce_if(~placed)
        for item, placed in zip(self.items, self.placed, strict=True):
            for needed in item.needs:
                model.add_implication(placed, self.placed[needed])
        for day in self.days:
            minutes = sum(part.minutes * self.on[p][day.index] for p, part in enumerate(self.parts))
            model.add(minutes <= day.left_minutes)

    def _add_order(self) -> None:
        model = self.model
        model.add_no_overlap(
            [
                model.new_optional_fixed_size_interval_var(
                    self.start[p], part.cells, self.placed[part.item], f"interval{p}"
                )
                for p, part in enumerate(self.parts)
            ]
        )
        for p, q in combinations(range(len(self.parts)), 2):
            part, other = self.parts[p], self.parts[q]
            both = [self.placed[part.item], self.placed[other.item]]
            if self.must_precede(p, q):
                model.add(self.start[q] >= self.start[p] + part.cells).only_enforce_if(both)
            else:
                before = model.new_bool_var(f"before{p},{q}")
                self.before[p, q], self.before[q, p] = before, ~before
                model.add(self.start[q] >= self.start[p] + part.cells).only_enforce_if([before, *both])
                model.add(self.start[p] >= self.start[q] + other.cells).only_enforce_if([~before, *both])

    def in_stretch(self, p: int, stretch: int) -> cp_model.IntVar:
        """Return whether a part lies in a stretch of time between sessions that are there."""
        inside: cp_model.IntVar = self.model.new_bool_var(f"in{p},{stretch}")
        places = [at for at, place in zip(self.at[p], self.places, strict=True) if place.stretch == stretch]
        self.model.add(sum(places) == inside)
        return inside

    def must_precede(self, p: int, q: int) -> bool:
        """Tell whether the graph puts part p before part q."""
        part, other = self.parts[p], self.parts[q]
        return p < q if part.item == other.item else part.item in self.items[other.item].before
