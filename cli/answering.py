"""What `serve` and `demo` share: the server, with the worker beside it, from the start to the end of both."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from .greeting import say_stopping
from .launch import DRAIN_SECONDS, keep_for_good, start_worker
from .measuring import measuring

if TYPE_CHECKING:
    from schediora.http.entrance import DemoStudent
    from schediora.server.signals import StopSignals
    from schediora.settings.values import Settings


def answer_until_stopped(
    settings: "Settings",
    stop: "StopSignals",
    *,
    greet: Callable[[int], None],
    with_worker: bool = True,
    demo: "DemoStudent | None" = None,
) -> None:
    """Serve on a schema that was seen to, until `stop` is asked for, then drain; `greet` gets the port listened on.

    `demo` is the student that anybody may be. Raises CannotListen, PortInUse among them.
    """
    from schediora import log
    from schediora.app import connect, create_app, create_queue, create_worker
    from schediora.http.client_address import TrustedProxies
    from schediora.routes import LIVE, PREFIX, lanes
    from schediora.server.waitress_server import Server

    with ExitStack() as held:
        held.enter_context(log.written_behind())
        queue = held.enter_context(closing(create_queue(settings)))
        database = connect(settings)
        counts = held.enter_context(measuring(settings, database))
        app = create_app(settings, database=database, queue=queue, demo=demo, measurements=counts)
        listen = settings.server
        server = Server(
            app,
            host=listen.host,
            port=listen.port,
            threads=listen.threads,
            lanes=lanes(listen.threads),
            connections_per_address=listen.connections_per_address,
            trusts=TrustedProxies(listen.trusted_proxies).trusts,
            always=[PREFIX + LIVE],
            drain_seconds=DRAIN_SECONDS,
        )
        stop.then(server.stop)
        workers = []
        if with_worker:
            workers.append(
                start_worker(
                    create_worker(settings, database=database, queue=queue, measurements=counts), settings, stop.asked
                )
            )
        greet(server.port)
        keep_for_good()
        try:
            server.run(draining=lambda: say_stopping(settings))
        finally:
            stop.asked.set()
            for worker in workers:
                worker.join()
            database.close_all()
