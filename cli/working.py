"""What `worker` and the working child of several processes share: making plans until a stop."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from .launch import keep_for_good, start_worker
from .measuring import Together, measuring

if TYPE_CHECKING:
    import socket

    from schediora.server.signals import StopSignals
    from schediora.settings.values import Settings


def work_until_stopped(
    settings: "Settings",
    stop: "StopSignals",
    *,
    measured: "Sequence[socket.socket]",
    begun: Callable[[], None],
    works: bool = True,
    together: Together | None = None,
) -> None:
    """Make plans, unless it only `works` not but measures, until `stop` is asked for, then drain; `begun` is called
    once it has begun.
    """
    from schediora.app import connect, create_queue, create_worker
    from schediora.shares import to_work

    with ExitStack() as held:
        queue = held.enter_context(closing(create_queue(settings)))
        database = connect(settings, connections=to_work(settings))
        counts = held.enter_context(measuring(settings, database, measured, together=together))
        made = create_worker(settings, database=database, queue=queue, measurements=counts) if works else None
        thread = start_worker(made, settings, stop.asked) if made else None
        begun()
        keep_for_good()
        stop.asked.wait()
        if thread:
            thread.join()
        database.close_all()
