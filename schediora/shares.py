"""How the service is divided among processes, and what each of them may hold."""

from dataclasses import dataclass

from schediora.errors import SetupError
from schediora.routes import lanes
from schediora.settings.values import Settings

SPARE_CONNECTIONS = 5
"""For the heartbeat, the sweeper, calendars, mails and metrics, beside one connection a thread."""
HINT_CONNECTIONS = 1
"""Hints are sent by one thread; each consumer hears them over a connection of its own."""
LEAST_CONNECTIONS = 8
"""Of a process that answers: a poll holds a connection for a tenth of its time, and a thread that finds none waits."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What was chosen, in numbers and in words; connections are those to Postgres, without those of the queue."""

    processes: int
    """That answer; where there are several, one more works and measures."""
    cores: int
    pooled: int
    """Connections in the pool of each process that answers."""
    most_connections: int
    """To Postgres, of all processes together and with those of the queue; nothing is counted of SQLite."""
    why: str
    """A clause that says why it is so many processes."""

    @property
    def hashing(self) -> int:
        """How many passwords each process may hash at once."""
        return _hashing(self.cores, self.processes)


def shares(settings: Settings, *, cores: int, working: bool = True) -> Shares:
    """Return how the service is divided on a machine with so many usable `cores`; `working` makes plans as well.

    Raises SetupError when `database.connections` does not carry what the settings ask for.
    """
    asked = settings.server.processes
    if not settings.on_postgres:
        chosen = asked or 1
        why = "as set" if asked else "SQLite has one writer at a time"
        return _divided(settings, chosen, cores, working=working, why=why)
    room = settings.database.connections - (_of_work(settings) if working else 0)
    carried = max(1, room // (LEAST_CONNECTIONS + _of_hints(settings)))
    chosen = asked or min(cores, carried)
    if asked:
        why = "as set"
    elif chosen == cores:
        why = f"one for each of the {cores} usable cores" if cores > 1 else "there is one usable core"
    else:
        why = f"{cores} cores could be used, and database.connections = {settings.database.connections} carries no more"
    return _divided(settings, chosen, cores, working=working, why=why)


def undivided(settings: Settings, *, cores: int = 1) -> Shares:
    """Return what one process has that does everything, whatever the settings say of several."""
    return _divided(settings, 1, cores, working=True, why="")


def to_work(settings: Settings) -> int:
    """Return how many connections the pool of a process has that only works."""
    return settings.queue.workers + SPARE_CONNECTIONS


def _divided(settings: Settings, processes: int, cores: int, *, working: bool, why: str) -> Shares:
    workers, hints, threads = settings.queue.workers, _of_hints(settings), settings.server.threads
    others = sum(lane.threads for lane in lanes(threads, cores=_hashing(cores, processes)))
    pooled = threads + others + SPARE_CONNECTIONS
    if processes == 1:
        of_workers = workers * working
        pooled += of_workers
        beside, least = (hints and of_workers + hints), LEAST_CONNECTIONS + of_workers
        pooled = max(least, min(pooled, settings.database.connections - beside)) if settings.on_postgres else pooled
        return Shares(1, cores, pooled, pooled + beside, why)
    if not settings.on_postgres:
        return Shares(processes, cores, pooled, 0, why)
    beside = _of_work(settings) if working else 0
    each = (settings.database.connections - beside) // processes - hints
    if each < LEAST_CONNECTIONS:
        raise SetupError(
            f"{processes} processes need database.connections = {beside + processes * (LEAST_CONNECTIONS + hints)} or "
            "more, as far as Postgres's max_connections has room; else lower server.processes or queue.workers."
        )
    pooled = min(pooled, each)
    return Shares(processes, cores, pooled, beside + processes * (pooled + hints), why)


def _hashing(cores: int, processes: int) -> int:
    """Return the machine's cores divided among the processes, one at least."""
    return max(1, cores // processes)


def _of_hints(settings: Settings) -> int:
    return 0 if settings.queue.url.get_secret_value() else HINT_CONNECTIONS


def _of_work(settings: Settings) -> int:
    """Return how many connections a process holds that only works."""
    hints = _of_hints(settings)
    return to_work(settings) + (hints and settings.queue.workers + hints)
