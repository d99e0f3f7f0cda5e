"""Whether what is planned helps to learn: three curricula for the same students, minutes and days of attendance.

    python -m benchmarks.learning [--spread 0.5] [--seed 1] [--rates]

Fifty students have twelve weeks until an exam in one of five subjects. Each week all three plans have the same minutes,
dealt to the days by the same rule, and the student studies what stands on the days that they attend (55 to 95 % of
them, fixed in the recording). Compared are

- ours: `schediora.ai.curriculum`, in view of what was done;
- present: the curriculum before it, whose plans were recorded, each week's in view of what was done of its own;
- round robin: the units in a circle, a lesson, a practice and a recall of each in turn.

The students forget by a law that no planner knows: FSRS with first stabilities of their own (a lognormal factor), or an
exponential law. What counts is the share of the exam's units that are expected to be recalled on its day; a unit never
learned counts 0. Ours must be ten points ahead of both in both tables, with the 95 % interval of the paired differences
above 0, else the exit code is 1. Without `--rates` no student ever says how a session went, as in the published app.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from math import sqrt
from statistics import mean, stdev

from benchmarks.learning_minds import LAWS, Mind, factor_of
from benchmarks.learning_plans import Learner, learners, ours, present, round_robin

AHEAD = 0.10
SPREAD = 0.5
"""The standard deviation of the logarithm of a student's factor: one in six remembers 1.6 times as long as most."""
T_95 = 2.01
"""Student's t for 95 % and 49 degrees of freedom."""


def recalled(learner: Learner, law: str, study: Callable[[Learner, Mind], None], *, seed: int, spread: float) -> float:
    """Return the share of the exam's units that the learner is expected to recall after studying by `study`."""
    own_seed = seed * 1000 + learner.number
    mind = Mind(LAWS[law](factor_of(own_seed, spread)), own_seed)
    study(learner, mind)
    return mind.recalled(learner.units, learner.exam)


def interval(differences: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean of the paired differences and the ends of its 95 % interval."""
    middle = mean(differences)
    half = T_95 * stdev(differences) / sqrt(len(differences))
    return middle, middle - half, middle + half


def main() -> int:
    arguments = argparse.ArgumentParser(description="Compare three curricula by what is recalled on the exam day.")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--spread", type=float, default=SPREAD)
    arguments.add_argument("--rates", action="store_true")
    options = arguments.parse_args()
    everyone = learners()
    reached = True
    for law in LAWS:
        shares = {
            name: [recalled(learner, law, study, seed=options.seed, spread=options.spread) for learner in everyone]
            for name, study in (
                ("ours", partial(ours, rates=options.rates)),
                ("present", present),
                ("round robin", round_robin),
            )
        }
        print(f"\n{law}: {len(everyone)} students, share of units recalled on the exam day")
        print(f"{'ours':<12} {mean(shares['ours']):6.1%}")
        for name in ("present", "round robin"):
            middle, low, high = interval([a - b for a, b in zip(shares["ours"], shares[name], strict=True)])
            print(f"{name:<12} {mean(shares[name]):6.1%}   ours is ahead by {middle:+.1%} ({low:+.1%} to {high:+.1%})")
            reached &= middle >= AHEAD and low > 0
    print(f"\ntarget (at least {AHEAD:.0%} ahead, interval above 0): {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
