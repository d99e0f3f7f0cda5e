"""`schediora worker`."""

import threading
from contextlib import closing

from .greeting import greet_worker
from .launch import prepare, start_worker
from .options import ConfigFile, DataDir, read_settings


def worker(data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Make plans only, beside `serve --no-worker`."""
    settings = read_settings(config, data_dir, serving=True).settings

    from schediora.server.signals import stop_on_signals

    stopping = threading.Event()
    stop_on_signals(stopping.set)  # before the rest of the start, which takes a second
    prepare(settings)

    from schediora.app import connect, create_queue, create_worker

    with closing(create_queue(settings)) as queue:
        database = connect(settings)
        thread = start_worker(create_worker(settings, database=database, queue=queue), settings, stopping)
        greet_worker(settings)
        thread.join()
        database.close_all()
