"""How soon a worker takes a job up, and how much of the ideal rate two workers reach while a model takes its time.

    python -m benchmarks.queue_pickup [--jobs 20] [--batch 160] [--threads 4] [--queue sqlite|postgres|valkey|all]

Pickup: with nothing else to do, from when the answer came that the job is accepted, so after the commit, until the
worker's log says that it runs; by the consumer within `schediora serve` and by a `schediora worker` of its own.
Rate: two `schediora worker` processes with `--threads` jobs at once each, a model server that answers after 200 ms,
and a batch that is there at once. Ideal is that always all threads wait for the model, or all processors work on plans,
whichever takes longer: placing a week costs CPU. Counted from when the first job is taken up until the last plan is
stored, on processes that have made a plan already.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from benchmarks.figures import quantile
from benchmarks.population import Student, enrol
from benchmarks.processes import cpu_seconds
from benchmarks.stage import Stage, stage
from schediora.app import create_queue
from schediora.db.base import new_id
from schediora.db.statement import Statement, as_instant
from schediora.localtime import week_start
from schediora.models.ai import Job
from tests import servers
from tests.live import Service, service
from tests.model_behaviours import delayed
from tests.model_server import ModelServer

QUEUES = ("sqlite", "postgres", "valkey")
WITHIN_MS = 50.0
SHARE = 0.9
MODEL_SECONDS = 0.2
WORKERS = 2
WISH = {"goal": "Pass the certification", "topic": "Physics"}
_LEFT = Statement("SELECT COUNT(*) FROM ai_jobs WHERE status IN ('queued', 'running')")
_LAST = Statement("SELECT MAX(updated_at) FROM ai_jobs")


def running_since(log: Service) -> dict[str, float]:
    """Return when each job was taken up, in seconds since 1970, as a process's log says."""
    lines = (json.loads(line) for line in log.logged().splitlines() if '"job_running"' in line)
    return {line["job_id"]: datetime.fromisoformat(line["timestamp"]).timestamp() for line in lines}


def pickups(server: Service, worker: Service, students: Sequence[Student]) -> list[float]:
    """Let one student after the other ask, at any moment, and return how many milliseconds each job waited."""
    chance, accepted = random.Random(1), dict[str, float]()
    for student in students:
        time.sleep(chance.uniform(0.3, 1.3))
        answer = server.call("POST", "/ai/plans/generate", WISH, token=student.access_token)
        assert answer.status == 202, answer.body
        accepted[answer.json["job_id"]] = time.time()
    time.sleep(3)
    taken = running_since(worker)
    return [(taken[job] - at) * 1000 for job, at in accepted.items()]


def measure_pickup(prepared: Stage, told: dict[str, str], jobs: int) -> Iterator[tuple[str, list[float]]]:
    """Yield where the consumer is and how long jobs waited for it."""
    directory = prepared.settings.data_dir
    with prepared.database():
        students = enrol(prepared.settings, 2 * jobs, now=datetime.now(UTC))
    with service(directory, "serve", **told) as server:
        yield "in serve", pickups(server, server, students[:jobs])
        server.stop()
    with service(directory, "serve", "--no-worker", **told) as server, working(directory, told) as worker:
        yield "worker", pickups(server, worker, students[jobs:])


@contextmanager
def working(directory: Path, told: dict[str, str]) -> Iterator[Service]:
    """Run a worker, and go on once it waits for jobs."""
    with service(directory, "worker", **told) as worker:
        while '"making_plans"' not in worker.logged():
            time.sleep(0.05)
        time.sleep(1)
        yield worker


def ask_all(prepared: Stage, told: dict[str, str], batch: int) -> None:
    """Store a batch of jobs at once, each of another student, and hint at each."""
    now = datetime.now(UTC)
    students = enrol(prepared.settings, batch, now=now)
    week = week_start(now.date())
    jobs: list[dict[str, Any]] = [
        {"id": new_id(), "user": student.id, "week_start": week, "created_at": now, "updated_at": now, **WISH}
        for student in students
    ]
    Job.insert_many(jobs).execute()
    settings = prepared.settings
    if url := told.get("SCHEDIORA_QUEUE__URL"):
        settings = settings.model_copy(update={"queue": settings.queue.model_copy(update={"url": SecretStr(url)})})
    queue = create_queue(settings)
    for job in jobs:
        queue.hint(job["id"])
    queue.close()


