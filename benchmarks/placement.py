"""How good and how fast the placement is, against the optimum that OR-tools CP-SAT finds for the same rules and
objective.

    python -m benchmarks.placement [--weeks 500] [--seed 1] [--time-limit 6] [--processes 2]

For each random week both maximize the one integer of `schediora.planner.scheduler.objective`: a million times the
value placed, less the cost. As value dominates, a relative gap of that integer (the raw gap) is tiny whatever the
cost, so what counts is measured apart:

- value: how often ours places less of it than CP-SAT, as much, or more (which happens when CP-SAT runs out of time);
- gap: (our cost - its cost) / its cost, where both place the same value; a cost of 0 is taken as 1. Where ours places
  less the gap is counted as 100 %, where it places more as 0. It is below 0 where CP-SAT ran out of time and ours is
  cheaper. Weeks for which it found no plan at all in time are counted and left out;
- gap to the bound: for weeks that CP-SAT did not prove, the same against the best that it could not rule out, so the
  truth lies between the two.

Every plan of ours is also priced by CP-SAT's model, with the starts given: a rule broken or another price is printed
as a mismatch and makes the exit code 1, as does a median gap above 2 %.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import mean, median
from time import perf_counter

from benchmarks.placement_optimum import Optimum, PricedModel
from benchmarks.placement_weeks import random_case
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.objective import VALUE_WEIGHT
from schediora.planner.scheduler.order_search import arrange
from schediora.planner.scheduler.placement import items_of, place

TARGET = 0.02


@dataclass(frozen=True)
class Outcome:
    """One week: how ours did and how CP-SAT did."""

    seed: int
    topics: int
    value: int
    cost: int
    score: int
    seconds: float
    places_all: bool
    optimum: Optimum
    price: int | None

    @property
    def gap(self) -> float:
        """Return how much dearer ours is; 1.0 when it places less."""
        return self._gap_to(self.optimum.value, self.optimum.cost)

    @property
    def is_compared(self) -> bool:
        """Tell whether CP-SAT found any plan in its time, so that there is something to compare with."""
        return self.optimum.status in ("OPTIMAL", "FEASIBLE")

    @property
    def is_proven(self) -> bool:
        """Tell whether CP-SAT proved that nothing is better than what it found."""
        return self.optimum.status == "OPTIMAL"

    @property
    def gap_to_bound(self) -> float:
        """Return how much dearer ours is than the best that CP-SAT could not rule out."""
        value = -(-self.optimum.bound // VALUE_WEIGHT)
        return self._gap_to(value, VALUE_WEIGHT * value - self.optimum.bound)

    def _gap_to(self, value: int, cost: int) -> float:
        if self.value != value:
            return 1.0 if self.value < value else 0.0
        return (self.cost - cost) / max(1, cost)

    @property
    def raw_gap(self) -> float:
        """Return by how much the whole objective falls short."""
        return (self.optimum.score - self.score) / max(1, abs(self.optimum.score))


def run(case: tuple[int, float]) -> Outcome:
    """Solve one week both ways."""
    seed, time_limit = case
    steps, week = random_case(seed)
    began = perf_counter()
    placement = place(steps, week)
    seconds = perf_counter() - began
    items, days = items_of(steps, week), free_days(week)
    ours = arrange(items, days)
    model = PricedModel(items, days)
    return Outcome(
        seed=seed,
        topics=len({step.topic for step in steps}),
        value=ours.value,
        cost=ours.cost,
        score=ours.score,
        seconds=seconds,
        places_all=not placement.unplaced,
        optimum=model.solve(time_limit),
        price=model.price(ours),
    )


def report(outcomes: Sequence[Outcome], title: str) -> None:
    """Print the figures of some weeks."""
    proven = [outcome for outcome in outcomes if outcome.is_proven]
    bounded = [outcome.gap if outcome.is_proven else outcome.gap_to_bound for outcome in outcomes]
    compared = [outcome for outcome in outcomes if outcome.is_compared]
    raw = [outcome.raw_gap for outcome in compared]
    gaps = [outcome.gap for outcome in compared]
    ours = [1000 * outcome.seconds for outcome in outcomes]
    theirs = [1000 * outcome.optimum.seconds for outcome in outcomes]
    less = sum(outcome.value < outcome.optimum.value for outcome in compared)
    more = sum(outcome.value > outcome.optimum.value for outcome in compared)
    everything = sum(outcome.places_all for outcome in outcomes)
    none = len(outcomes) - len(compared)
    print(f"\n{title}: {len(outcomes)} weeks; CP-SAT proved {len(proven)} optimal and found no plan for {none} in time")
    rows = [
        ("value placed, ours less / same / more", f"{less} / {len(compared) - less - more} / {more}"),
        ("everything placed by ours", f"{everything}"),
        ("gap: median / mean / worst", f"{median(gaps):.2%} / {mean(gaps):.2%} / {max(gaps):.2%}"),
        ("weeks with no gap / above 2 %", f"{sum(gap <= 0 for gap in gaps)} / {sum(gap > TARGET for gap in gaps)}"),
        ("gap to the bound: median / 2 % or less", f"{median(bounded):.2%} / {sum(gap <= TARGET for gap in bounded)}"),
        ("raw gap: median / worst", f"{median(raw):.6%} / {max(raw):.6%}"),
        ("ours, ms: median / mean / worst", f"{median(ours):.1f} / {mean(ours):.1f} / {max(ours):.1f}"),
        ("CP-SAT, ms: median / mean / worst", f"{median(theirs):.0f} / {mean(theirs):.0f} / {max(theirs):.0f}"),
        ("CP-SAT's time as a multiple of ours", f"{sum(theirs) / sum(ours):.0f}"),
    ]
    if proven:
        sure = [outcome.gap for outcome in proven]
        rows.insert(4, ("of those proven: median / worst", f"{median(sure):.2%} / {max(sure):.2%}"))
    for name, figures in rows:
        print(f"  {name:<40} {figures}")


def main() -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(description="Compare the placement with CP-SAT's optimum.")
    parser.add_argument("--weeks", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=6.0, help="seconds of CP-SAT for each week")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    cases = [(seed, options.time_limit) for seed in range(options.seed, options.seed + options.weeks)]
    with get_context("spawn").Pool(options.processes) as pool:
        outcomes = pool.map(run, cases, chunksize=1)
    report(outcomes, "All")
    for title, one_topic in (("One topic, as generated plans have", True), ("Two or three topics", False)):
        some = [outcome for outcome in outcomes if (outcome.topics == 1) == one_topic]
        if some:
            report(some, title)
    worst = sorted((o for o in outcomes if o.is_compared and o.gap > TARGET), key=lambda o: -o.gap)
    print("\nWeeks above 2 %:", ", ".join(f"{outcome.seed} ({outcome.gap:.1%})" for outcome in worst) or "none")
    mismatches = [outcome for outcome in outcomes if outcome.price != outcome.score]
    for outcome in mismatches:
        print(f"mismatch: week {outcome.seed}: ours says {outcome.score}, the model {outcome.price}")
    return 1 if mismatches or median(o.gap for o in outcomes if o.is_compared) > TARGET else 0


if __name__ == "__main__":
    sys.exit(main())
