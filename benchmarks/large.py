"""Every hot call in a database of 100,000 students and 5.4 million sessions beside the same in a small one.

    python -m benchmarks.large [--students 100000] [--small 1000] [--seconds 3] [--calls-of 1000]
        [--engine sqlite|postgres|both]

Each has a `schediora serve` of its own, and slices of 0.3 s go from one to the other. The calls of either go over
`--calls-of` students in turn, spread over all that it has. Ratios of the medians; to reach: 1.2 at most. Needs 6 GB in
the temporary directory, and a few minutes for each engine.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.crowd import SESSIONS, Crowd
from benchmarks.figures import quantile
from benchmarks.serve import READS, of
from benchmarks.serve_load import Serving, Target, measure, request
from benchmarks.stage import CHOICES, engines, stage
from tests.live import service

MOST = 1.2


def targets(name: str, kept: Serving, first: Serving, crowd: Crowd, numbers: Sequence[int]) -> list[Target]:
    """Return the hot calls of the database `name`, each in turn by the students of `numbers`: every other one reads,
    and the rest tick, so that what is read stays as it was.
    """
    found = []
    tokens = {number: crowd.token(number) for number in numbers[::2]}
    ticking = {number: crowd.token(number) for number in numbers[1::2]}
    for call, path in READS.items():
        requests = [request("GET", path, token) for token in tokens.values()]
        found += [
            Target(f"{call}, unchanged, {name}", kept, requests),
            Target(f"{call}, first, {name}", first, requests),
        ]
    jobs = [request("GET", f"/ai/jobs/{crowd.job(number)}", token) for number, token in tokens.items()]
    ticks = [
        request("PATCH", f"/sessions/{crowd.session(number)}", token, {"status": status})
        for status in ("done", "pending")
        for number, token in ticking.items()
    ]
    return [*found, Target(f"job, {name}", kept, jobs), Target(f"PATCH, {name}", kept, ticks)]


def compare(engine: str, options: argparse.Namespace) -> bool:
    """Fill both databases, call them in turn, print the table and tell whether all ratios are small enough."""
    with ExitStack() as open_:
        sides: list[list[Target]] = []
        for name, students in (("small", options.small), ("large", options.students)):
            prepared = open_.enter_context(stage(engine, durable=True))
            began = time.monotonic()
            crowd = Crowd(prepared, students)
            print(
                f"{engine}: {students:,} students and {students * SESSIONS:,} sessions stored in "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )
            told, arguments = prepared.variables, ("serve", "--no-worker", "--processes", "1")
            kept, first = (
                of(open_.enter_context(service(prepared.settings.data_dir, *arguments, **told, **more)))
                for more in ({}, {"SCHEDIORA_SERVER__CACHE_MEBIBYTES": "0"})
            )
            step = max(students // options.calls_of, 1)
            sides.append(targets(name, kept, first, crowd, range(0, students, step)))
        turns = [target for pair in zip(*sides, strict=True) for target in pair]
        found = measure(turns, options.seconds)
    print(f"\n**{engine}**\n\n| call | small p50 ms | large p50 ms | ratio | of p95 | of CPU | 1.2 at most |")
    print("|---|---:|---:|---:|---:|---:|---|")
    good = True
    for small, large in zip(*sides, strict=True):
        one, other = found[small.name], found[large.name]
        middle = statistics.median(one.taken), statistics.median(other.taken)
        ratio = middle[1] / middle[0]
        late = quantile(other.taken, 0.95) / quantile(one.taken, 0.95)
        good &= ratio <= MOST
        print(
            f"| {small.name.removesuffix(', small')} | {middle[0]:.2f} | {middle[1]:.2f} | {ratio:.2f} | {late:.2f} | "
            f"{other.cpu / one.cpu:.2f} | {'yes' if ratio <= MOST else 'NO'} |",
            flush=True,
        )
    return good


def main() -> int:
    """Compare on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Hot calls in a large database beside a small one.")
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--calls-of", type=int, default=1_000)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = [compare(engine, options) for engine in engines(options.engine)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
