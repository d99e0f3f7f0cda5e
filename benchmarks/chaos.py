"""What students notice while what the service stands on breaks: a minute of open apps for each fault.

    python -m benchmarks.chaos [--apps 150] [--seconds 60] [--engine sqlite|postgres|both] [--only WORD]

A real `schediora serve` with its worker under open apps as in `app_day`, beside a fleet of published apps that keeps
starting; after a quarter of the minute something breaks, for 4 s. The share of answers that were our fault is read from
the server's own log. Exits with 1 when it reaches 1 %, when one comes later than 2 s after the fault has ended, when a
sign-in is lost, or when an accepted job is not completed; a disk that is full may refuse what writes.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.app_day import populate
from benchmarks.open_apps import Play, Students, play
from benchmarks.overload import starting
from benchmarks.population import enrol
from benchmarks.stage import CHOICES, Stage, engines, prepared_at
from schediora.measures import FAULTS_GOAL
from schediora.models.ai import Job, JobStatus
from tests import servers
from tests.chaos import faults
from tests.live import Service, service
from tests.model_behaviours import good, hang
from tests.model_server import ModelServer

FAULT_SECONDS = 4.0
"""A server takes its time to stop and to start as well; the promises are for what ends within 8 s."""
LONGEST_SECONDS = 8.0
BACK_SECONDS = 2.0
STARTING = 8
DISK_MEBIBYTES = 64
WARM_SECONDS = 5.0
JOB_SECONDS = 90.0


@dataclass(frozen=True)
class Scene:
    """A server under open apps, what its faults are, and what they may cost."""

    server: Service
    stage: Stage
    students: Students
    happenings: Mapping[str, Callable[[], object]]


@dataclass
class Minute:
    """What a fault cost, and how many seconds it lasted: answers, those that were our fault, how long after its end the
    last of these came, how often apps were started, the slowest start in seconds, and how many sign-ins were lost.
    """

    lasted: float
    calls: int
    faults: int
    last_after: float
    starts: int
    slowest_start: float
    lost: int

    @property
    def good(self) -> bool:
        """Whether every promise held, or nothing was promised."""
        if self.lasted > LONGEST_SECONDS:
            return True
        return self.faults < FAULTS_GOAL * self.calls and self.last_after <= BACK_SECONDS and not self.lost


def played(scene: Scene, happens: Callable[[], object], apps: int, seconds: float) -> Minute:
    """Let it happen under open apps and return what that cost, not counting while they are opened."""
    plan = Play(apps, WARM_SECONDS, seconds)
    with scene.stage.database():
        fleet_of = enrol(scene.stage.settings, STARTING, now=datetime.now(UTC))
    phones = [(each.access_token, each.refresh_token) for each in fleet_of]
    with ThreadPoolExecutor(1) as pool, starting(scene.server.port, phones) as fleets:
        playing = pool.submit(lambda: list(play(scene.server.port, scene.students, plan, 1)))
        time.sleep(WARM_SECONDS)
        seen = len(scene.server.logged())
        time.sleep(seconds / 4)
        began = datetime.now(UTC)
        happens()  # by this thread: a server that it starts would end with another one
        over = datetime.now(UTC)
        playing.result()
    answers = [line for line in _lines(scene.server.logged()[seen:]) if line["event"] == "request"]
    wrong = [datetime.fromisoformat(line["timestamp"]) for line in answers if line["status"] >= 500]
    [fleet] = fleets
    after = max(((at - over).total_seconds() for at in wrong), default=0.0)
    return Minute(
        (over - began).total_seconds(),
        len(answers),
        len(wrong),
        max(after, 0.0),
        len(fleet.seconds),
        max(fleet.seconds, default=0.0),
        len(fleet.lost),
    )


def _lines(log: str) -> Iterator[dict[str, Any]]:
    for line in log.splitlines():
        if line.startswith("{"):
            with suppress(ValueError):  # a disk that was full has cut it
                yield json.loads(line)


@contextmanager
def scenes(engine: str, apps: int, seconds: float, minutes: int) -> Iterator[list[Scene]]:
    """Yield what is played on an engine; on Postgres also a server behind pgbouncer, where there is one."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="schediora-benchmark-")))
        model = stack.enter_context(ModelServer(good()))
        told = {
            "SCHEDIORA_ENVIRONMENT": "production",
            "SCHEDIORA_SERVER__CONNECTIONS_PER_ADDRESS": "0",
            "SCHEDIORA_AI__PROVIDER": "openai",
            "SCHEDIORA_AI__BASE_URL": model.base_url,
            "SCHEDIORA_AI__MODEL": "stub",
        }

        def scene(prepared: Stage, name: str, happenings: Mapping[str, Callable[[], object]], **more: str) -> Scene:
            [students] = populate(prepared, apps, seconds * minutes, 1)
            data_dir = prepared.settings.data_dir.with_name(name) if name else prepared.settings.data_dir
            server = stack.enter_context(service(data_dir, "serve", **(prepared.variables | told | more)))
            return Scene(server, prepared, students, happenings)

        if engine == "sqlite":
            disk = stack.enter_context(faults.small_disk(folder / "disk", DISK_MEBIBYTES))
            data_dir = (disk or folder) / "data"
            data_dir.mkdir()
            path = data_dir / "schediora.db"
            happenings: dict[str, Callable[[], object]] = {
                "nothing": lambda: None,
                "locked by another program": lambda: faults.locked(path, FAULT_SECONDS),
                "a model server that hangs": lambda: _hangs(model),
            }
            if disk is not None:
                happenings["a full disk"] = lambda: _full(disk)
            yield [scene(prepared_at(engine, data_dir, f"sqlite:///{path}"), "", happenings)]
            return
        postgres = stack.enter_context(servers.killable_postgres(durable=True))
        valkey = stack.enter_context(servers.killable_valkey())
        url = servers.create_database(postgres.address)
        prepared = prepared_at(engine, folder / "data", url)
        straight = {
            "nothing": lambda: None,
            "Postgres restarted": lambda: faults.restarted(postgres, FAULT_SECONDS),
            "demoted to read-only and back": lambda: faults.read_only(postgres, FAULT_SECONDS),
            "connections ended, again and again": lambda: faults.connections_ended(url, FAULT_SECONDS),
            "Valkey gone and back": lambda: faults.restarted(valkey, FAULT_SECONDS),
            "a model server that hangs": lambda: _hangs(model),
        }
        played_on = [scene(prepared, "", straight, SCHEDIORA_QUEUE__URL=valkey.address)]
        if servers.pgbouncer_binary() is not None:
            pooler = stack.enter_context(servers.killable_pgbouncer(postgres.address))
            pooled = {"SCHEDIORA_DATABASE__URL": f"{pooler.address.rpartition('/')[0]}/{url.rpartition('/')[2]}"}
            restarted = {"pgbouncer restarted": lambda: faults.restarted(pooler, FAULT_SECONDS)}
            behind = scene(prepared, "pooled", restarted, **pooled, SCHEDIORA_DATABASE__DIRECT_URL=url)
            played_on.append(behind)
        yield played_on


