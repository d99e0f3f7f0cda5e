"""What happens when four times as many calls come as are answered, and when 200 students sign in at once.

    python -m benchmarks.overload [--times 4] [--seconds 60] [--logins 200] [--rate 0] [--engine sqlite|postgres|both]

A real `schediora serve` and its callers share this machine. First it is found how many calls a second are answered
(polls, and one in fifty ticks a session off), then a quarter of those are sent, then so many `--times` as many, whether
or not they are answered, while published apps keep starting; 2 s later a quarter again. In the end many sign in at
once. Exits with 1 unless the p95 of what was accepted stays under 2 s, a sign-in is lost by none, everything is as
before 2 s later, and the sign-ins slow the polls' p95 at most 3 times.
"""

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from multiprocessing.connection import Connection

from benchmarks.figures import quantile
from benchmarks.load_loop import Call, Found, Loop, Pool
from benchmarks.open_apps import POLLS
from benchmarks.population import Studied, enrol, let_study
from benchmarks.serve_load import request
from benchmarks.stage import CHOICES, engines, stage
from schediora.auth.passwords import Hasher
from tests.chaos.starting import Fleet, keeps_starting
from tests.client import PASSWORD
from tests.live import service

STUDENTS = 300
CONNECTIONS = 3000
"""Beyond these a call is not sent: its phone has as many open already."""
CLOSED_CONNECTIONS = 32
WRITES = 50
"""One call in so many ticks a session off."""
STARTING = 12
QUIET_SECONDS = 6.0
LONGEST_P95_SECONDS = 2.0
NORMAL_AFTER_SECONDS = 2.0
LOGINS_SLOW = 3.0
AS_BEFORE = 2.0
"""How many times the p95 of before counts as before, on a machine that does other things as well."""
_CONTEXT = multiprocessing.get_context("fork")


@dataclass
class Callers:
    """Calls of students who study, in an order that is the same each time."""

    port: int
    studied: Sequence[Studied]

    def calls(self) -> Iterator[tuple[str, bytes]]:
        """Yield calls for ever."""
        random_ = random.Random(1)
        for number, each in enumerate(cycle(self.studied)):
            token = each.student.access_token
            if number % WRITES:
                yield "poll", request("GET", POLLS[number % len(POLLS)], token)
            else:
                body = {"status": random_.choice(("done", "in_progress", "pending"))}
                yield "tick", request("PATCH", f"/sessions/{random_.choice(each.sessions[-6:])}", token, body)

    def as_fast_as_answered(self, seconds: float) -> Found:
        """Let a few connections call again as soon as they are answered."""
        loop, pool, calls = Loop(self.port), Pool(CLOSED_CONNECTIONS), self.calls()
        end = time.perf_counter() + seconds

        def again(_status: int, _body: bytes) -> None:
            if time.perf_counter() < end:
                name, sent = next(calls)
                loop.send(pool, Call(name, sent, time.perf_counter(), again))

        for _ in range(CLOSED_CONNECTIONS):
            loop.at(0.0, lambda _due: again(200, b""))
        return self._measured(loop, end, seconds)

    def at(self, rate: float, seconds: float) -> Found:
        """Send `rate` calls a second, whether or not they are answered."""
        loop, pool, calls = Loop(self.port), Pool(CONNECTIONS), self.calls()
        began = time.perf_counter()

        def send(due: float) -> None:
            name, sent = next(calls)
            if pool.idle or len(pool.opened) < pool.most:
                loop.send(pool, Call(name, sent, due))
            else:
                loop.found.others["not sent", 0] += 1
            if due + 1 / rate < began + seconds:
                loop.at(due + 1 / rate, send)

        loop.at(began, send)
        return self._measured(loop, began + seconds, seconds)

    @staticmethod
    def _measured(loop: Loop, end: float, seconds: float) -> Found:
        loop.recording = True
        loop.run(end)
        loop.run(end + 0.5 if seconds < QUIET_SECONDS else end)
        loop.end()
        loop.found.seconds = seconds
        return loop.found


def _start_fleet(pipe: Connection, port: int, phones: Sequence[tuple[str, str]]) -> None:
    with keeps_starting(port, phones) as fleet:
        pipe.recv()
    pipe.send(fleet)


