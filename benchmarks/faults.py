"""Whether every plan that is asked for comes, once and in time, while models fail and workers die.

    python -m benchmarks.faults [--jobs 500] [--rate 5] [--kill-every 10] [--engine sqlite|postgres|both]

`schediora serve --no-worker` takes the wishes, two `schediora worker` processes make the plans, and a model server
answers after 0.5 s but fails 40 % of its calls, in every way that it knows. Every `--kill-every` seconds one of the
workers, in turn, is killed (kill -9) and started again, until the last job is through. Each student does what the app
does: asks, then looks every 2 s; but where the app gives up after 45 looks, the benchmark looks on, to tell late from
never.

Afterwards the tables are read. It exits with 1 unless every job is completed, each student has exactly one plan, and
99 of 100 students had it within the app's patience.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from benchmarks.figures import quantile
from benchmarks.population import Student, enrol
from benchmarks.stage import CHOICES, Stage, engines, stage
from schediora.db.statement import Statement
from schediora.models.ai import Job, JobStatus
from tests.live import Service, service
from tests.model_behaviours import mixed
from tests.model_server import ModelServer

WORKERS = 2
MODEL_SECONDS = 0.5
MODEL_FAILING = 0.4
LOOK_SECONDS = 2.0
LOOKS = 45
"""The app's: 90 s in all."""
MOST_LOOKS = 2 * LOOKS
IN_TIME = 0.99
_PLANS = Statement("""
    SELECT COUNT(DISTINCT p.id), COUNT(s.id) FROM users u LEFT JOIN study_plans p ON p.user_id = u.id
    LEFT JOIN study_sessions s ON s.plan_id = p.id GROUP BY u.id""")
TOPICS = ("Biology", "Math", "Chemistry", "Physics", "English", "Rhetoric")


@dataclass(frozen=True)
class Outcome:
    """What a student saw: how many looks it took until the job was over (None: it never was), and what it said."""

    looks: int | None
    answer: str

    @property
    def in_time(self) -> bool:
        """Whether the plan came while the app still looked."""
        return self.answer == JobStatus.COMPLETED and self.looks is not None and self.looks <= LOOKS


@dataclass(frozen=True)
class Result:
    """What the tables hold in the end, and what happened on the way."""

    outcomes: list[Outcome]
    jobs: list[Job]
    plans: list[tuple[int, int]]
    """How many plans each student has, and how many sessions in them."""
    kills: int
    calls: int


def ask_and_look(server: Service, student: Student, topic: str) -> Outcome:
    """Ask for a plan as the app does and wait for it."""
    wish = {"goal": "Pass the certification", "topic": topic}
    asked = server.call("POST", "/ai/plans/generate", wish, token=student.access_token)
    if asked.status != 202:
        return Outcome(None, f"{asked.status} on asking")
    for look in range(1, MOST_LOOKS + 1):
        time.sleep(LOOK_SECONDS)
        job = server.call("GET", f"/ai/jobs/{asked.json['job_id']}", token=student.access_token)
        if job.status != 200:
            return Outcome(None, f"{job.status} on looking")
        if job.json["status"] in {JobStatus.COMPLETED, JobStatus.FAILED}:
            return Outcome(look, job.json["status"])
    return Outcome(None, "never")


@contextmanager
def killing(workers: list[Service], every: float) -> Iterator[list[float]]:
    """Kill one of `workers` in turn `every` so many seconds and start it again; yields when that was."""
    kills: list[float] = []
    over = threading.Event()

    def kill() -> None:
        for turn in count():
            if over.wait(every):
                return
            workers[turn % len(workers)].kill()
            workers[turn % len(workers)].launch()
            kills.append(time.monotonic())

    killer = threading.Thread(target=kill, name="killer")
    killer.start()
    try:
        yield kills
    finally:
        over.set()
        killer.join()


