"""`schediora serve`."""

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answering import APP, METRICS, Part, answer_until_stopped
from .greeting import greet, say_stopping
from .launch import prepare
from .measuring import where_it_is_given
from .options import ConfigFile, DataDir, Host, Port, Socket, load_settings, read_settings
from .reloading import TRIAL, Reloading, try_out
from .several import Several, be_child, keep_processes

if TYPE_CHECKING:
    import socket

    from schediora.server.ties import HandedOn
    from schediora.server.waitress_server import Server
    from schediora.settings.values import Settings

Processes = Annotated[int | None, typer.Option(help="How many processes answer; 0 chooses (default: 0).", metavar="N")]
NoWorker = Annotated[bool, typer.Option("--no-worker", help="Leave making plans to `schediora worker`.")]


def serve(
    host: Host = None,
    port: Port = None,
    socket: Socket = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    processes: Processes = None,
    no_worker: NoWorker = False,
) -> None:
    """Answer the app and make the plans that it asks for."""
    from schediora.server.ties import handed_on

    begun = handed_on()
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "socket": socket and str(socket),
        "processes": processes,
    }
    settings = read_settings(config, data_dir, serving=True, **given).settings

    from schediora.server.signals import ReloadSignal, StopSignals

    tie = begun.tie if begun else None
    stop = StopSignals(passed_on=tie is not None)  # before the rest of the start, which takes a second
    if begun and tie:
        part = _part(settings, begun, works=not no_worker)
        raise typer.Exit(be_child(begun.role, settings, part, tie, stop, anew=True))
    reload = ReloadSignal()

    from schediora.db.serving import used
    from schediora.machine import usable_cores
    from schediora.server.unix_socket import removal
    from schediora.shares import Shares, shares

    def shares_now() -> Shares:
        now = load_settings(config, data_dir, serving=True, **given).settings
        return shares(now, cores=usable_cores(), working=not no_worker)

    if begun and begun.role == TRIAL:
        try_out(shares_now)
        return
    with ExitStack() as held:
        held.enter_context(used(settings.database_url))
        prepare(settings)
        part = _part(settings, begun, works=not no_worker)
        held.callback(removal(part.listening))

        def greeted() -> None:
            greet(settings, part.listening[0].getsockname(), part.shares, _same(data_dir, config))

        def stopping() -> None:
            say_stopping(settings)

        if part.shares.processes > 1:
            several = Several(settings, part, shares_now, greeted, stopping)
            raise typer.Exit(keep_processes(several, stop, reload))
        reloading = Reloading(part.listening, reload, stop)

        def begins(server: "Server") -> None:
            reloading.watch(server, shares_now)
            greeted()

        answer_until_stopped(settings, part, stop, begun=begins, draining=stopping)
        reloading.go_on()


def _part(settings: "Settings", begun: "HandedOn | None", *, works: bool) -> Part:
    """Return all there is to do, on the sockets that were handed on, or on new ones."""
    from schediora.machine import usable_cores
    from schediora.shares import shares

    sockets = begun.sockets if begun else {}
    return Part(
        listening=sockets[APP] if APP in sockets else _listening(settings),
        measured=sockets[METRICS] if METRICS in sockets else where_it_is_given(settings),
        shares=shares(settings, cores=usable_cores(), working=works),
        works=works,
    )


def _listening(settings: "Settings") -> "Sequence[socket.socket]":
    from schediora.server.listening import listen
    from schediora.server.unix_socket import listen_on_path

    server = settings.server
    if server.socket:
        return listen_on_path(Path(server.socket), mode=int(server.socket_mode, 8), group=server.socket_group)
    return listen(server.host, server.port)


def _same(data_dir: Path | None, config: Path | None) -> str:
    """Return the options that make another command work on the same data."""
    given = {"--data-dir": data_dir, "--config": config}
    return "".join(f" {option} {shlex.quote(str(path))}" for option, path in given.items() if path)
