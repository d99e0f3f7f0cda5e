"""One loop that sends calls when they are due, whether or not the others were answered, over kept connections.

How long a call takes counts from when it was due, so that a server that is behind cannot hide it.
"""

import errno
import heapq
import select
import socket
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from benchmarks.serve_load import body_length

_CHUNK = 1 << 18
_WAITS = {errno.EAGAIN, errno.EINPROGRESS, errno.ENOTCONN}

Then = Callable[[int, bytes], None]


@dataclass(slots=True)
class Call:
    """A call that is due or on its way, and what follows on its status and body."""

    name: str
    request: bytes
    due: float
    then: Then | None = None


@dataclass
class Found:
    """How many milliseconds the good answers of each call took, and what else came: statuses, 0 for none at all."""

    taken: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    others: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    connections: int = 0

    @property
    def calls(self) -> int:
        """How many good answers came."""
        return sum(map(len, self.taken.values()))

    def add(self, other: "Found") -> None:
        """Count in what another loop found in the same time."""
        for name, taken in other.taken.items():
            self.taken[name] += taken
        self.others += other.others
        self.seconds = other.seconds
        self.cpu_seconds += other.cpu_seconds
        self.connections += other.connections


class Connection:
    """A connection of somebody's pool, and the call that it carries."""

    __slots__ = ("call", "pool", "received", "socket", "unsent")

    def __init__(self, pool: "Pool", opened: socket.socket) -> None:
        self.pool = pool
        self.socket = opened
        self.call: Call | None = None
        self.unsent = self.received = b""


class Pool:
    """The connections of one app, or of a proxy before the server, which all apps share."""

    __slots__ = ("idle", "most", "opened", "waiting")

    def __init__(self, most: int) -> None:
        self.most = most
        self.idle: list[Connection] = []
        self.opened: set[Connection] = set()
        self.waiting: deque[Call] = deque()


class Loop:
    """Sends calls when they are due and takes answers as they come."""

    def __init__(self, port: int) -> None:
        self.found = Found()
        self.recording = False
        self._port = port
        self._poll = select.epoll()
        self._open: dict[int, Connection] = {}
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._numbers = count()

    def at(self, due: float, act: Callable[[float], None]) -> None:
        """Call `act` with the time for which it was planned."""
        heapq.heappush(self._due, (due, next(self._numbers), act))

    def send(self, pool: Pool, call: Call) -> None:
        """Send a call over an idle connection of `pool`, a new one, or the next that becomes idle."""
        if pool.idle:
            self._give(pool.idle.pop(), call)
        elif len(pool.opened) < pool.most:
            self._give(self._connect(pool), call)
        else:
            pool.waiting.append(call)

    def close(self, pool: Pool) -> None:
        """Close all connections of a pool, whatever they wait for."""
        pool.waiting.clear()
        for connection in list(pool.opened):
            connection.call = None
            self._drop(connection)

    def run(self, until: float) -> None:
        """Go on until then."""
        now = time.perf_counter()
        while now < until:
            while self._due and self._due[0][0] <= now:
                due, _, act = heapq.heappop(self._due)
                act(due)
            wait = min(until, self._due[0][0] if self._due else until) - time.perf_counter()
            for number, _ in self._poll.poll(max(wait, 0.0)):
                if connection := self._open.get(number):
                    self._go_on(connection)
            now = time.perf_counter()

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def end(self) -> None:
        """Close everything."""
        for connection in self._open.values():
            connection.socket.close()
        self._poll.close()

    def _connect(self, pool: Pool) -> Connection:
        opened = socket.socket()
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.connect_ex(("127.0.0.1", self._port))
        connection = Connection(pool, opened)
        pool.opened.add(connection)
        self._open[opened.fileno()] = connection
        self._poll.register(opened, select.EPOLLIN)
        return connection

    def _give(self, connection: Connection, call: Call) -> None:
        connection.call, connection.unsent, connection.received = call, call.request, b""
        self._push(connection)

    def _push(self, connection: Connection) -> None:
        """Send what is not sent yet; what has no room waits until there is."""
        try:
            connection.unsent = connection.unsent[connection.socket.send(connection.unsent) :]
        except OSError as problem:
            if problem.errno not in _WAITS:
                self._drop(connection)
                return
            self._poll.modify(connection.socket, select.EPOLLIN | select.EPOLLOUT)

    def _go_on(self, connection: Connection) -> None:
        if connection.unsent:
            self._poll.modify(connection.socket, select.EPOLLIN)
            self._push(connection)
            return
        try:
            received = connection.socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self._drop(connection)
            return
        connection.received += received
        head, found, body = connection.received.partition(b"\r\n\r\n")
        if found and len(body) >= body_length(head):
            self._answered(connection, head, body)

    def _answered(self, connection: Connection, head: bytes, body: bytes) -> None:
        call, pool = connection.call, connection.pool
        connection.call = None
        assert call is not None
        status = int(head[9:12])
        self._record(call, status)
        if b"connection: close" in head.lower():
            self._drop(connection)
        elif pool.waiting:
            self._give(connection, pool.waiting.popleft())
        else:
            pool.idle.append(connection)
        if call.then:
            call.then(status, body)

    def _drop(self, connection: Connection) -> None:
        """Let go of a connection; a call that it carried is not answered any more."""
        pool, call = connection.pool, connection.call
        self._open.pop(connection.socket.fileno(), None)
        connection.socket.close()
        pool.opened.discard(connection)
        if connection in pool.idle:
            pool.idle.remove(connection)
        if call:
            self._record(call, 0)
            if call.then:
                call.then(0, b"")
        if pool.waiting:
            self.send(pool, pool.waiting.popleft())

    def _record(self, call: Call, status: int) -> None:
        if not self.recording:
            return
        if 200 <= status < 400:
            self.found.taken[call.name].append((time.perf_counter() - call.due) * 1000)
        else:
            self.found.others[call.name, status] += 1