def play(prepared: Stage, *, jobs: int, rate: float, kill_every: float) -> Result:
    """Let `jobs` students ask, `rate` a second, and return what came of it."""
    with prepared.database():
        students = enrol(prepared.settings, jobs, now=datetime.now(UTC))
    with ExitStack() as running:
        model = running.enter_context(ModelServer(mixed(1, failing=MODEL_FAILING, delay=MODEL_SECONDS)))
        variables = prepared.variables | {
            "SCHEDIORA_AI__PROVIDER": "openai",
            "SCHEDIORA_AI__BASE_URL": model.base_url,
            "SCHEDIORA_AI__MODEL": "stub",
        }
        data_dir = prepared.settings.data_dir
        server = running.enter_context(service(data_dir, "serve", "--no-worker", **variables))
        workers = [running.enter_context(service(data_dir, "worker", **variables)) for _ in range(WORKERS)]
        crowd = running.enter_context(ThreadPoolExecutor(jobs))
        with killing(workers, kill_every) as kills:
            begin = time.monotonic()
            waiting = []
            for number, student in enumerate(students):
                time.sleep(max(0.0, begin + number / rate - time.monotonic()))
                waiting.append(crowd.submit(ask_and_look, server, student, TOPICS[number % len(TOPICS)]))
            outcomes = [student.result() for student in waiting]
        calls = len(model.calls)
    with prepared.database():
        found = list(Job.select())
        plans = [(plans, sessions) for plans, sessions in _PLANS.rows()]
    return Result(outcomes, found, plans, len(kills), calls)


def report(result: Result, jobs: int) -> bool:
    """Print the table and return whether every promise held."""
    statuses = Counter(str(job.status) for job in result.jobs)
    done = [job for job in result.jobs if job.status == JobStatus.COMPLETED]
    took = [(job.updated_at - job.created_at).total_seconds() for job in done]
    in_time = sum(outcome.in_time for outcome in result.outcomes)
    twice = sum(plans > 1 for plans, _ in result.plans)
    without = sum(sessions == 0 for _, sessions in result.plans)
    percentiles = " / ".join(f"{quantile(took, share):.1f}" for share in (0.5, 0.95, 0.99, 1.0))
    unfinished = statuses[JobStatus.QUEUED] + statuses[JobStatus.RUNNING]
    rows = [
        ("jobs asked for", f"{jobs}"),
        (
            "accepted / completed / failed / unfinished",
            f"{len(result.jobs)} / {len(done)} / {statuses[JobStatus.FAILED]} / {unfinished}",
        ),
        ("students with two plans / with none", f"{twice} / {without}"),
        ("seconds to completion: p50 / p95 / p99 / max", percentiles),
        ("seen by the student within 90 s", f"{in_time} ({in_time / jobs:.1%})"),
        ("workers killed", f"{result.kills}"),
        ("calls that reached the model server", f"{result.calls}"),
        *_counted("source", (str(job.source) for job in result.jobs)),
        *_counted("times claimed:", (str(job.attempts) for job in result.jobs)),
        *_counted("the student was told:", (outcome.answer for outcome in result.outcomes)),
    ]
    for name, figures in rows:
        print(f"  {name:<46} {figures}")
    print("  degraded, because")
    for reason, times in Counter(job.degraded_reason for job in result.jobs if job.degraded_reason).most_common():
        print(f"    {times:>4}  {reason}")
    promises = {
        "every job is completed": len(done) == len(result.jobs) == jobs,
        "none twice": twice == 0 and without == 0,
        f"{IN_TIME:.0%} within 90 s": in_time >= IN_TIME * jobs,
    }
    for promise, kept in promises.items():
        print(f"  {promise:<46} {'yes' if kept else 'NO'}")
    return all(promises.values())


def _counted(what: str, values: Iterable[str]) -> list[tuple[str, str]]:
    return [(f"{what} {value}", f"{times}") for value, times in Counter(values).most_common()]


def main() -> int:
    """Play on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Let models fail and workers die, and count the plans.")
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--rate", type=float, default=5.0, help="jobs a second")
    parser.add_argument("--kill-every", type=float, default=10.0, help="seconds from one killed worker to the next")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = True
    for engine in engines(options.engine):
        with stage(engine) as prepared:
            result = play(prepared, jobs=options.jobs, rate=options.rate, kill_every=options.kill_every)
        print(
            f"\n{engine}: {options.rate:g} jobs a second, {WORKERS} workers, a kill every {options.kill_every:g} s; "
            f"a model that takes {MODEL_SECONDS} s and fails {MODEL_FAILING:.0%} of its calls"
        )
        good &= report(result, options.jobs)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