@contextmanager
def starting(port: int, phones: Sequence[tuple[str, str]]) -> Iterator[list[Fleet]]:
    """Let published apps start meanwhile, in a process of their own; what came of it is there afterwards."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_start_fleet, args=(theirs, port, phones), daemon=True)
    process.start()
    result: list[Fleet] = []
    try:
        yield result
        ours.send(None)
        result.append(ours.recv())
        process.join()
    finally:
        process.terminate()


def _sign_in(pipe: Connection, port: int, emails: Sequence[str]) -> None:
    loop, pool = Loop(port), Pool(len(emails))
    loop.recording = True
    for email in emails:
        sent = request("POST", "/auth/login", body={"email": email, "password": PASSWORD})
        loop.send(pool, Call("login", sent, time.perf_counter()))
    loop.run(time.perf_counter() + QUIET_SECONDS)
    pipe.send(loop.found)


def p95(found: Found, name: str = "poll") -> float:
    """Return the p95 of what was answered well, in milliseconds."""
    return quantile(found.taken[name], 0.95)


def told(name: str, found: Found) -> str:
    """Return a row of the table."""
    refused = sum(times for (_, status), times in found.others.items() if status == 503)
    others = {key: times for key, times in found.others.items() if key[1] != 503}
    return (
        f"| {name} | {found.calls / found.seconds:,.0f} | {refused / found.seconds:,.0f} | {p95(found):.0f} "
        f"| {p95(found, 'tick'):.0f} | {others or ''} |"
    )


def play(engine: str, *, times: float, seconds: float, logins: int, rate: float) -> bool:
    """Play it all on an engine and return whether every promise held."""
    now = datetime.now(UTC)
    with stage(engine, durable=True) as prepared:
        with prepared.database():
            hashed = Hasher().hash(PASSWORD)
            studied = let_study(enrol(prepared.settings, STUDENTS, now=now), now=now)
            fleet_of = enrol(prepared.settings, STARTING, now=now)
            signing_in = enrol(prepared.settings, logins, now=now, password_hash=hashed)
        variables = prepared.variables | {"SCHEDIORA_SERVER__CONNECTIONS_PER_ADDRESS": "0"}
        with service(prepared.settings.data_dir, "serve", "--no-worker", **variables) as server:
            callers = Callers(server.port, studied)
            callers.as_fast_as_answered(2.0)
            capacity = callers.as_fast_as_answered(QUIET_SECONDS / 2)
            rate = rate or capacity.calls / capacity.seconds
            before = callers.at(rate / 4, QUIET_SECONDS)
            with starting(server.port, [(each.access_token, each.refresh_token) for each in fleet_of]) as fleets:
                overloaded = callers.at(rate * times, seconds)
            time.sleep(NORMAL_AFTER_SECONDS)
            after = callers.at(rate / 4, QUIET_SECONDS)
            ours, theirs = _CONTEXT.Pipe()
            crowd = _CONTEXT.Process(target=_sign_in, args=(theirs, server.port, [each.email for each in signing_in]))
            crowd.start()
            stormy = callers.at(rate / 4, QUIET_SECONDS)
            signed_in = ours.recv()
            crowd.join()
    [fleet] = fleets
    print(f"\n{engine}\n\n| | answered/s | 503/s | polls p95 ms | ticks p95 ms | others |\n|---|---|---|---|---|---|")
    for name, found in (
        ("as fast as answered", capacity),
        ("a quarter of that", before),
        (f"{times:g} times that", overloaded),
        (f"a quarter, {NORMAL_AFTER_SECONDS:g} s later", after),
        (f"a quarter, and {logins} sign in", stormy),
    ):
        print(told(name, found))
    slowest = max(fleet.seconds)
    print(f"\n{len(fleet.seconds)} apps started meanwhile, the slowest in {slowest:.1f} s; sign-ins lost: {fleet.lost}")
    print(
        f"sign-ins: {len(signed_in.taken['login'])} in, {json.dumps({str(k): v for k, v in signed_in.others.items()})}"
    )
    promises = {
        f"accepted within {LONGEST_P95_SECONDS:g} s (p95)": p95(overloaded) <= LONGEST_P95_SECONDS * 1000,
        "no sign-in lost": not fleet.lost,
        "as before 2 s later": p95(after) <= AS_BEFORE * p95(before) + 1 and not after.others,
        f"sign-ins slow polls {p95(stormy) / p95(before):.1f} times": p95(stormy) <= LOGINS_SLOW * p95(before),
    }
    for promise, kept in promises.items():
        print(f"  {promise:<46} {'yes' if kept else 'NO'}")
    return all(promises.values())


def main() -> int:
    """Play on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Send more calls than are answered.")
    parser.add_argument("--times", type=float, default=4.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--logins", type=int, default=200)
    parser.add_argument("--rate", type=float, default=0.0, help="calls a second that count as the capacity")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = True
    for engine in engines(options.engine):
        good &= play(engine, times=options.times, seconds=options.seconds, logins=options.logins, rate=options.rate)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
