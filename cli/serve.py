"""`schediora serve`."""

import shlex
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from .greeting import greet, say_stopping
from .launch import DRAIN_SECONDS, keep_for_good, prepare, start_worker
from .options import ConfigFile, DataDir, Host, Port, read_settings


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave making plans to `schediora worker`.")] = False,
) -> None:
    """Answer the app and make the plans that it asks for."""
    settings = read_settings(config, data_dir, serving=True, host=host, port=port).settings

    from schediora.server.signals import StopSignals
    from schediora.server.waitress_server import Server

    stop = StopSignals()  # before the rest of the start, which takes a second
    prepare(settings)

    from schediora.app import connect, create_app, create_queue, create_worker
    from schediora.http.client_address import TrustedProxies
    from schediora.routes import LIVE, PREFIX

    with closing(create_queue(settings)) as queue:
        database = connect(settings)
        app = create_app(settings, database=database, queue=queue)
        listen = settings.server
        server = Server(
            app,
            host=listen.host,
            port=listen.port,
            threads=listen.threads,
            connections_per_address=listen.connections_per_address,
            trusts=TrustedProxies(listen.trusted_proxies).trusts,
            always=[PREFIX + LIVE],
            drain_seconds=DRAIN_SECONDS,
        )
        stop.then(server.stop)
        workers = []
        if not no_worker:
            workers.append(start_worker(create_worker(settings, database=database, queue=queue), settings, stop.asked))
        greet(settings, server.port, _same(data_dir, config))
        keep_for_good()
        try:
            server.run(draining=lambda: say_stopping(settings))
        finally:
            stop.asked.set()
            for worker in workers:
                worker.join()
            database.close_all()


def _same(data_dir: Path | None, config: Path | None) -> str:
    """Return the options that make another command work on the same data."""
    given = {"--data-dir": data_dir, "--config": config}
    return "".join(f" {option} {shlex.quote(str(path))}" for option, path in given.items() if path)
