"""Phones that measure: a process each, with one connection kept alive, so that none waits for another here."""

import http.client
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from benchmarks.calls import CALLS, Pocket
from schediora.routes import PREFIX

TIMEOUT_SECONDS = 12
_CONTEXT = multiprocessing.get_context("fork")
"""Forked, the phones have their pockets already; nothing runs on another thread yet when they are."""


@dataclass
class Measured:
    """The seconds that good answers took, how often the server was too busy, and the statuses of what else came."""

    seconds: list[float] = field(default_factory=list)
    overloaded: int = 0
    others: dict[int, int] = field(default_factory=dict)

    def add(self, other: "Measured") -> None:
        """Count another measurement in."""
        self.seconds += other.seconds
        self.overloaded += other.overloaded
        for status, times in other.others.items():
            self.others[status] = self.others.get(status, 0) + times


class Phones:
    """All phones; `ask` lets them make one call at once."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = pipes

    def ask(self, call: str, seconds: float) -> Measured:
        """Let every phone make `call` again and again for that long, and return what they measured."""
        for pipe in self._pipes:
            pipe.send((call, seconds))
        total = Measured()
        for pipe in self._pipes:
            total.add(pipe.recv())
        return total


@contextmanager
def phones(port: int, pockets: Sequence[Pocket]) -> Iterator[Phones]:
    """Connect a phone for each of `pockets` to the server on `port` of this machine."""
    pipes: list[Connection] = []
    processes = []
    for pocket in pockets:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_phone, args=(theirs, port, pocket), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield Phones(pipes)
    finally:
        for pipe, process in zip(pipes, processes, strict=True):
            pipe.close()
            process.terminate()
            process.join()


def _phone(pipe: Connection, port: int, pocket: Pocket) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    while True:
        try:
            call, seconds = pipe.recv()
        except EOFError:
            sys.exit()
        pipe.send(_measure(connection, pocket, call, time.perf_counter() + seconds))


def _measure(connection: http.client.HTTPConnection, pocket: Pocket, call: str, end: float) -> Measured:
    """Make `call` until `end`, wait as told when the server is too busy, and stop with nothing left to call with."""
    measured = Measured()
    while time.perf_counter() < end:
        try:
            asked = CALLS[call](pocket)
        except StopIteration:
            break
        headers = {"Content-Type": "application/json"}
        if asked.token:
            headers["Authorization"] = f"Bearer {asked.token}"
        body = json.dumps(asked.body).encode() if asked.body is not None else None
        begin = time.perf_counter()
        connection.request(asked.method, PREFIX + asked.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - begin
        if 200 <= answer.status < 300:
            measured.seconds.append(took)
            if asked.keep:
                asked.keep(json.loads(content))
        elif answer.status == 503:
            measured.overloaded += 1
            time.sleep(max(0.0, min(float(answer.headers["Retry-After"]), end - time.perf_counter())))
        else:
            measured.others[answer.status] = measured.others.get(answer.status, 0) + 1
    return measured
