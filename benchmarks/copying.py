"""Rows a second of `seed --users`, and of `copy --verify` from SQLite to Postgres and back, killed on the way.

    python -m benchmarks.copying [--sessions 100000] [--kills 3]

Every command is a process as an operator starts it, its start included in its time. A copy that is killed (`kill -9`)
at random must leave its target empty or whole; the copy of the copy must have the checksums of the first. Exits with 1
when either does not hold or `seed` stores fewer than 20,000 rows a second.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.stage import ENGINES, stage
from schediora.db.ends import opened_to_read
from tests import servers
from tests.cli.program import environment
from tests.live import COMMAND

SESSIONS_OF_A_STUDENT = 32
LEAST_ROWS_A_SECOND = 20_000
SEED = 20261126


@dataclass(frozen=True)
class Done:
    """A command that ended: what it printed, and how long it took."""

    rows: list[dict[str, Any]]
    seconds: float


def main() -> int:
    """Seed both engines, copy there and back, and return the exit code."""
    parser = argparse.ArgumentParser(description="Seed many students and copy them from engine to engine.")
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    students = -(-options.sessions // SESSIONS_OF_A_STUDENT)
    print("| command | rows | seconds | rows/s |\n|---|---|---|---|")
    good = True
    with tempfile.TemporaryDirectory(prefix="schediora-benchmark-") as folder, servers.postgres() as server:
        for engine in ENGINES:
            with stage(engine) as prepared:
                seeded = run(Path(folder), "seed", "--users", str(students), **prepared.variables).rows[0]
                said(f"seed --users {students} on {engine}", seeded["rows"], seeded["rows"] / seeded["rows_a_second"])
                good = good and seeded["rows_a_second"] >= LEAST_ROWS_A_SECOND
                if engine == "sqlite":
                    good = there_and_back(Path(folder), server, prepared.settings.database_url, options.kills) and good
    return 0 if good else 1


def there_and_back(folder: Path, server: str, source: str, kills: int) -> bool:
    """Copy to Postgres and back, killing on the way; return whether all was as it should be."""
    postgres, back = servers.create_database(server), f"sqlite:///{folder / 'back.db'}"
    chosen, good, checksums = random.Random(SEED), True, []
    for way, here, there in (("SQLite to Postgres", source, postgres), ("Postgres to SQLite", postgres, back)):
        command = ("copy", "--from", here, "--to", there, "--verify")
        done = run(folder, *command)
        rows = sum(row["rows"] for row in done.rows)
        said(f"copy --verify, {way}", rows, done.seconds)
        checksums.append({row["table"]: row["checksum"] for row in done.rows})
        empty = f"sqlite:///{folder / 'killed.db'}" if there == back else servers.create_database(server)
        for _ in range(kills):
            after = chosen.uniform(0.1, 1.0) * done.seconds
            found = killed(folder, after, *command[:4], empty, "--verify")
            print(f"| killed after {after:.1f} s | {found} | | |")
            good = good and found in {0, rows}
            if found == rows:
                break
    if checksums[0] != checksums[1]:
        print("The copy of the copy has other checksums.")
        good = False
    return good


def run(folder: Path, *arguments: str, **variables: str) -> Done:
    """Run a command to its end and read what it prints; a failure ends the benchmark."""
    started = time.monotonic()
    ended = subprocess.run(
        [COMMAND, *arguments, "--json"], cwd=folder, env=environment(variables), stdout=subprocess.PIPE, check=True
    )
    return Done(json.loads(ended.stdout), time.monotonic() - started)


def killed(folder: Path, seconds: float, *arguments: str) -> int:
    """Kill a copy after so many seconds, and return how many rows its target (its fifth word) holds then."""
    process = subprocess.Popen(
        [COMMAND, *arguments], cwd=folder, env=environment({}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    target = arguments[4]
    if target.startswith("sqlite") and not Path(target.removeprefix("sqlite:///")).exists():
        return 0
    with opened_to_read(target) as end:
        ours = [name for name in end.tables() if not name.startswith(("huey_", "sqlite_", "alembic_", "schema_"))]
        return sum(int(end.ask(f'SELECT count(*) FROM "{name}"')[0][0]) for name in ours)


def said(what: str, rows: int, seconds: float) -> None:
    """Print a line of the table."""
    print(f"| {what} | {rows:,} | {seconds:.1f} | {rows / seconds:,.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
