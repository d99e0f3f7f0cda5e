"""`schediora healthcheck`."""

import socket as sockets
from pathlib import Path
from typing import Annotated

import typer

from .addresses import address_here, url
from .console import FAILED, say, stop
from .options import ConfigFile, DataDir, read_settings

PATIENCE_SECONDS = 3.0
LIVE, READY = "/api/v1/health/live", "/api/v1/health/ready"
"""As in the routes; written out, because those would load the whole service for every look."""
_ENOUGH_BYTES = 64 * 1024


def healthcheck(
    live: Annotated[bool, typer.Option("--live", help="Ask only whether it runs, not whether it is ready.")] = False,
    host: Annotated[str | None, typer.Option(help="Where it listens (default: 127.0.0.1).", metavar="ADDRESS")] = None,
    port: Annotated[int | None, typer.Option(help="Its port (default: 8000).", metavar="PORT")] = None,
    socket: Annotated[
        Path | None, typer.Option(help="The unix socket on which it listens instead of a port.", metavar="FILE")
    ] = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Ask the server that runs here whether it is ready.

    For containers: exits with 0 when it is, else with 1.
    """
    # Never with 2, which containers reserve (Dockerfile reference, HEALTHCHECK).
    loaded = read_settings(config, data_dir, wrong=FAILED, host=host, port=port, socket=socket and str(socket))
    server = loaded.settings.server

    import http.client

    path = LIVE if live else READY
    here = address_here(server.host)
    asked = url(here, server.port) + path
    connection = http.client.HTTPConnection(here, server.port, timeout=PATIENCE_SECONDS)
    try:
        if server.socket:
            asked = f"{server.socket}, {path}"
            connection.sock = _connected(server.socket)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(_ENOUGH_BYTES).decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        reason = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        raise stop(f"Nothing answers at {asked}: {reason}.") from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise stop(f"{asked} answers {answer.status}: {body}")
    say(body)


def _connected(path: str) -> sockets.socket:
    connection = sockets.socket(sockets.AF_UNIX)
    connection.settimeout(PATIENCE_SECONDS)
    connection.connect(path)
    return connection
