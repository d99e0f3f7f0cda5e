"""The HTTP server: waitress, which is told where to listen, how to stop and how much to hold.

Waitress reads and writes every connection in one loop and runs the application in a pool of threads, so a slow phone
keeps nobody waiting. Stopping drains: what was asked is answered, what is idle is closed.
"""

# waitress has no type hints, and the stubs published for it contradict its source.
# mypy: disable-error-code=import-untyped

import socket
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments

from schediora.http.lanes import Lane
from schediora.log import get_logger
from schediora.server.crowd import Crowd
from schediora.server.lanes import Lanes
from schediora.server.listening import connection_limit
from schediora.server.one_core import OneCore
from schediora.server.request_head import Head
from schediora.server.request_reader import Limits
from schediora.server.waitress_channel import Connection
from schediora.server.waitress_lingering import LingeringClose
from schediora.server.waitress_listener import Listener
from schediora.server.waitress_watch import Watched

_BACKLOG = 4096
"""How many may have connected and wait to be let in: after a proxy was restarted, all phones come at once, and one that
finds no room tries again only seconds later. The system may allow fewer (Linux, net.core.somaxconn)."""
_IDLE_SECONDS = 120
_POLL_SECONDS = 1.0
_DRAIN_POLL_SECONDS = 0.1
_LAST_THREADS_SECONDS = 0.5
RETIRING_SECONDS = 20.0
"""An open app asks every 15 s."""

_LIMITS = Limits()

_log = get_logger(__name__)


class Server:
    """Serves a WSGI application over HTTP/1.1 until it is told to stop, then drains."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        listening: Sequence[socket.socket],
        beside_others: bool = False,
        threads: int,
        limits: Limits = _LIMITS,
        connections: int = 1000,
        connections_per_address: int = 0,
        trusts: Callable[[str], bool] = lambda _address: False,
        lanes: Sequence[Lane] = (),
        always: Collection[str] = (),
        drain_seconds: float = 10.0,
    ) -> None:
        """Take over sockets that are `listening`, without answering yet; `beside_others` where other processes answer
        on them, too.

        It holds as many `connections`, or as many as the system allows, and `connections_per_address` (0: any number)
        of an address that is not one that it `trusts`. An application with a method `larger_body` is asked whether a
        call may have a larger body than all others. `threads` work for all calls that are in none of `lanes`; the
        loop itself answers the paths that are `always` answered, so they must wait for nothing.
        """
        settings = Adjustments(
            asyncore_use_poll=True,
            backlog=_BACKLOG,
            channel_timeout=_IDLE_SECONDS,
            clear_untrusted_proxy_headers=False,  # the application reads them, and knows whom to believe
            connection_limit=sys.maxsize,  # the crowd has a limit of its own, and tells who is one too many
            expose_tracebacks=False,
            ident=None,
        )
        self._drain_seconds = drain_seconds
        self._core = OneCore(beside_others=beside_others)
        self._lanes = Lanes(lanes, threads=threads, always=always, core=self._core)
        larger_body = getattr(app, "larger_body", None)
        if larger_body is not None:
            limits = replace(limits, larger_body=lambda head: larger_body(*_asked(head)))
        crowd = Crowd(most=connection_limit(connections), most_per_address=connections_per_address, trusts=trusts)
        self._sockets = Watched()
        self._listeners = [
            Listener(
                app,
                map=self._sockets,
                _sock=opened,
                dispatcher=self._lanes,
                adj=settings,
                sockinfo=(opened.family, opened.type, opened.proto, opened.getsockname()),
                bind_socket=False,
                crowd=crowd,
                limits=limits,
                beside_others=beside_others,
            )
            for opened in listening
        ]
        self._stopping = False
        self._retiring = False
        self._for_others = False
        self._retired_at: float | None = None
        """When whoever is still connected has had time enough."""
        self._closed = False
        self._closing = threading.RLock()  # reentrant, as a signal may call stop() in the middle of anything

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listeners[0].effective_port)

    def run(self, *, draining: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop()` is called, or nobody is left after `retire()`; then call `draining`, answer what was
        asked, for `drain_seconds` at most, and return.
        """
        deadline = None
        try:
            self._lanes.start()
            while not self._stopping and not self._has_retired():
                self._turn(_POLL_SECONDS)
            draining()
            deadline = time.monotonic() + self._drain_seconds
            self._drain(deadline)
        finally:
            self._core.end()
            self._close(deadline or time.monotonic())

    def stop(self) -> None:
        """Make `run()` drain and return. Any thread and any signal handler may call it, as often as it likes."""
        if self._stopping:
            return
        self._stopping = True
        with self._closing:
            if not self._closed:
                self._listeners[0].pull_trigger()

    def retire(self, *, for_others: bool) -> None:
        """Make `run()` end without anybody noticing. Any thread may call it.

        Who is connected gets one more answer, which says that it is the last one here, or has `RETIRING_SECONDS` for
        asking: an app that asks just when its idle connection is closed would see an error. Who comes anew is left to
        the others that have the same sockets, or is answered once where there are none.
        """
        self._retiring = True
        self._for_others = for_others
        with self._closing:
            if not self._closed:
                self._listeners[0].pull_trigger()

    def _turn(self, seconds: float) -> None:
        self._core.turn()
        self._sockets.turn(seconds)
        self._lanes.work_off()

    def _has_retired(self) -> bool:
        if not self._retiring:
            return False
        if self._retired_at is None:
            self._retired_at = time.monotonic() + RETIRING_SECONDS
            for listener in self._listeners:
                if self._for_others:
                    listener.leave_to_others()
                else:
                    listener.draining = True
        return time.monotonic() >= self._retired_at or not self._connections()

    def _drain(self, deadline: float) -> None:
        for listener in self._listeners:
            if not self._for_others:
                listener.stop_accepting()
        self._turn(0)  # a request that has arrived but was not read yet is in flight as well
        while self._close_idle() and (left := deadline - time.monotonic()) > 0:
            self._turn(min(left, _DRAIN_POLL_SECONDS))

    def _close_idle(self) -> bool:
        """Close the connections that wait for nothing; tell whether any other is left."""
        for connection in self._connections():
            if connection.idle:
                connection.handle_close()
        return bool(self._connections())

    def _connections(self) -> list[Connection | LingeringClose]:
        return [open_ for open_ in self._sockets.values() if isinstance(open_, Connection | LingeringClose)]

    def _close(self, deadline: float) -> None:
        unfinished = self._connections()
        if unfinished:
            _log.warning("connections_cut", count=len(unfinished))
        for connection in unfinished:
            connection.lingers = False
            connection.handle_close()
        self._lanes.shutdown(max(deadline, time.monotonic() + _LAST_THREADS_SECONDS))
        with self._closing:
            self._closed = True
            for listener in self._listeners:
                listener.close()
            self._sockets.close()


def _asked(head: Head) -> tuple[str, str, str]:
    return head.method, head.path, head.fields.get("AUTHORIZATION", "")