@dataclass(frozen=True)
class Rate:
    """How many seconds a batch took, would take by the model alone and by the processors alone, and a job's CPU."""

    taken: float
    by_model: float
    by_cpu: float
    cpu_ms: float

    @property
    def share(self) -> float:
        """What part of the ideal rate was reached."""
        return max(self.by_model, self.by_cpu) / self.taken


def measure_rate(prepared: Stage, told: dict[str, str], batch: int, threads: int) -> Rate:
    """Let two workers make the plans of a batch."""
    directory = prepared.settings.data_dir
    with ExitStack() as open_:
        model = open_.enter_context(ModelServer(delayed(MODEL_SECONDS)))
        told = told | {
            "SCHEDIORA_AI__PROVIDER": "openai",
            "SCHEDIORA_AI__BASE_URL": model.base_url,
            "SCHEDIORA_QUEUE__WORKERS": str(threads),
        }
        workers = [open_.enter_context(working(directory, told)) for _ in range(WORKERS)]
        with prepared.database():
            ask_all(prepared, told, 4 * WORKERS * threads)  # what a process reads for its first plans
            _wait_for_all()
            before = sum(cpu_seconds(worker.process.pid) for worker in workers if worker.process)
            began = time.time()
            ask_all(prepared, told, batch)
            _wait_for_all()
            ((last,),) = _LAST.rows()
        cpu = sum(cpu_seconds(worker.process.pid) for worker in workers if worker.process) - before
        first = min(at for worker in workers for at in running_since(worker).values() if at >= began)
        taken = as_instant(last).timestamp() - first
        by_model = batch / (WORKERS * threads) * MODEL_SECONDS
        return Rate(taken, by_model, cpu / min(WORKERS, len(os.sched_getaffinity(0))), cpu / batch * 1000)


def _wait_for_all() -> None:
    while _LEFT.rows()[0][0]:
        time.sleep(0.1)


def main() -> None:
    """Measure the chosen queues and print the table."""
    parser = argparse.ArgumentParser(description="How soon jobs are taken up, and how fast two workers are.")
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--batch", type=int, default=160)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--queue", choices=(*QUEUES, "all"), default="all")
    options = parser.parse_args()
    print("| queue | consumer | pickup p50 ms | p95 ms | most ms | within 50 ms |")
    print("|---|---|---:|---:|---:|---|")
    rates = []
    for queue in QUEUES if options.queue == "all" else (options.queue,):
        with ExitStack() as open_:
            prepared = open_.enter_context(stage("sqlite" if queue == "sqlite" else "postgres", durable=True))
            told = prepared.variables | {"SCHEDIORA_ENVIRONMENT": "production"}
            if queue == "valkey":
                told["SCHEDIORA_QUEUE__URL"] = open_.enter_context(servers.valkey())
            for where, waited in measure_pickup(prepared, told, options.jobs):
                cells = " | ".join(f"{quantile(waited, share):.1f}" for share in (0.5, 0.95, 1.0))
                met = "yes" if quantile(waited, 0.95) <= WITHIN_MS else "NO"
                print(f"| {queue} | {where} | {cells} | {met} |", flush=True)
            rates.append((queue, measure_rate(prepared, told, options.batch, options.threads)))
    print(
        f"\n| queue | {options.batch} plans, s | by the model alone | by CPU alone | CPU of a job | of ideal | 90 % |"
    )
    print("|---|---:|---:|---:|---:|---:|---|")
    for queue, rate in rates:
        seconds = f"{rate.taken:.1f} | {rate.by_model:.1f} | {rate.by_cpu:.1f} | {rate.cpu_ms:.0f} ms"
        print(f"| {queue} | {seconds} | {rate.share:.0%} | {'yes' if rate.share >= SHARE else 'NO'} |", flush=True)


if __name__ == "__main__":
    main()
