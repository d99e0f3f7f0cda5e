"""What `serve` and `demo` share: the server, with the worker beside it, from the start to the end of both."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .launch import DRAIN_SECONDS, keep_for_good, start_worker
from .measuring import Together, measuring

if TYPE_CHECKING:
    import socket

    from schediora.auth.keys import Keys
    from schediora.http.entrance import DemoStudent
    from schediora.server.signals import StopSignals
    from schediora.server.waitress_server import Server
    from schediora.settings.values import Settings
    from schediora.shares import Shares


APP, METRICS = "app", "metrics"
"""What sockets are for."""
LONGEST_TURN_SECONDS = 0.0005
"""So long a thread keeps the interpreter from others that want it, such as one that makes a plan, or begins and ends
computing passwords; Python's own 5 ms are more than what most calls take in all."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a process does of the whole."""

    listening: "Sequence[socket.socket]"
    """Where it answers the app."""
    measured: "Sequence[socket.socket]"
    """Where Prometheus is answered, by this process or by another."""
    shares: "Shares"
    works: bool = True
    """Whether it makes plans, too."""
    together: Together | None = None
    keys: "Keys | None" = None
    """Those that were read already, if they were."""

    @property
    def sockets(self) -> "Mapping[str, Sequence[socket.socket]]":
        """All sockets, by what they are for."""
        return {APP: self.listening, METRICS: self.measured}


def answer_until_stopped(
    settings: "Settings",
    part: Part,
    stop: "StopSignals",
    *,
    begun: "Callable[[Server], None]",
    draining: Callable[[], None] = lambda: None,
    demo: "DemoStudent | None" = None,
) -> None:
    """Serve on a schema that was seen to, until `stop` is asked for, then drain; `begun` gets the server right before
    it answers, and `draining` is called when it no longer takes anything up.

    `demo` is the student that anybody may be.
    """
    from schediora import log
    from schediora.app import connect, create_app, create_queue, create_worker
    from schediora.http.client_address import TrustedProxies
    from schediora.routes import LIVE, PREFIX, lanes
    from schediora.server.waitress_server import Server

    with ExitStack() as held:
        held.enter_context(log.written_behind())
        queue = held.enter_context(closing(create_queue(settings)))
        database = connect(settings, connections=part.shares.pooled)
        counts = held.enter_context(measuring(settings, database, part.measured, together=part.together))
        app = create_app(
            settings,
            database=database,
            queue=queue,
            keys=part.keys,
            hashing=part.shares.hashing,
            demo=demo,
            measurements=counts,
        )
        listen = settings.server
        server = Server(
            app,
            listening=part.listening,
            beside_others=part.shares.processes > 1,
            threads=listen.threads,
            lanes=lanes(listen.threads, cores=part.shares.hashing),
            connections=listen.idle_connections,
            connections_per_address=listen.connections_per_address,
            trusts=TrustedProxies(listen.trusted_proxies).trusts,
            always=[PREFIX + LIVE],
            drain_seconds=DRAIN_SECONDS,
        )
        stop.then(server.stop)
        workers = []
        if part.works:
            workers.append(
                start_worker(
                    create_worker(settings, database=database, queue=queue, measurements=counts), settings, stop.asked
                )
            )
        begun(server)
        keep_for_good()
        sys.setswitchinterval(LONGEST_TURN_SECONDS)
        try:
            server.run(draining=draining)
        finally:
            stop.asked.set()
            for worker in workers:
                worker.join()
            database.close_all()
