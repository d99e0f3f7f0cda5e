"""From measured points to more open apps than one machine has: what each of them costs, and what they need together.

A part's CPU is so much for each server process and so much for each open app. It is fitted on every second point and
has to be within 15 % on the others, else nothing is extrapolated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.open_apps import GENERATING_STARTS, OPEN_SECONDS

WITHIN = 0.15
PARTS = ("server", "Postgres")
STUDENTS_AN_OPEN_APP = 20
"""A student has the app open for 25 minutes a day, five times five; in the busiest hour three times as many as on
average.
"""
BUSY = 0.7
"""How much of its processors a machine uses that still takes up what comes at once."""
CORES = 16
"""Of each machine, of the database's as well."""
MODEL_SECONDS = 5.0
"""How long a model writes at a plan, of which a worker waits."""
KEPT_BYTES = 8 * 1024
"""What the three answers take that a server keeps for an open app."""


class DoesNotFit(Exception):
    """The model is not within 15 % of the points that it was not fitted on."""


@dataclass(frozen=True)
class Point:
    """What was measured with so many open apps and server processes: processors, and the rest a second."""

    apps: int
    processes: int
    cpu: Mapping[str, float]
    calls: float
    starts: float
    writes: float
    wal_bytes: float
    commits: float


@dataclass(frozen=True)
class Cost:
    """What a part takes: processors for each server process, and for each open app."""

    a_process: float
    an_app: float

    def of(self, point: Point) -> float:
        """Return what it would take at a point."""
        return self.a_process * point.processes + self.an_app * point.apps


@dataclass(frozen=True)
class Fitted:
    """The costs, and by how much they miss the points that were kept back: part, apps, processes, share."""

    costs: Mapping[str, Cost]
    misses: Sequence[tuple[str, int, int, float]]

    @property
    def worst(self) -> float:
        """The largest miss."""
        return max(abs(miss) for *_, miss in self.misses)


def fitted(points: Sequence[Point]) -> Fitted:
    """Fit on every second point, by processes and apps; raise DoesNotFit when the others are missed."""
    ordered = sorted(points, key=lambda point: (point.processes, point.apps))
    shown, kept_back = ordered[::2], ordered[1::2]
    costs = {part: _cost(part, shown) for part in PARTS}
    misses = [
        (part, point.apps, point.processes, cost.of(point) / point.cpu[part] - 1)
        for part, cost in costs.items()
        for point in kept_back
    ]
    found = Fitted(costs, misses)
    if found.worst > WITHIN:
        raise DoesNotFit("; ".join(f"{part} at {apps} x {n}: {miss:+.0%}" for part, apps, n, miss in misses))
    return found


def _cost(part: str, points: Sequence[Point]) -> Cost:
    """Return the costs with the least squares of relative errors, none of them below 0."""
    rows = [(point.processes / point.cpu[part], point.apps / point.cpu[part]) for point in points]
    pp, pa, aa = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    p, a = (sum(row[i] for row in rows) for i in (0, 1))
    determinant = pp * aa - pa * pa
    a_process, an_app = (p * aa - a * pa) / determinant, (a * pp - p * pa) / determinant
    if a_process < 0:
        return Cost(0.0, a / aa)
    return Cost(a_process, an_app)


@dataclass(frozen=True)
class Need:
    """What so many open apps need, a server process for each processor."""

    apps: int
    students: int
    calls: float
    server_cores: float
    database_cores: float
    worker_cores: float
    model_calls: float
    writes: float
    wal_mebibytes: float
    database_gibibytes: float
    kept_gibibytes: float

    @property
    def server_machines(self) -> int:
        """Machines that answer."""
        return _machines(self.server_cores)

    @property
    def databases(self) -> int:
        """Primaries among which the students are split."""
        return _machines(self.database_cores)

    @property
    def worker_machines(self) -> int:
        """Machines that make plans."""
        return _machines(self.worker_cores)


def need(apps: int, model: Fitted, points: Sequence[Point], *, student_bytes: float, job_seconds: float) -> Need:
    """Return what `apps` need: rates an app are the points' own, and all calls of an app come to a process that has
    kept its answers.
    """
    total = sum(point.apps for point in points)

    def rate(of: Sequence[float]) -> float:
        return sum(of) / total * apps

    processor = 1 - model.costs["server"].a_process
    jobs = apps / OPEN_SECONDS / GENERATING_STARTS
    students = apps * STUDENTS_AN_OPEN_APP
    return Need(
        apps=apps,
        students=students,
        calls=rate([point.calls for point in points]),
        server_cores=model.costs["server"].an_app * apps / processor,
        database_cores=model.costs["Postgres"].an_app * apps,
        worker_cores=jobs * job_seconds,
        model_calls=jobs * MODEL_SECONDS,
        writes=rate([point.writes for point in points]),
        wal_mebibytes=rate([point.wal_bytes for point in points]) / 2**20,
        database_gibibytes=students * student_bytes / 2**30,
        kept_gibibytes=apps * KEPT_BYTES / 2**30,
    )


def _machines(cores: float) -> int:
    return max(1, -int(-cores / BUSY // CORES))


ROWS: tuple[tuple[str, Callable[[Need], str]], ...] = (
    ("students", lambda each: f"{each.students:,}"),
    ("calls a second", lambda each: f"{each.calls:,.0f}"),
    (f"server machines of {CORES} cores", lambda each: f"{each.server_machines:,} ({each.server_cores:,.1f} cores)"),
    ("answers kept, all servers together", lambda each: f"{each.kept_gibibytes:,.1f} GiB"),
    (f"Postgres primaries of {CORES} cores", lambda each: f"{each.databases:,} ({each.database_cores:,.1f} cores)"),
    ("database, without replicas", lambda each: f"{each.database_gibibytes:,.0f} GiB"),
    ("transactions that write, a second", lambda each: f"{each.writes:,.0f}"),
    ("WAL", lambda each: f"{each.wal_mebibytes:,.1f} MiB/s"),
    (f"worker machines of {CORES} cores", lambda each: f"{each.worker_machines:,} ({each.worker_cores:,.1f} cores)"),
    ("calls to a model at once", lambda each: f"{each.model_calls:,.0f}"),
)


def table(needs: Sequence[Need]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| open apps | " + " | ".join(f"{each.apps:,}" for each in needs) + " |"
    yield "|---|" + "---:|" * len(needs)
    for name, cell in ROWS:
        yield f"| {name} | " + " | ".join(cell(each) for each in needs) + " |"