def _hangs(model: ModelServer) -> None:
    model.behave(hang())
    time.sleep(FAULT_SECONDS)
    model.behave(good())


def _full(disk: Path) -> None:
    with faults.full(disk):
        time.sleep(FAULT_SECONDS)


def row(name: str, minute: Minute) -> str:
    """Return a row of the table."""
    share = minute.faults / max(minute.calls, 1)
    answered = f"| {name} | {minute.lasted:.1f} s | {minute.calls} | {minute.faults} | {share:.2%} "
    return f"{answered}| {minute.last_after:.1f} s | {minute.starts} | {minute.slowest_start:.1f} s | {minute.lost} |"


def unfinished(prepared: Stage) -> int:
    """Wait until all accepted jobs have ended, for a while; return how many are not completed."""
    deadline = time.monotonic() + JOB_SECONDS
    while True:
        with prepared.database():
            left = Job.select().where(Job.status != JobStatus.COMPLETED).count()
        if not left or time.monotonic() > deadline:
            return int(left)
        time.sleep(1)


def main() -> int:
    """Break things on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Break what the service stands on, under open apps.")
    parser.add_argument("--apps", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", default="", help="play the faults alone whose name has this in it")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good_in_all = True
    for engine in engines(options.engine):
        print(f"\n{engine}, {options.apps} open apps\n")
        print("| what | lasted | answers | 5xx | share | the last after | starts | slowest start | sign-ins lost |")
        print("|---|---|---|---|---|---|---|---|---|")
        with scenes(engine, options.apps, options.seconds, minutes=8) as played_on:
            for scene in played_on:
                for name, happens in scene.happenings.items():
                    if options.only not in name:
                        continue
                    minute = played(scene, happens, options.apps, options.seconds)
                    good_in_all &= minute.good
                    print(row(name, minute), flush=True)
            left = unfinished(played_on[0].stage)
            print(f"\njobs accepted and not completed: {left}")
            good_in_all &= not left
    return 0 if good_in_all else 1


if __name__ == "__main__":
    sys.exit(main())
