"""How much of what its server can do the API reaches, for each hot call, beside two baselines of the same minute.

    python -m benchmarks.serve [--engine sqlite|postgres|both] [--rounds 5] [--seconds 1] [--students 40]

Every server is a process of its own behind the same waitress and is called over 16 connections; the rounds go from one
to the next, so that all see the same machine. Baselines (`benchmarks/serve_baselines.py`): a bare Falcon that answers a
constant, one that asks the one query that lets a caller in, and calls written by hand. Prints a Markdown table: calls a
second as the median of the rounds, how long the server computes for a call, both as shares of the baselines', and how
long a call takes. Where other things run on the machine, the shares by CPU say more.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.serve_load import Serving, Target, measure, request, table
from benchmarks.stage import CHOICES, Stage, engines, stage
from schediora.auth.keys import load_keys
from schediora.db.base import new_id
from schediora.models.planner import Session
from schediora.models.users import User
from tests.live import Service, free_port, service

SESSIONS = 20
HISTORIES = (10, 1_000, 20_000)


@dataclass
class Student:
    """Who calls, and the sessions that they tick."""

    token: str
    id: str
    sessions: list[str]


def of(server: Service) -> Serving:
    """Return where a process of ours serves."""
    assert server.process is not None
    return Serving(server.port, server.process.pid)


def call(server: Service, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
    answer = server.call(method, path, body, token=token)
    assert answer.status < 300, (path, answer.body)
    return answer.json


def settle(server: Service, number: int) -> Student:
    """Register a student with preferences, a plan and as many sessions this week as a generated plan has."""
    account = {"email": f"student{number}@example.com", "password": "correct horse"}
    token = call(server, "POST", "/auth/register", account)["access_token"]
    wishes = {"goal": "Pass the exam", "daily_hours": 2, "focus_topics": ["Biology", "Chemistry"]}
    call(server, "PUT", "/users/preferences", wishes, token)
    plan = {"title": "Photosynthesis: the light reactions", "topic": "Biology", "duration_minutes": 45}
    call(server, "POST", "/plans", plan, token)
    for _ in range(SESSIONS - 1):
        call(server, "POST", "/plans/current/sessions", plan, token)
    sessions = [session["id"] for session in call(server, "GET", "/sessions", token=token)]
    return Student(token, call(server, "GET", "/users/me", token=token)["id"], sessions)


def give_history(student: Student, sessions: int) -> None:
    """Store so many more sessions, done on earlier days."""
    plan = Session.get_by_id(student.sessions[0]).plan.id
    now = datetime.now(UTC)
    rows = [
        {
            "id": new_id(),
            "user": student.id,
            "plan": plan,
            "title": "Past session",
            "topic": "Biology",
            "duration_minutes": 30,
            "status": "done",
            "scheduled_at": at,
            "scheduled_on": at.date(),
            "completed_at": at,
            "completed_on": at.date(),
            "created_at": at,
            "series_id": plan,
        }
        for at in (now - timedelta(days=8 + number / 6) for number in range(sessions))
    ]
    with Session.transaction():
        for first in range(0, len(rows), 500):
            Session.insert_many(rows[first : first + 500]).execute()
        User.update(planner_revision=User.planner_revision + 1).where(User.id == student.id).execute()


@contextmanager
def baseline(kind: str, prepared: Stage) -> Iterator[Serving]:
    """Run a baseline."""
    port = free_port()
    key = load_keys(prepared.settings).current.hex()
    command = [sys.executable, "-m", "benchmarks.serve_baselines", kind, str(port), prepared.settings.database_url, key]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.getcwd()})
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Serving(port, process.pid)
    finally:
        process.terminate()
        process.wait()


READS = {
    "weekly status": "/ai/plans/status/weekly",
    "sessions of 20": "/sessions?week=current",
    "dashboard": "/dashboard/summary?range=7d",
    "users/me": "/users/me",
    "plans": "/plans",
}
BY_HAND = ("sessions of 20", "users/me")


def targets_of(
    kept: Service, first: Service, baselines: dict[str, Serving], students: Sequence[Student]
) -> list[Target]:
    """Return what is called, baselines first."""

    def reads(path: str, *, tagged: bool = False) -> list[bytes]:
        return [request("GET", path, each.token, tag=tag_of(path, each) if tagged else "") for each in students]

    def tag_of(path: str, student: Student) -> str:
        headers = kept.call("GET", path, token=student.token).headers
        return next(value for name, value in headers.items() if name.lower() == "etag")

    def ticks() -> list[bytes]:
        return [
            request("PATCH", f"/sessions/{student.sessions[-1]}", student.token, {"status": status})
            for status in ("done", "pending")
            for student in students
        ]

    live = [request("GET", "/health/live")]
    alive = [request("GET", "/health/live", each.token) for each in students]
    found = [
        Target("hello", baselines["hello"], live),
        Target("one query", baselines["one_query"], alive, ["hello"]),
    ]
    found += [Target(f"{name}, by hand", baselines["by_hand"], reads(READS[name]), ["hello"]) for name in BY_HAND]
    found.append(Target("PATCH, by hand", baselines["by_hand"], ticks(), ["hello"]))
    found.append(Target("live", of(kept), live, ["hello"]))
    for name, path in READS.items():
        found.append(Target(f"{name}, unchanged", of(kept), reads(path), ["hello", "one query"]))
        found.append(Target(f"{name}, 304", of(kept), reads(path, tagged=True), ["hello", "one query"]))
    for name, path in READS.items():
        by_hand = [f"{name}, by hand"] if name in BY_HAND else []
        found.append(Target(f"{name}, first", of(first), reads(path), ["hello", *by_hand]))
    found.append(Target("PATCH", of(kept), ticks(), ["hello", "PATCH, by hand"]))
    return found


def compare(engine: str, prepared: Stage, open_: ExitStack, options: argparse.Namespace) -> None:
    """Measure on one engine and print the tables."""
    told: dict[str, str] = {**prepared.variables, "SCHEDIORA_LIMITS__ENABLED": "false"}

    def serving(**more: str) -> Service:
        return open_.enter_context(service(prepared.settings.data_dir, "serve", "--no-worker", **told, **more))

    kept, first = serving(), serving(SCHEDIORA_SERVER__CACHE_MEBIBYTES="0")
    baselines = {kind: open_.enter_context(baseline(kind, prepared)) for kind in ("hello", "one_query", "by_hand")}
    students = [settle(kept, number) for number in range(options.students)]
    targets = targets_of(kept, first, baselines, students)
    print("\n".join(table(engine, targets, measure(targets, options.rounds, options.seconds))), flush=True)
    with prepared.database():
        for number, sessions in enumerate(HISTORIES):
            give_history(students[number], sessions)
    histories = [
        Target(
            f"{name} after {sessions:,}",
            of(first),
            [request("GET", READS[name], students[number].token)],
            [] if number == 0 else [f"{name} after {HISTORIES[0]:,}"],
        )
        for name in ("sessions of 20", "dashboard", "weekly status")
        for number, sessions in enumerate(HISTORIES)
    ]
    found = measure(histories, options.rounds, options.seconds)
    print("\n".join(table(f"{engine}, by history", histories, found)), flush=True)


def main() -> None:
    """Measure on the chosen engines."""
    parser = argparse.ArgumentParser(description="How much of what its server can do the API reaches.")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--students", type=int, default=40)
    options = parser.parse_args()
    for engine in engines(options.engine):
        with stage(engine) as prepared, ExitStack() as open_:
            compare(engine, prepared, open_, options)


if __name__ == "__main__":
    main()
