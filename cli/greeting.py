"""What `serve` and `worker` say when they have started, and when they stop."""

from importlib.metadata import version
from typing import TYPE_CHECKING

from .addresses import address_here, address_in_the_network, url
from .console import say

if TYPE_CHECKING:
    from schediora.settings.values import Settings


def greet(settings: "Settings", port: int, options: str) -> None:
    """Tell where the API answers: one line of the log in production, else what a person wants to know. `options` make
    another command work on the same data.
    """
    from schediora.log import get_logger
    from schediora.routes import PREFIX
    from schediora.settings.urls import without_secrets

    _log = get_logger(__name__)
    host = settings.server.host
    address = url(address_here(host), port) + PREFIX
    where = without_secrets(settings.database_url) if settings.on_postgres else settings.data_dir.resolve()
    if settings.production:
        _log.info("serving", address=url(host, port) + PREFIX, data=str(where), version=version("schediora"))
        return
    say(f"Schediora answers at {address}")
    if phone := address_in_the_network(host):
        say(f"On a phone:         {url(phone, port)}{PREFIX} (in the same network)")
    say(f"The data is in      {where}")
    say(f"See if it is well:  curl {address}/health/ready")
    say(f"A student to try:   schediora seed{options}")
    say("To stop:            Ctrl-C")


def greet_worker(settings: "Settings") -> None:
    """Tell that plans are being made: one line of the log in production."""
    from schediora.log import get_logger

    _log = get_logger(__name__)
    if settings.production:
        _log.info("making_plans", threads=settings.queue.workers, version=version("schediora"))
    else:
        say("Schediora makes plans; Ctrl-C stops it.")


def say_stopping(settings: "Settings") -> None:
    """Tell that no more is taken, and that what was begun is finished: one line of the log in production."""
    from schediora.log import get_logger

    _log = get_logger(__name__)
    if settings.production:
        _log.info("stopping")
    else:
        say("Stopping")
