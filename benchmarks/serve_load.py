"""Calls servers over many connections, in turns: how many calls a second they answer, and how long each takes."""

import json
import select
import socket
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from benchmarks.figures import quantile

CONNECTIONS = 16
AGENT = "Dart/3.2 (dart:io)"
SLICE_SECONDS = 0.3
"""So long one target is called before it is the next one's turn: whatever else the machine does meets all alike."""
_CPU_CLOCK = 2
"""With the complement of a process's id, this is the clock of what it has computed (Linux, `clock_getcpuclockid`)."""


@dataclass(frozen=True)
class Serving:
    """A server: its port, and its processes."""

    port: int
    processes: Sequence[int]

    def cpu_seconds(self) -> float:
        """Return how long its processes have computed."""
        return sum(time.clock_gettime(~process << 3 | _CPU_CLOCK) for process in self.processes)


@dataclass(frozen=True)
class Target:
    """A call of a server, as the bytes that the connections take in turn."""

    name: str
    server: Serving
    requests: Sequence[bytes]
    against: Mapping[str, float | None] = field(default_factory=dict)
    """The names of the targets that it is held against, and which share of each is to be reached, if any is."""
    by_rate_alone: bool = False
    """Whether only calls a second are held against the others: several processes compute as much for a call."""
    status: int = 200
    """What every answer is to have."""


@dataclass
class Measured:
    """What a target's slices brought: calls a second, and how long each call took, in milliseconds."""

    rates: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def cpu(self) -> float:
        """Return how long the server computed for a call, in microseconds."""
        return self.cpu_seconds / len(self.taken) * 1e6

    @property
    def rate(self) -> float:
        """Return the median of the slices."""
        return statistics.median(self.rates)

    def share_of(self, other: "Measured") -> tuple[float, float]:
        """Return how much of `other` it reaches: of its calls a second, and of its calls a second of computing."""
        return self.rate / other.rate, other.cpu / self.cpu


def request(method: str, path: str, token: str = "", body: Any = None, tag: str = "") -> bytes:
    """Return a request as it is sent."""
    content = json.dumps(body).encode() if body is not None else b""
    head = [f"{method} /api/v1{path} HTTP/1.1", "Host: 127.0.0.1", f"User-Agent: {AGENT}"]
    head += ["Content-Type: application/json", f"Content-Length: {len(content)}"] if content else []
    head += [f"Authorization: Bearer {token}"] if token else []
    head += [f"If-None-Match: {tag}"] if tag else []
    return "\r\n".join([*head, "", ""]).encode() + content


@dataclass
class Open:
    """A connection, when its call was sent, and what came back so far."""

    socket: socket.socket
    status: bytes
    sent_at: float = 0.0
    received: bytes = b""

    def send(self, request: bytes) -> None:
        """Send a call."""
        self.sent_at, self.received = time.perf_counter(), b""
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Read what has come; tell whether that is the whole answer."""
        arrived = self.socket.recv(1 << 18)
        if not arrived:
            raise SystemExit("The server closed a connection that was to stay open.")
        self.received += arrived
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < body_length(head):
            return False
        if head[9:12] != self.status:
            raise SystemExit(f"{head[:60]!r} {body[:300]!r}")
        return True


def drive(target: Target, seconds: float) -> tuple[float, list[float]]:
    """Call over all connections for so long; return calls a second and how long each took, in milliseconds."""
    poll, requests, taken = select.epoll(), cycle(target.requests), list[float]()
    open_ = {}
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", target.server.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(connection, select.EPOLLIN)
        open_[connection.fileno()] = Open(connection, b"%d" % target.status)
    began = now = time.perf_counter()
    for each in open_.values():
        each.send(next(requests))
    while now < began + seconds:
        for number, _ in poll.poll(1.0):
            each = open_[number]
            if each.has_answer():
                taken.append((time.perf_counter() - each.sent_at) * 1000)
                each.send(next(requests))
        now = time.perf_counter()
    for each in open_.values():
        each.socket.close()
    poll.close()
    return len(taken) / (now - began), taken


def body_length(head: bytes) -> int:
    """Return how long the body is that the head of an answer announces."""
    if head[9:12] == b"304":
        return 0
    lower = head.lower()
    at = lower.index(b"content-length:") + len(b"content-length:")
    return int(lower[at:].split(b"\r", 1)[0])


def measure(targets: Sequence[Target], seconds: float) -> dict[str, Measured]:
    """Call each target for so long, in slices that take turns."""
    found: dict[str, Measured] = defaultdict(Measured)
    for target in targets:
        drive(target, 1.0)  # what a process reads when it is first asked for
    for _ in range(max(1, round(seconds / SLICE_SECONDS))):
        for target in targets:
            each, before = found[target.name], target.server.cpu_seconds()
            rate, taken = drive(target, SLICE_SECONDS)
            each.cpu_seconds += target.server.cpu_seconds() - before
            each.rates.append(rate)
            each.taken += taken
    return found


def table(title: str, targets: Sequence[Target], found: Mapping[str, Measured]) -> Iterator[str]:
    """Yield the lines of the table; a share is to be reached both by calls a second and by what is computed for one."""
    yield f"\n**{title}**, {CONNECTIONS} connections\n"
    yield "| call | calls/s | share of | CPU us | share of, by CPU | p50 ms | p95 ms | p99 ms | to reach |"
    yield "|---|---:|---|---:|---|---:|---:|---:|---|"
    for target in targets:
        each = found[target.name]
        shares = {other: each.share_of(found[other]) for other in target.against}
        by_rate, by_cpu = (", ".join(f"{share[of]:.0%} of {name}" for name, share in shares.items()) for of in (0, 1))
        times = " | ".join(f"{quantile(each.taken, share):.1f}" for share in (0.5, 0.95, 0.99))
        counted = 1 if target.by_rate_alone else 2
        reached = ", ".join(
            f"{wanted:.0%} of {name}: {'yes' if min(shares[name][:counted]) >= wanted else 'no'}"
            for name, wanted in target.against.items()
            if wanted
        )
        yield f"| {target.name} | {each.rate:,.0f} | {by_rate} | {each.cpu:,.0f} | {by_cpu} | {times} | {reached} |"
