"""How soon a worker takes a job up, and how much of the ideal rate two workers reach while a model takes its time.

    python -m benchmarks.queue_pickup [--jobs 20] [--batch 160] [--threads 4] [--queue sqlite|postgres|valkey|all]

Pickup: with nothing else to do, from when the answer came that the job is accepted, so after the commit, until the
worker's log says that it runs; by the consumer within `schediora serve` and by a `schediora worker` of its own.
Rate: two `schediora worker` processes with `--threads` jobs at once each, a model server that answers after 200 ms,
and a batch that is there at once; ideal is all threads waiting for the model and nothing else. Counted from when the
first job is taken up until the last plan is stored. The CPU of a job says how many threads two
processors carry.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
from schediora.db.statement import Statement
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
_SPAN = Statement("SELECT COUNT(*), MAX(updated_at) FROM ai_jobs WHERE source <> 'rules'")


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


def measure_rate(prepared: Stage, told: dict[str, str], batch: int, threads: int) -> tuple[float, float]:
    """Return the share of the ideal rate that two workers reach with a batch, and the CPU of a job, in milliseconds."""
    directory = prepared.settings.data_dir
    with ExitStack() as open_:
        model = open_.enter_context(ModelServer(delayed(MODEL_SECONDS)))
        told = told | {
            "SCHEDIORA_AI__PROVIDER": "openai",
            "SCHEDIORA_AI__BASE_URL": model.base_url,
            "SCHEDIORA_QUEUE__WORKERS": str(threads),
        }
        workers = [open_.enter_context(working(directory, told)) for _ in range(WORKERS)]
        before = sum(cpu_seconds(worker.process.pid) for worker in workers if worker.process)
        with prepared.database():
            ask_all(prepared, told, batch)
            while _LEFT.rows()[0][0]:
                time.sleep(0.2)
            ((made, last),) = _SPAN.rows()
        assert made >= batch, f"only {made} of {batch} plans came from the model"
        first = min(min(running_since(worker).values()) for worker in workers)
        last = last if isinstance(last, datetime) else datetime.fromisoformat(last)
        taken = last.timestamp() - first
        ideal = batch / (WORKERS * threads) * MODEL_SECONDS
        cpu = sum(cpu_seconds(worker.process.pid) for worker in workers if worker.process) - before
    return ideal / taken, cpu / batch * 1000


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
            rates.append((queue, *measure_rate(prepared, told, options.batch, options.threads)))
    print(f"\n| queue | of the ideal rate of {WORKERS} x {options.threads} | CPU of a job, ms | {SHARE:.0%} |")
    print("|---|---:|---:|---|")
    for queue, share, cpu in rates:
        print(f"| {queue} | {share:.0%} | {cpu:.0f} | {'yes' if share >= SHARE else 'NO'} |")


if __name__ == "__main__":
    main()
