"""Open apps as a server meets them: their start, three polls every 15 s, sessions ticked off, plans asked for."""

import json
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.load_loop import Call, Found, Loop, Pool, Then
from benchmarks.serve_load import AGENT

POLL_SECONDS = 15.0
JOB_POLL_SECONDS = 2.0
OPEN_SECONDS = 300.0
"""How long an app stays open, on average; it closes and another student opens theirs."""
TICK_SECONDS = 900.0
"""How long an open app goes without a session that is ticked off, on average."""
GENERATING_STARTS = 35
"""One in so many starts asks for the week's plan: a student opens the app five times a day."""
MOST_CONNECTIONS = 6
"""Dart's HttpClient as the app makes it keeps a connection that was idle for less than 15 s. As its next three calls
come 15 s after the last ones were sent, so a little less after they were answered, it never closes one while open."""

POLLS = ("/dashboard/summary", "/sessions?week=current", "/ai/plans/status/weekly")


@dataclass(slots=True)
class Phone:
    """What a student's app calls with; who has no plan yet may ask for one."""

    access_token: str
    refresh_token: str
    sessions: list[str]


class Students:
    """Who opens their app next: in turn, those without a plan when one is to be asked for."""

    def __init__(self, studying: list[Phone], fresh: list[Phone]) -> None:
        self._studying = deque(studying)
        self._fresh = deque(fresh)
        self._random = random.Random(len(studying))

    def take(self) -> Phone:
        """Return a student whose app is closed."""
        if self._fresh and not self._random.randrange(GENERATING_STARTS):
            return self._fresh.popleft()
        return self._studying.popleft()

    def give_back(self, phone: Phone) -> None:
        """Let a student open their app again some day."""
        self._studying.append(phone)


class App:
    """An open app: what it asks for, from its start until it is closed."""

    def __init__(self, loop: Loop, phone: Phone, pool: Pool, rhythm: random.Random) -> None:
        self._loop = loop
        self._phone = phone
        self._pool = pool
        self._rhythm = rhythm
        self._open = True
        self._polls: list[bytes] = []

    def start(self, now: float) -> None:
        """Open it: a new pair of tokens, who is signed in, then the screen with its three polls."""
        body = json.dumps({"refresh_token": self._phone.refresh_token}).encode()
        self._ask("refresh", _request("POST", "/auth/refresh", "", body), now, self._refreshed)

    def go_on(self, now: float) -> None:
        """Be open already: poll now, and after every 15 s."""
        self._polls = [_request("GET", path, self._phone.access_token) for path in POLLS]
        self._poll(now)
        self._later(now, self._rhythm.expovariate(1 / TICK_SECONDS), self._tick)

    def close(self) -> Phone:
        """Close it and return whose it was."""
        self._open = False
        return self._phone

    def _refreshed(self, status: int, body: bytes) -> None:
        if status == 200:
            pair = json.loads(body)
            self._phone.access_token, self._phone.refresh_token = pair["access_token"], pair["refresh_token"]
        now = time.perf_counter()
        self._ask("users/me", _request("GET", "/users/me", self._phone.access_token), now, self._shown)

    def _shown(self, _status: int, _body: bytes) -> None:
        now = time.perf_counter()
        self.go_on(now)
        if not self._phone.sessions:
            wish = json.dumps({"goal": "Pass the exam", "topic": "Biology"}).encode()
            self._ask(
                "generate", _request("POST", "/ai/plans/generate", self._phone.access_token, wish), now, self._job
            )

    def _poll(self, due: float) -> None:
        self._screen(due)
        self._later(due, POLL_SECONDS, self._poll)

    def _screen(self, due: float) -> None:
        for path, request in zip(POLLS, self._polls, strict=True):
            self._ask(path, request, due, self._keep_sessions if not self._phone.sessions and "week" in path else None)

    def _keep_sessions(self, status: int, body: bytes) -> None:
        if status == 200 and body.startswith(b"["):
            self._phone.sessions = [session["id"] for session in json.loads(body)]

    def _tick(self, due: float) -> None:
        if self._phone.sessions:
            status = self._rhythm.choice(("done", "in_progress", "pending"))
            path = f"/sessions/{self._rhythm.choice(self._phone.sessions)}"
            body = json.dumps({"status": status}).encode()
            self._ask("PATCH", _request("PATCH", path, self._phone.access_token, body), due, self._ticked)
        self._later(due, self._rhythm.expovariate(1 / TICK_SECONDS), self._tick)

    def _ticked(self, _status: int, _body: bytes) -> None:
        self._screen(time.perf_counter())

    def _job(self, status: int, body: bytes) -> None:
        if status not in (200, 202):
            return
        job = json.loads(body)
        if job["status"] in ("completed", "failed"):
            self._screen(time.perf_counter())
            return
        request = _request("GET", f"/ai/jobs/{job['job_id']}", self._phone.access_token)
        self._later(time.perf_counter(), JOB_POLL_SECONDS, lambda due: self._ask("job", request, due, self._job))

    def _ask(self, name: str, request: bytes, due: float, then: Then | None = None) -> None:
        if self._open:
            self._loop.send(self._pool, Call(name, request, due, then))

    def _later(self, due: float, seconds: float, act: Callable[[float], None]) -> None:
        self._loop.at(due + seconds, lambda planned: act(planned) if self._open else None)


@dataclass(frozen=True)
class Play:
    """How many apps of a loop are open, how long it takes to open them, how long it is measured after each has polled
    once more, how many times in a row, and the connections that they share (0: each has its own).
    """

    apps: int
    opening_seconds: float
    seconds: float
    shared_connections: int = 0
    turns: int = 1


def play(port: int, students: Students, plan: Play, seed: int) -> Iterator[Found | None]:
    """Play so many open apps; yield, at each turn, None when the time that is measured begins, then what it brought."""
    loop, rhythm, began = Loop(port), random.Random(seed), time.perf_counter()
    shared = Pool(plan.shared_connections) if plan.shared_connections else None
    still_open: dict[App, None] = {}

    def open_one(due: float, *, anew: bool) -> None:
        pool = shared or Pool(MOST_CONNECTIONS)
        app = App(loop, students.take(), pool, rhythm)
        still_open[app] = None
        (app.start if anew else app.go_on)(due)
        loop.at(due + rhythm.expovariate(1 / OPEN_SECONDS), lambda at: close_one(at, app, pool))

    def close_one(due: float, app: App, pool: Pool) -> None:
        students.give_back(app.close())
        del still_open[app]
        if pool is not shared:
            loop.close(pool)
        open_one(due, anew=True)

    for number in range(plan.apps):
        due = began + plan.opening_seconds * (number + rhythm.random()) / plan.apps
        loop.at(due, lambda at: open_one(at, anew=False))
    loop.run(began + plan.opening_seconds + POLL_SECONDS)
    for turn in range(1, plan.turns + 1):
        yield None
        loop.recording, loop.found = True, Found()
        cpu, since = time.process_time(), time.perf_counter()
        loop.run(since + plan.seconds)
        loop.found.seconds = time.perf_counter() - since
        loop.found.cpu_seconds = time.process_time() - cpu
        loop.found.connections = loop.connections
        if turn == plan.turns:
            for app in still_open:
                students.give_back(app.close())
            loop.end()
        yield loop.found


def _request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """Return a call as the app sends it: every one says that it carries JSON."""
    head = f"{method} /api/v1{path} HTTP/1.1\r\nUser-Agent: {AGENT}\r\nAccept-Encoding: gzip\r\nHost: 127.0.0.1\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body
