"""How many open apps a server carries: the N at which p95 of a call passes 100 ms.

    python -m benchmarks.app_day [--apps 1000,2000,4000] [--seconds 30] [--engine sqlite|postgres|both]
        [--processes 1] [--shared-connections 0] [--set SECTION__NAME=VALUE]

A real `schediora serve`, a `schediora worker`, Postgres (which waits for the disk) and the apps share this machine; the
CPU of each is told. An app refreshes and asks who is signed in when it starts, makes three polls at once every 15 s,
ticks a session off every quarter of an hour (and polls), asks for the week's plan in one of 35 starts and for that job
every 2 s, and closes after 5 minutes, when another student starts theirs. Each keeps connections of its own, three as
a rule; with `--shared-connections` all calls come over so many, as from a proxy. A step opens its apps, 50 a second at
most, lets each poll once more, and is measured for `--seconds`; the steps end with the first that misses.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import psycopg

from benchmarks.figures import quantile
from benchmarks.load_loop import Found
from benchmarks.open_apps import GENERATING_STARTS, OPEN_SECONDS, POLL_SECONDS, POLLS, Phone, Play, Students, play
from benchmarks.population import enrol, let_study
from benchmarks.processes import cpu_seconds, parent_of, resident_mebibytes
from benchmarks.stage import CHOICES, Stage, engines, stage
from tests.live import Service, service

LIMIT_MS = 100.0
MOST_OTHERS = 0.001
"""The share of calls that may be answered otherwise: a start whose app closes before its tokens have come."""
OPENED_A_SECOND = 50
TARGET_APPS = 10_000
BUSY = 0.7
"""How much of its processors a machine may use that still takes up what comes at once."""
STEPS = (500, 1000, 2000, 3000, 4000, 5000, 6000, 8000)
Count = Callable[[], dict[str, float]]
_CONTEXT = multiprocessing.get_context("fork")


@dataclass
class Step:
    """What so many open apps brought, the share of a processor that each part took, and what else was counted, a
    second.
    """

    apps: int
    found: Found
    shares: dict[str, float]
    counted: dict[str, float]
    memory_mebibytes: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.found.calls / self.found.seconds

    @property
    def computed_a_call(self) -> float:
        """What all parts but the apps computed for a good answer, in seconds."""
        return sum(share for name, share in self.shares.items() if name != "apps") / self.rate

    @property
    def slowest(self) -> tuple[float, str]:
        """The highest p95, in milliseconds, and of which call; rare calls count from 20 answers on."""
        return max((quantile(taken, 0.95), name) for name, taken in self.found.taken.items() if len(taken) >= 20)

    @property
    def good(self) -> bool:
        """Whether 95 of 100 answers of every call came in time, and nearly all were good."""
        others = sum(self.found.others.values())
        return self.slowest[0] <= LIMIT_MS and others <= MOST_OTHERS * self.found.calls


def opening_seconds(apps: int) -> float:
    """Return how long it takes to open so many apps, each of which asks for what nobody has worked out yet."""
    return max(POLL_SECONDS, apps / OPENED_A_SECOND)


class Apps:
    """The open apps, in processes of their own; each has its students."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = pipes

    def begin(self, plan: Play) -> None:
        """Open so many apps, spread over the processes; return when measuring begins."""
        for number, pipe in enumerate(self._pipes):
            apps = len(range(number, plan.apps, len(self._pipes)))
            shared = -(-plan.shared_connections // len(self._pipes))
            pipe.send(replace(plan, apps=apps, shared_connections=shared))
        self.go_on()

    def go_on(self) -> None:
        """Return when the next turn's measuring begins."""
        for pipe in self._pipes:
            pipe.recv()

    def end(self) -> Found:
        """Return what was measured in a turn."""
        total = Found()
        for pipe in self._pipes:
            total.add(pipe.recv())
        return total


@contextmanager
def apps_of(port: int, students: Sequence[Students]) -> Iterator[Apps]:
    """Run a process for each of `students`."""
    pipes, processes = [], []
    for number, own in enumerate(students):
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_run, args=(theirs, port, own, number), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield Apps(pipes)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _run(pipe: Connection, port: int, students: Students, seed: int) -> None:
    while True:
        try:
            plan = pipe.recv()
        except EOFError:
            sys.exit()
        for found in play(port, students, plan, seed):
            pipe.send(found)


def populate(prepared: Stage, most_apps: int, seconds: float, processes: int) -> list[Students]:
    """Store half as many students again as apps are open at most, and those who will ask for a plan."""
    now = datetime.now(UTC)
    starts = most_apps * (seconds + POLL_SECONDS) / OPEN_SECONDS * len(STEPS)
    with prepared.database():
        studied = let_study(enrol(prepared.settings, most_apps + most_apps // 2, now=now), now=now)
        asking = enrol(prepared.settings, int((most_apps + starts) / GENERATING_STARTS * 1.5) + 20, now=now)
    studying = [
        Phone(each.student.access_token, each.student.refresh_token, [str(id_) for id_ in each.sessions[-6:]])
        for each in studied
    ]
    fresh = [Phone(each.access_token, each.refresh_token, []) for each in asking]
    return [Students(studying[number::processes], fresh[number::processes]) for number in range(processes)]


def postmaster_of(prepared: Stage) -> int | None:
    """Return the process of the Postgres server, if it has one on this machine."""
    if prepared.engine == "sqlite":
        return None
    with psycopg.connect(prepared.settings.database_url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return parent_of(row[0])


@contextmanager
def serving(
    prepared: Stage, arguments: Sequence[str], told: dict[str, str]
) -> Iterator[tuple[Service, dict[str, int]]]:
    """Run server and worker; yield the server and the processes whose CPU counts."""
    directory, variables = prepared.settings.data_dir, prepared.variables | told
    with (
        service(directory, "serve", "--no-worker", *arguments, **variables) as server,
        service(directory, "worker", **variables) as worker,
    ):
        assert server.process is not None
        assert worker.process is not None
        roots = {"server": server.process.pid, "worker": worker.process.pid}
        postmaster = postmaster_of(prepared)
        yield server, roots | ({"Postgres": postmaster} if postmaster else {})


def measure(apps: Apps, plan: Play, roots: dict[str, int], count: Count = dict) -> Step:
    """Play so many apps and measure them; `count` returns what else goes up meanwhile. Of several turns the one counts
    in which the parts computed least for a call: what else the machine does only adds.
    """
    apps.begin(plan)
    steps = []
    for turn in range(plan.turns):
        if turn:
            apps.go_on()
        before, counted = {name: cpu_seconds(root) for name, root in roots.items()}, count()
        found = apps.end()
        shares = {name: (cpu_seconds(root) - before[name]) / found.seconds for name, root in roots.items()}
        rates = {name: (value - counted[name]) / found.seconds for name, value in count().items()}
        shares["apps"] = found.cpu_seconds / found.seconds
        steps.append(Step(plan.apps, found, shares, rates, resident_mebibytes(roots["server"])))
    return min(steps, key=lambda step: step.computed_a_call)


HEAD = ("open apps", "calls/s", "p50 ms", "p95 ms", "p99 ms", "highest p95 of a call", "others")


def table(step: Step, *, head: bool) -> Iterator[str]:
    """Yield the lines of a step: the polls' times together, the slowest call, and the CPU of each part."""
    if head:
        names = [*HEAD, *(f"CPU {name}" for name in step.shares), "MiB", "connections"]
        yield f"| {' | '.join(names)} |"
        yield f"|{'---:|' * len(names)}"
    polls = [taken for name in POLLS for taken in step.found.taken[name]]
    slowest, name = step.slowest
    cells = [f"{step.apps:,}", f"{step.rate:,.0f}", *(f"{quantile(polls, share):.1f}" for share in (0.5, 0.95, 0.99))]
    cells += [f"{slowest:.1f} ({name})", str(sum(step.found.others.values()))]
    cells += [f"{share:.0%}" for share in step.shares.values()]
    cells += [f"{step.memory_mebibytes:,.0f}", f"{step.found.connections:,}"]
    yield f"| {' | '.join(cells)} |"


def calls(step: Step) -> Iterator[str]:
    """Yield how long each call of a step took."""
    for name, taken in sorted(step.found.taken.items()):
        times = " ".join(f"{quantile(taken, share):7.1f}" for share in (0.5, 0.95, 0.99))
        yield f"  {name:<24} {len(taken):>8,} {times} ms"
    for (name, status), count in sorted(step.found.others.items()):
        yield f"  {name:<24} {count:>8,} answered {status or 'not at all'}"


def outlook(best: Step) -> str:
    """Return what the largest good step means for more apps with the apps on phones, as they are."""
    cores = sum(share for name, share in best.shares.items() if name != "apps")
    needed = cores / best.apps * TARGET_APPS
    return (
        f"{best.apps:,} open apps take {cores:.2f} processors of server, worker and database, the apps themselves "
        f"{best.shares['apps']:.2f}. {TARGET_APPS:,} elsewhere would take {needed:.1f}: at {BUSY:.0%} use "
        f"{needed / BUSY:.1f} processors."
    )


def carry(prepared: Stage, options: argparse.Namespace) -> Step | None:
    """Go up the steps until one misses; return the last good one."""
    most, best = max(options.apps), None
    students = populate(prepared, most, options.seconds, options.generators)
    arguments = ["--processes", str(options.processes)]
    told = {f"SCHEDIORA_{name}": value for name, _, value in (given.partition("=") for given in options.set)}
    with (
        serving(prepared, arguments, told) as (server, roots),
        apps_of(server.port, students) as apps,
    ):
        for number, open_apps in enumerate(options.apps):
            plan = Play(open_apps, opening_seconds(open_apps), options.seconds, options.shared_connections)
            step = measure(apps, plan, roots)
            print("\n".join(table(step, head=number == 0)), flush=True)
            if not step.good or options.calls:
                print("\n".join(calls(step)), flush=True)
            if not step.good:
                break
            best = step
    return best


def numbers(text: str) -> tuple[int, ...]:
    """Return what a list of numbers with commas says."""
    return tuple(int(part) for part in text.split(","))


def main() -> None:
    """Go up the steps on the chosen engines."""
    parser = argparse.ArgumentParser(description="How many open apps a server carries.")
    parser.add_argument("--apps", type=numbers, default=STEPS)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--generators", type=int, default=1)
    parser.add_argument("--shared-connections", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="SECTION__NAME=VALUE")
    parser.add_argument("--calls", action="store_true", help="show every call of every step")
    options = parser.parse_args()
    for engine in engines(options.engine):
        ways = f"{options.shared_connections} shared" if options.shared_connections else "own"
        print(f"\n**{engine}**, {options.processes} server processes, {ways} connections\n")
        with stage(engine, durable=True) as prepared:
            best = carry(prepared, options)
        print(f"\n{outlook(best)}" if best else "\nNo step was good.", flush=True)


if __name__ == "__main__":
    main()
