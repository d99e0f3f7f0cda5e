"""`schediora worker`."""

from contextlib import ExitStack, closing

from .greeting import greet_worker, say_stopping
from .launch import keep_for_good, prepare, start_worker
from .measuring import measuring
from .options import ConfigFile, DataDir, read_settings


def worker(data_dir: DataDir = None, config: ConfigFile = None) -> None:
    """Make plans only, beside `serve --no-worker`."""
    settings = read_settings(config, data_dir, serving=True).settings

    from schediora.server.signals import StopSignals

    stop = StopSignals()  # before the rest of the start, which takes a second

    from schediora.app import connect, create_queue, create_worker
    from schediora.db.serving import used

    with ExitStack() as held:
        held.enter_context(used(settings.database_url))
        prepare(settings)
        queue = held.enter_context(closing(create_queue(settings)))
        database = connect(settings)
        counts = held.enter_context(measuring(settings, database))
        made = create_worker(settings, database=database, queue=queue, measurements=counts)
        thread = start_worker(made, settings, stop.asked)
        greet_worker(settings)
        stop.then(lambda: say_stopping(settings))
        keep_for_good()
        thread.join()
        database.close_all()
