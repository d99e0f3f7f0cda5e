"""What one million and ten million open apps need, from what a few thousand cost here.

    python -m benchmarks.scale [--apps 3000,4000,5000,6000] [--processes 1,2] [--seconds 15] [--record FILE]
    python -m benchmarks.scale --points FILE [--write docs/scaling.md]

Measures every number of open apps with every number of server processes as `benchmarks.app_day` does, on Postgres, the
calls over 32 connections as from a proxy, in two turns of which the leaner one counts. With fewer apps a process has
little to do, and its threads wake each other on several cores: each call costs more than where machines are filled.
Then fits `benchmarks/scale_model.py` on every second point. When that is not within 15 % on the others it says so,
extrapolates nothing and exits with 1. `--write` puts what it says into a page.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.app_day import Step, apps_of, measure, numbers, populate, serving
from benchmarks.open_apps import POLL_SECONDS, Play
from benchmarks.scale_model import DoesNotFit, Fitted, Point, fitted, need, table
from benchmarks.stage import Stage, stage

TARGETS = (10_000, 100_000, 1_000_000, 10_000_000)
SHARED_CONNECTIONS = 32
OPENED_A_SECOND = 100
TURNS = 2
STUDENT_BYTES = 40_000
"""With 54 sessions, in `benchmarks.large`: what the database takes on the disk, by its students."""
JOB_SECONDS = 0.25
"""CPU of a plan, in `benchmarks.queue_pickup`."""
MEASURED, END = "<!-- measured -->", "<!-- /measured -->"
_WAL = "SELECT wal_bytes::float8 FROM pg_stat_wal"
_COMMITS = "SELECT sum(xact_commit)::float8 FROM pg_stat_database"


def counted(prepared: Stage) -> dict[str, float]:
    """Return what Postgres counts up."""
    with psycopg.connect(prepared.settings.database_url, autocommit=True) as connection:
        rows = {name: connection.execute(sql).fetchone() for name, sql in (("wal", _WAL), ("commits", _COMMITS))}
    return {name: row[0] for name, row in rows.items() if row}


def point(step: Step, processes: int) -> Point:
    """Return what a step says, a second."""
    found = step.found
    of = {name: len(taken) / found.seconds for name, taken in found.taken.items()}
    return Point(
        apps=step.apps,
        processes=processes,
        cpu={name: share for name, share in step.shares.items() if name != "apps"},
        calls=step.rate,
        starts=of.get("refresh", 0.0),
        writes=of.get("refresh", 0.0) + of.get("PATCH", 0.0) + of.get("generate", 0.0),
        wal_bytes=step.counted["wal"],
        commits=step.counted["commits"],
    )


def measured(options: argparse.Namespace) -> Iterator[Point]:
    """Yield every point."""
    for processes in options.processes:
        with stage("postgres", durable=True) as prepared:
            students = populate(prepared, max(options.apps), options.seconds, 1)
            arguments = ["--processes", str(processes)]
            with (
                serving(prepared, arguments, {}) as (server, roots),
                apps_of(server.port, students) as apps,
            ):
                for number in options.apps:
                    opening = max(POLL_SECONDS, number / OPENED_A_SECOND)
                    plan = Play(number, opening, options.seconds, SHARED_CONNECTIONS, TURNS)
                    found = point(measure(apps, plan, roots, partial(counted, prepared)), processes)
                    cpu = ", ".join(f"{name} {share:.3f}" for name, share in found.cpu.items())
                    print(f"{number:,} open apps, {processes} processes: {found.calls:,.0f} calls/s, {cpu}", flush=True)
                    yield found


def report(points: list[Point], model: Fitted) -> Iterator[str]:
    """Yield, as Markdown, what an open app costs, how well that fits, and what many need."""
    server, postgres = (model.costs[part] for part in ("server", "Postgres"))
    apps, processes = max(each.apps for each in points), max(each.processes for each in points)
    yield (
        f"Measured on two cores with up to {apps:,} open apps and {processes} processes: 1,000 open apps take\n"
        f"{server.an_app * 1000:.2f} of a core of the servers and {postgres.an_app * 1000:.2f} of Postgres, each "
        f"server process {server.a_process:.2f} and {postgres.a_process:.2f} besides.\nOn the points that were kept "
        f"back the model misses by {model.worst:.0%} at most.\n"
    )
    yield from table(
        [need(each, model, points, student_bytes=STUDENT_BYTES, job_seconds=JOB_SECONDS) for each in TARGETS]
    )


def main() -> int:
    """Measure or read the points, and extrapolate if they allow it; return the exit code."""
    parser = argparse.ArgumentParser(description="What a million open apps need.")
    parser.add_argument("--apps", type=numbers, default=(3000, 4000, 5000, 6000))
    parser.add_argument("--processes", type=numbers, default=(1, 2))
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--points", type=Path)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.points:
        points = [Point(**said) for said in json.loads(options.points.read_text())]
    else:
        points = list(measured(options))
    if options.record:
        options.record.write_text(json.dumps([asdict(each) for each in points], indent=1) + "\n")
    try:
        model = fitted(points)
    except DoesNotFit as problem:
        print(f"Nothing is extrapolated, as the model misses what it was not fitted on: {problem}")
        return 1
    said = "\n".join(report(points, model))
    print(said)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        before, _, rest = page.partition(MEASURED)
        options.write.write_text(f"{before}{MEASURED}\n{said}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
