"""How long `/health/live` takes while many students replan at once, each with the fullest legal week.

    python -m benchmarks.replanning [--students 50] [--seconds 10] [--engine sqlite|postgres|both]

A real `schediora serve` runs in a process of its own on the settings' defaults. Each student has 500 sessions in this
week, 40 of them open, and a phone of their own that asks for a preview again as soon as it is answered, or told to come
back. One more phone asks for `/health/live` all the while, and before that beside nothing else: the ratio of the two
tells what a storm costs, whatever the machine. Exits with 1 when `/health/live` ever takes a second or longer, or a
preview is refused in any other way than to come back.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import peewee

from benchmarks.calls import LIVE, REPLAN, Pocket
from benchmarks.connections import Measured, phones
from benchmarks.figures import quantile
from benchmarks.population import FOCUS_TOPICS, Student, enrol
from benchmarks.stage import CHOICES, engines, stage
from schediora.db.base import new_id
from schediora.localtime import week_start
from schediora.models.planner import Plan, PlanSource, Session, SessionStatus
from schediora.models.users import User
from schediora.planner.proposal import MOST_AT_ONCE
from schediora.planner.quotas import SESSIONS_A_WEEK
from tests.live import service

TARGET_SECONDS = 1.0
SESSION_MINUTES = 15
EVERY = timedelta(minutes=20)
"""Five minutes lie between two sessions, so that a full week has hundreds of gaps and no room."""
_ROWS_AT_ONCE = 500


def fill_week(student: Student, now: datetime) -> None:
    """Give the student a plan of this week (UTC) with as many sessions as it may hold; the first are open."""
    monday = week_start(now.date())
    begins = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    plan = Plan.create(
        user=student.id, title="Everything", topic="All", source=PlanSource.MANUAL, week_start=monday, created_at=now
    )
    rows = [_session(student, plan, number, begins + number * EVERY, now) for number in range(SESSIONS_A_WEEK)]
    with User.transaction():
        for some in peewee.chunked(rows, _ROWS_AT_ONCE):
            Session.insert_many(some).execute()


def _session(student: Student, plan: Plan, number: int, starts_at: datetime, now: datetime) -> dict[str, Any]:
    done = number >= MOST_AT_ONCE
    return {
        "id": new_id(),
        "user": student.id,
        "plan": plan,
        "title": f"Part {number}",
        "topic": FOCUS_TOPICS[number % len(FOCUS_TOPICS)],
        "duration_minutes": SESSION_MINUTES,
        "scheduled_at": starts_at,
        "scheduled_on": starts_at.date(),
        "status": SessionStatus.DONE if done else SessionStatus.PENDING,
        "completed_at": now if done else None,
        "completed_on": now.date() if done else None,
        "created_at": now,
    }


def pocket(student: Student) -> Pocket:
    """Return what a phone calls with that only reads."""
    nothing: Sequence[Any] = ()
    return Pocket(
        readers=cycle([student]),
        writers=iter(nothing),
        fresh=iter(nothing),
        sign_ins=iter(nothing),
        chain=student,
        jobs=iter(nothing),
        sessions=iter(nothing),
    )


def report(name: str, live: Measured) -> None:
    """Print a line of the table."""
    p50, p95 = (1000 * quantile(live.seconds, share) for share in (0.5, 0.95))
    print(f"{name:<24}{len(live.seconds):>9}{p50:>9.1f}{p95:>9.1f}{1000 * max(live.seconds, default=0):>9.1f}")


def main() -> int:
    """Measure on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Time /health/live while many students replan the fullest week.")
    parser.add_argument("--students", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long they all replan")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = True
    for engine in engines(options.engine):
        now = datetime.now(UTC)
        with stage(engine) as prepared:
            with prepared.database():
                students = enrol(prepared.settings, options.students + 1, now=now)
                for student in students:
                    fill_week(student, now)
            watching, *replanning = [pocket(student) for student in students]
            with (
                service(prepared.settings.data_dir, "serve", **prepared.variables) as server,
                phones(server.port, [watching]) as watcher,
                phones(server.port, replanning) as storm,
                ThreadPoolExecutor(1) as beside,
            ):
                idle = watcher.ask(LIVE, options.seconds / 2)
                replans = beside.submit(storm.ask, REPLAN, options.seconds)
                busy = watcher.ask(LIVE, options.seconds)
                previews = replans.result()
        print(f"\n{engine}, {options.students} students, {options.seconds:g} s")
        print(f"{'/health/live':<24}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
        report("beside nothing", idle)
        report("beside the replans", busy)
        times = quantile(busy.seconds, 0.95) / quantile(idle.seconds, 0.95)
        print(f"The storm costs {times:.1f} times the idle p95.")
        print(f"{len(previews.seconds)} previews, {previews.overloaded} told to come back, others {previews.others}")
        good &= max(busy.seconds, default=TARGET_SECONDS) < TARGET_SECONDS and not previews.others
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
