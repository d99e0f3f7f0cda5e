"""Which thread works for whom: lanes, each with threads and a queue of its own, and one for what is refused."""

import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Protocol

from schediora.http.lanes import LONGEST_WAIT_SECONDS, PATIENCE_SECONDS, Lane
from schediora.log import get_logger
from schediora.server.one_core import OneCore
from schediora.server.request_reader import RequestReader

_OF_EACH_SAMPLE = 1 / 16
"""The weight of a call's time in the usual time of a call."""
_MOST_OF_A_SAMPLE = 4.0
"""How many times as long as usual a call counts at most: one that waited for a database says nothing of how fast calls
are answered once it is back."""
_LEAST_SECONDS = 0.001
_STALLED_SECONDS = 0.5
"""Where for so long no call has ended, something is away, and there are not too many calls."""
_RECOVERING_SECONDS = 3.0
_RECOVERING_PATIENCE = 4.0
"""How many times as long as otherwise calls may wait when what was away has just come back."""
_WAITED_SECONDS = 0.1
"""Who has waited for longer may have gone; looking costs a call to the system."""
_WAY_SECONDS = 0.002
"""So long a call waits before it is begun while others wait that go ahead: the interpreter is theirs meanwhile."""
_REFUSED = Lane("refused", 1, patient=True)
_AT_ONCE = Lane("at once", 0, patient=True)
"""Without threads: the loop that reads the call answers it, as handing it over takes longer than answering."""

_log = get_logger(__name__)


class Client(Protocol):
    """A connection on which something was asked."""

    requests: list[RequestReader]
    asked_at: float
    """When the call that is next was asked, by the monotonic clock."""
    overloaded: bool
    """Whether that call is to be refused, as there are too many."""

    @property
    def vanished(self) -> bool:
        """Whether nobody waits for the answer any more."""

    def service(self) -> None:
        """Answer what is next."""

    def cancel(self) -> None:
        """Drop what was asked."""


class Workers:
    """The threads of one lane and the queue before them. It holds at most one call of each connection."""

    def __init__(self, lane: Lane, core: OneCore | None = None, ahead: Sequence["Workers"] = ()) -> None:
        """Work in `lane`, on `core` unless its threads may go anywhere, making way for who is `ahead`."""
        self._lane = lane
        self._core = core
        self._ahead = ahead
        self._waiting: SimpleQueue[Client | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._usual_seconds = 0.0
        self._ended_at = 0.0
        self._stalled_at = float("-inf")

    def start(self) -> None:
        """Begin to work."""
        self._threads = [
            threading.Thread(target=self._work, name=f"{self._lane.name}-{number}", daemon=True)
            for number in range(self._lane.threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def waits(self) -> bool:
        """Whether a call waits for a thread."""
        return not self._waiting.empty()

    def has_room(self) -> bool:
        """Tell whether one call more would be begun soon enough, going by how long calls take, or waits for something
        that is away.
        """
        waiting, threads = self._waiting.qsize(), self._lane.threads
        if self._lane.patient or waiting < threads:
            return True
        now = time.monotonic()
        if now - self._ended_at > _STALLED_SECONDS:
            self._stalled_at = now
            return True
        recovering = now - self._stalled_at < _RECOVERING_SECONDS
        patience = PATIENCE_SECONDS * (_RECOVERING_PATIENCE if recovering else 1.0)
        return waiting * self._usual_seconds <= patience * threads

    def add(self, client: Client) -> None:
        """Have what `client` asked answered."""
        self._waiting.put(client)

    def shutdown(self, deadline: float) -> None:
        """End the threads, for whose work there is time until `deadline`, and drop what none of them has begun."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with suppress(Empty):
            while True:
                if client := self._waiting.get_nowait():
                    client.cancel()

    def work_off(self) -> None:
        """Answer, on the caller's thread, who waits by now; who asks for more meanwhile comes the next time."""
        for _ in range(self._waiting.qsize()):
            if client := self._waiting.get():
                self._answer(client)

    def _work(self) -> None:
        if self._core and not self._lane.anywhere:
            self._core.join()
        while client := self._waiting.get():
            self._answer(client)

    def _answer(self, client: Client) -> None:
        began = time.monotonic()
        if any(workers.waits for workers in self._ahead):
            time.sleep(_WAY_SECONDS)
        waited = began - client.asked_at
        if waited > _WAITED_SECONDS and client.vanished:
            client.cancel()
            return
        if waited > LONGEST_WAIT_SECONDS:
            client.overloaded = True
        try:
            client.service()
        except Exception:
            _log.exception("unexpected_error")
        self._ended_at = time.monotonic()
        usual = self._usual_seconds
        took = min(self._ended_at - began, _MOST_OF_A_SAMPLE * max(usual, _LEAST_SECONDS))
        self._usual_seconds = usual + (took - usual) * _OF_EACH_SAMPLE


class Lanes:
    """All lanes of a server."""

    def __init__(self, lanes: Sequence[Lane], *, threads: int, always: Collection[str], core: OneCore) -> None:
        """Give `threads` to the calls in none of `lanes`; `work_off` answers the paths that are `always` answered."""
        first = {lane: Workers(lane, core) for lane in lanes if lane.ahead}
        ahead = tuple(first.values())
        self._rest, self._refused = Workers(Lane("rest", threads), core, ahead), Workers(_REFUSED, core)
        self._at_once = Workers(_AT_ONCE)
        self._of_call: dict[tuple[str, str], Workers] = {}
        self._of_method: dict[str, Workers] = {}
        self._all = [self._rest, self._refused, self._at_once]
        for lane in lanes:
            workers = first.get(lane) or Workers(lane, core, ahead)
            self._all.append(workers)
            self._of_call |= dict.fromkeys(lane.calls, workers)
            self._of_method |= dict.fromkeys(lane.methods, workers)
        self._of_call |= {(method, path): self._at_once for method in ("GET", "HEAD") for path in always}

    def start(self) -> None:
        """Begin to work."""
        for workers in self._all:
            workers.start()

    def add_task(self, client: Client) -> None:
        """Have the next call of a connection answered in its lane, or refused where that lane has no room."""
        request = client.requests[0]
        client.asked_at = time.monotonic()
        client.overloaded = False
        if request.error:
            self._refused.add(client)
            return
        workers = self._of_call.get((request.command, request.path)) or self._of_method.get(request.command, self._rest)
        if not workers.has_room():
            client.overloaded = True
            workers = self._refused
        workers.add(client)

    def work_off(self) -> None:
        """Answer what is answered by the loop itself, between two of its turns."""
        self._at_once.work_off()

    def shutdown(self, deadline: float) -> None:
        """End all threads by `deadline`."""
        for workers in self._all:
            workers.shutdown(deadline)
