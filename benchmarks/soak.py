"""Whether memory, the WAL and open files stay as they are while open apps go on with their rhythm.

    python -m benchmarks.soak [--minutes 30] [--apps 200] [--engine sqlite|postgres|both]

A real `schediora serve` with its worker, and open apps as in `app_day`: three polls every 15 s, ticks, starts, plans.
Each minute prints what the process holds in memory, the size of SQLite's WAL, its open files, the calls and their p95.
Exits with 1 when the last quarter's least memory is more than a tenth above the second quarter's least (the first
fills what is kept), when the WAL grows beyond 16 MiB, when files stay open, or when an answer was our fault.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.app_day import populate
from benchmarks.figures import quantile
from benchmarks.load_loop import Found
from benchmarks.open_apps import Play, play
from benchmarks.processes import resident_mebibytes
from benchmarks.stage import CHOICES, Stage, engines, stage
from schediora.db.database import sqlite_path
from tests.live import service

MINUTE_SECONDS = 60.0
OPENING_SECONDS = 20.0
"""Were all opened at once, they would ask at the same moments ever after: 600 calls in one, and then none for 15 s."""
MOST_GROWTH = 1.1
MOST_WAL_MEBIBYTES = 16.0
MOST_MORE_FILES = 20
_SETTLES_MEBIBYTES = 4.0
"""What an allocator may keep for itself between two looks."""


@dataclass(frozen=True)
class Minute:
    """What the process held at the end of a minute, and what was answered in it."""

    memory_mebibytes: float
    wal_mebibytes: float
    files: int
    calls: int
    p95: float
    faults: int


def looked_at(process: int, wal: Path | None, found: Found) -> Minute:
    """Return what there is to see now."""
    taken = [spent for each in found.taken.values() for spent in each]
    return Minute(
        resident_mebibytes(process),
        wal.stat().st_size / 1024**2 if wal is not None and wal.exists() else 0.0,
        len(os.listdir(f"/proc/{process}/fd")),
        found.calls,
        quantile(taken, 0.95),
        sum(times for (_, status), times in found.others.items() if status >= 500),
    )


def soak(prepared: Stage, minutes: int, apps: int) -> Iterator[Minute]:
    """Play and yield what there was at the end of each minute."""
    [students] = populate(prepared, apps, MINUTE_SECONDS * minutes, 1)
    url = prepared.settings.database_url
    wal = sqlite_path(url).with_name(sqlite_path(url).name + "-wal") if prepared.engine == "sqlite" else None
    variables = prepared.variables | {"SCHEDIORA_SERVER__CONNECTIONS_PER_ADDRESS": "0"}
    with service(prepared.settings.data_dir, "serve", **variables) as server:
        assert server.process is not None
        for found in play(server.port, students, Play(apps, OPENING_SECONDS, MINUTE_SECONDS, turns=minutes), 1):
            if found is not None:
                yield looked_at(server.process.pid, wal, found)


def wrong(seen: list[Minute]) -> list[str]:
    """Return what did not stay as it was."""
    quarter = max(1, len(seen) // 4)
    before, after = seen[quarter : 2 * quarter] or seen[:1], seen[-quarter:]
    least_before, least_after = (min(each.memory_mebibytes for each in part) for part in (before, after))
    checks = {
        f"memory grew from {least_before:.0f} to {least_after:.0f} MiB": least_after
        > MOST_GROWTH * least_before + _SETTLES_MEBIBYTES,
        "the WAL grew": max(each.wal_mebibytes for each in seen) > MOST_WAL_MEBIBYTES,
        "files stayed open": min(each.files for each in after) > min(each.files for each in before) + MOST_MORE_FILES,
        "there were answers of 500 and above": any(each.faults for each in seen),
    }
    return [what for what, holds in checks.items() if holds]


def main() -> int:
    """Soak the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Let open apps go on for long, and see whether anything grows.")
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--apps", type=int, default=200)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    faults = []
    for engine in engines(options.engine):
        print(f"\n{engine}, {options.apps} open apps\n\n| minute | MiB | WAL MiB | files | calls | p95 ms | 5xx |")
        print("|---|---|---|---|---|---|---|")
        seen = []
        with stage(engine, durable=True) as prepared:
            for number, minute in enumerate(soak(prepared, options.minutes, options.apps), 1):
                seen.append(minute)
                held = f"{minute.memory_mebibytes:.0f} | {minute.wal_mebibytes:.1f} | {minute.files}"
                print(f"| {number} | {held} | {minute.calls} | {minute.p95:.0f} | {minute.faults} |", flush=True)
        faults += [f"{engine}: {what}" for what in wrong(seen)]
    print("\n" + ("\n".join(faults) or "nothing grew"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
