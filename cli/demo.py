"""`schediora demo`."""

import logging
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .addresses import url
from .answering import Part, answer_until_stopped
from .console import working
from .greeting import greet_demo, say_stopping
from .launch import ensure_schema

if TYPE_CHECKING:
    import threading

    from schediora.server.waitress_server import Server
    from schediora.settings.values import Settings

_HOST = "127.0.0.1"
_REMOVALS = 3
"""How often a folder is removed in which somebody may still be making files."""


def demo(
    port: Annotated[int, typer.Option(help="The port, 0 for any.", metavar="PORT", min=0, max=65535)] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Leave the browser closed.")] = False,
) -> None:
    """Show a student's term, on data that are thrown away.

    Your settings and your data are left alone; it listens to this machine only, and forgets everything at its end.
    """
    from schediora import log
    from schediora.http.entrance import DemoStudent
    from schediora.machine import usable_cores
    from schediora.server.listening import listen
    from schediora.server.signals import StopSignals
    from schediora.settings.values import LogSettings, ServerSettings, Settings
    from schediora.shares import undivided

    from .browser import open_browser
    from .sample_week import EMAIL, PASSWORD

    log.configure(production=False, level="warning")
    stop = StopSignals()
    folder = Path(tempfile.mkdtemp(prefix="schediora-demo-"))
    try:
        stop.before_dying(lambda: _remove(folder))
        settings = Settings(
            data_dir=folder, server=ServerSettings(host=_HOST, port=port), log=LogSettings(level="warning")
        )
        ensure_schema(settings)
        _make_student(settings, stop.asked)
        if stop.asked.is_set():
            return

        def greet(server: "Server") -> None:
            address = f"{url(_HOST, server.port)}/"
            greet_demo(address, EMAIL, PASSWORD)
            if not no_browser:
                open_browser(address)

        part = Part(listening=listen(_HOST, port), measured=(), shares=undivided(settings, cores=usable_cores()))
        student = DemoStudent(email=EMAIL, password=PASSWORD)
        answer_until_stopped(settings, part, stop, begun=greet, draining=lambda: say_stopping(settings), demo=student)
    finally:
        _remove(folder)


def _make_student(settings: "Settings", stopping: "threading.Event") -> None:
    """Make the student and their term in the zone of this machine, unless it is to stop before that."""
    from schediora.app import connect
    from schediora.auth.passwords import Hasher
    from schediora.clock import utc_now

    from .sample_term import live_through_term
    from .sample_week import PASSWORD
    from .zone_here import zone_here

    database = connect(settings)
    hashed = Hasher().hash(PASSWORD)
    with working("Living through a student's term, which takes a few seconds"):
        for _ in live_through_term(database, hashed, zone=zone_here(), now=utc_now()):
            if stopping.is_set():
                break
    database.close_all()


def _remove(folder: Path) -> None:
    """Remove the data; whoever would still look at them has nothing to say that matters."""
    logging.disable()
    for _ in range(_REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
