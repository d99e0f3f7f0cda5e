"""How much of what its server can do the API reaches, for each hot call, beside two baselines of the same minute.

    python -m benchmarks.serve [--engine sqlite|postgres|both] [--seconds 5] [--students 40] [--only TEXT]

Every server is a process of its own and is called over 16 connections, in slices of 0.3 s that go from one to the next,
so that all see the same machine. Baselines (`benchmarks/serve_baselines.py`), all behind waitress as it is published
and on one core, where it does best: a bare Falcon that answers a constant, one that asks the one query that lets a
caller in, and calls written by hand; and the same once more behind the API's own server, which is faster. Prints a
Markdown table: calls a second as the median of the slices, how long the server computes for a call, both as shares of
the baselines', how long a call takes, and what share is to be reached. Where other things run on the machine, the
shares by CPU say more. Long histories are stored as what a student brought along from before, all done.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.serve_load import Serving, Target, measure, request, table
from benchmarks.stage import CHOICES, Stage, engines, stage
from schediora.auth.keys import load_keys
from schediora.db.base import new_id
from schediora.db.bulk import count_anew
from schediora.models.planner import Session
from schediora.models.users import User
from tests.live import Service, service
from tests.ports import free_port

SESSIONS = 20
HISTORIES = (10, 1_000, 20_000, 100_000)


@dataclass
class Student:
    """Who calls, and the sessions that they tick."""

    token: str
    id: str
    sessions: list[str]


def of(server: Service) -> Serving:
    """Return where a process of ours serves, and those that it started."""
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return Serving(server.port, [server.process.pid, *map(int, children)])


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
def baseline(kind: str, server: str, prepared: Stage) -> Iterator[Serving]:
    """Run a baseline behind a server."""
    port = free_port()
    told = [kind, server, str(port), prepared.settings.database_url, load_keys(prepared.settings).current.hex()]
    command = [sys.executable, "-m", "benchmarks.serve_baselines", *told]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.getcwd()})
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Serving(port, [process.pid])
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
BASELINES = ("hello", "one_query", "by_hand")
SERVERS = {"waitress": "", "ours": ", our server"}
"""What the baselines are served by, and how their names end there."""
UNCHANGED = {"sqlite": {"hello": 0.45, "one query": None}, "postgres": {"hello": None, "one query": 0.75}}
"""What unchanged answers are to reach, by engine: on SQLite the query costs little, on Postgres it is a round trip."""
FLAT = 1 / 1.2
"""A long history is to cost at most 1.2 times a short one."""


def targets_of(
    engine: str,
    kept: Service,
    two: Service,
    first: Service,
    baselines: Mapping[tuple[str, str], Serving],
    students: Sequence[Student],
    ticking: Sequence[Student],
) -> list[Target]:
    """Return what is called, baselines first. `students` read and others tick, so that what is read stays as it was."""

    def reads(path: str, *, tagged: bool = False) -> list[bytes]:
        return [request("GET", path, each.token, tag=tag_of(path, each) if tagged else "") for each in students]

    def tag_of(path: str, student: Student) -> str:
        headers = kept.call("GET", path, token=student.token).headers
        return next(value for name, value in headers.items() if name.lower() == "etag")

    def held_against(wanted: Mapping[str, float | None]) -> dict[str, float | None]:
        return {name + end: share if not end else None for name, share in wanted.items() for end in SERVERS.values()}

    ticks = [
        request("PATCH", f"/sessions/{student.sessions[-1]}", student.token, {"status": status})
        for status in ("done", "pending")
        for student in ticking
    ]
    live = [request("GET", "/health/live")]
    alive = [request("GET", "/health/live", each.token) for each in students]
    found = list[Target]()
    for server, end in SERVERS.items():
        hello, one_query, by_hand = (baselines[kind, server] for kind in BASELINES)
        against = {f"hello{end}": None}
        found.append(Target(f"hello{end}", hello, live))
        found.append(Target(f"one query{end}", one_query, alive, against))
        found += [Target(f"{name}, by hand{end}", by_hand, reads(READS[name]), against) for name in BY_HAND]
        found.append(Target(f"PATCH, by hand{end}", by_hand, ticks, against))
    found.append(Target("live", of(kept), live, held_against({"hello": 0.8})))
    unchanged = held_against(UNCHANGED[engine])
    for name, path in READS.items():
        found.append(Target(f"{name}, unchanged", of(kept), reads(path), unchanged))
        found.append(Target(f"{name}, 304", of(kept), reads(path, tagged=True), unchanged, status=304))
    for name, path in READS.items():
        by_hand_share = {f"{name}, by hand": 0.8} if name in BY_HAND else {}
        found.append(Target(f"{name}, first", of(first), reads(path), held_against({"hello": 0.25, **by_hand_share})))
    found.append(Target("PATCH", of(kept), ticks, held_against({"hello": 0.12, "PATCH, by hand": 0.8})))
    for name in ("sessions of 20", "dashboard"):
        one = f"{name}, first"
        found.append(Target(f"{name}, two processes", of(two), reads(READS[name]), {one: 1.7}, by_rate_alone=True))
    return found


def histories_of(first: Service, students: Sequence[Student]) -> Iterator[Target]:
    """Yield the calls of students with histories of different lengths."""
    for name in ("sessions of 20", "dashboard", "weekly status"):
        for student, sessions in zip(students, HISTORIES, strict=False):
            shortest = {} if sessions == HISTORIES[0] else {f"{name} after {HISTORIES[0]:,}": FLAT}
            asked = [request("GET", READS[name], student.token)]
            yield Target(f"{name} after {sessions:,}", of(first), asked, shortest)


def chosen(targets: Sequence[Target], text: str) -> list[Target]:
    """Return the targets whose name has `text` in it, with what they are held against."""
    names = {target.name for target in targets if text in target.name}
    names |= {other for target in targets if target.name in names for other in target.against}
    names |= {other for target in targets if target.name in names for other in target.against}
    return [target for target in targets if target.name in names]


def compare(engine: str, prepared: Stage, open_: ExitStack, options: argparse.Namespace) -> None:
    """Measure on one engine and print the tables."""
    told: dict[str, str] = {
        **prepared.variables,
        "SCHEDIORA_SERVER__PROCESSES": "1",
    }

    def serving(**more: str) -> Service:
        return open_.enter_context(service(prepared.settings.data_dir, "serve", "--no-worker", **{**told, **more}))

    kept = serving()
    first, two = (serving(SCHEDIORA_SERVER__CACHE_MEBIBYTES="0", SCHEDIORA_SERVER__PROCESSES=count) for count in "12")
    baselines = {
        (kind, server): open_.enter_context(baseline(kind, server, prepared))
        for kind in BASELINES
        for server in SERVERS
    }
    students = [settle(kept, number) for number in range(options.students)]
    ticking = [settle(kept, options.students + number) for number in range(options.students)]
    targets = chosen(targets_of(engine, kept, two, first, baselines, students, ticking), options.only)
    if targets:
        print("\n".join(table(engine, targets, measure(targets, options.seconds))), flush=True)
    histories = chosen(list(histories_of(first, students)), options.only)
    if not histories:
        return
    with prepared.database() as database:
        for student, sessions in zip(students, HISTORIES, strict=False):
            give_history(student, sessions)
        count_anew(database)
    print("\n".join(table(f"{engine}, by history", histories, measure(histories, options.seconds))), flush=True)


def main() -> None:
    """Measure on the chosen engines."""
    parser = argparse.ArgumentParser(description="How much of what its server can do the API reaches.")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each call is made in all")
    parser.add_argument(
        "--students", type=int, default=40, help="as many read as tick, at least as many as there are histories"
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="the calls whose name has this in it")
    options = parser.parse_args()
    for engine in engines(options.engine):
        with stage(engine) as prepared, ExitStack() as open_:
            compare(engine, prepared, open_, options)


if __name__ == "__main__":
    main()
