"""Students who study while things break: published apps, and what the service said yes to."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from tests.live import Answer, Service
from tests.published_app import App, Json, Refused

GOAL, TOPIC = "Pass the semester exam", "Physics"
PATIENCE_SECONDS = 60.0


class Way(Protocol):
    """How phones reach the service."""

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
        """Send one request; raise OSError where none is answered."""


class Straight:
    """Without a proxy in between."""

    def __init__(self, server: Service) -> None:
        self._server = server

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
        """Send one request."""
        return self._server.call(method, path.removeprefix("/api/v1"), body=body, headers=headers)


@dataclass
class Student:
    """One who adds sessions and ticks them off, and what the service has said yes to."""

    app: App
    added: dict[str, str] = field(default_factory=dict)
    """The titles of what was added, by the ids of the sessions or plans that were answered."""
    ticked: set[str] = field(default_factory=set)
    job: str = ""
    refused: list[str] = field(default_factory=list)
    """What was tried in vain."""
    starts: int = 0
    tried: int = 0
    """How often the app was opened, and how often something was added or was to be."""
    crashed: BaseException | None = None

    def studies(self, until: threading.Event, *, starts: bool) -> None:
        """Live as an app does, faster, until told; one that `starts` is opened anew all the time, too."""
        while not until.is_set():
            if starts:
                self._tries("start", self._start)
            self._tries("poll", self.app.poll)
            self._tries("add", self._add)
            self._tries("tick", self._tick)
            until.wait(0.25)

    def _tries(self, what: str, action: Callable[[], object]) -> None:
        if not self.app.signed_in:
            return
        try:
            action()
        except Refused:
            self.refused.append(what)

    def _start(self) -> None:
        """Open the app, every other time after so long that it has to refresh."""
        self.starts += 1
        if self.starts % 2:
            self.app.access_token = "expired"
        self.app.start()

    def _add(self) -> None:
        self.tried += 1
        title = f"Reading {self.tried}"
        self.added[self.app.add(title, TOPIC, 15)["id"]] = title

    def _tick(self) -> None:
        pending = [session for session in self.app.sessions if session["status"] == "pending"]
        if pending:
            self.app.tick(pending[0])
            self.ticked.add(pending[0]["id"])


def phone(way: Way) -> App:
    """Return the app on a phone."""

    def send(method: str, path: str, fields: Json | None, headers: dict[str, str]) -> Answer:
        body = None if fields is None else json.dumps(fields).encode()
        return way.call(method, f"/api/v1{path}", headers, body)

    return App(send, pause=lambda seconds: time.sleep(seconds / 10))


def signed_up(way: Way, count: int, called: str = "student") -> list[Student]:
    """Return so many students with accounts, each of whom has asked for a plan."""
    students = [Student(phone(way)) for _ in range(count)]
    for number, student in enumerate(students):
        student.app.register(f"{called}{number}@example.com", "correct horse")
        wish = {"goal": GOAL, "topic": TOPIC}
        student.job = student.app._shown("POST", "/ai/plans/generate", wish)["job_id"]
    return students


@contextmanager
def studying(students: Sequence[Student], *, starts: bool = True) -> Iterator[None]:
    """Let all of them study while the body breaks things; apps that `starts` are opened anew meanwhile."""
    until = threading.Event()

    def life(student: Student) -> None:
        try:
            student.studies(until, starts=starts)
        except BaseException as error:
            student.crashed = error

    threads = [threading.Thread(target=life, args=(student,)) for student in students]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        until.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    for student in students:
        if student.crashed is not None:
            raise student.crashed


def what_was_lost(student: Student) -> list[str]:
    """Return what the service had said yes to and does not have, or has more than once."""
    if not student.app.signed_in:
        return ["a sign-in"]
    job = _ended(student)
    plans, sessions = student.app.plans(), student.app._shown("GET", "/sessions?week=all&limit=500")
    lost = [f"the plan of a job: {job}"] if job["status"] != "completed" else []
    made = [plan["id"] for plan in plans if plan["source"] == "ai"]
    if made != [job["plan_id"]]:
        lost.append(f"one plan for a job: {made}")
    there = {entry["id"]: entry for entry in (*plans, *sessions)}
    lost += [f"{title} ({key})" for key, title in student.added.items() if key not in there]
    titles = [session["title"] for session in sessions if session["title"].startswith("Reading ")]
    lost += [f"{title} is there more than once" for title in sorted(set(titles)) if titles.count(title) > 1]
    lost += [f"the tick of {key}" for key in student.ticked if there.get(key, {}).get("status") != "done"]
    return lost


def _ended(student: Student) -> Json:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        job = dict(student.app._shown("GET", f"/ai/jobs/{student.job}"))
        if job["status"] in {"completed", "failed"} or time.monotonic() > deadline:
            return job
        time.sleep(0.1)
