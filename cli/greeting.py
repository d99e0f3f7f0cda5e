"""What `serve` and `worker` say when they have started, and when they stop."""

import shlex
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from .addresses import address_here, address_in_the_network, url
from .console import say, styled

if TYPE_CHECKING:
    from schediora.settings.values import Settings
    from schediora.shares import Shares


def greet(settings: "Settings", at: "tuple[Any, ...] | str", shares: "Shares", options: str) -> None:
    """Tell where the API answers (`at`: a socket's own address, of a unix socket its path) and by how many processes:
    one line of the log in production, else what a person wants to know. `options` make another command work on the same
    data.
    """
    from schediora.log import get_logger
    from schediora.routes import PREFIX
    from schediora.settings.urls import without_secrets

    _log = get_logger(__name__)
    where = without_secrets(settings.database_url) if settings.on_postgres else settings.data_dir.resolve()
    if settings.production:
        _log.info(
            "serving",
            address=f"unix:{at}" if isinstance(at, str) else url(settings.server.host, at[1]) + PREFIX,
            data=str(where),
            version=version("schediora"),
            processes=shares.processes,
            why=shares.why,
        )
        return
    lines = {"Socket": at} if isinstance(at, str) else _addresses(settings, at[1], PREFIX)
    asked = f"--unix-socket {shlex.quote(at)} http://here{PREFIX}" if isinstance(at, str) else lines["API"]
    lines |= {
        "Data": str(where),
        "Processes": f"{shares.processes}: {shares.why}",
        "Is it well?": f"curl {asked}/health/ready",
        "A student to try": f"schediora seed{options}",
        "To stop": "Ctrl-C",
    }
    _banner("", lines)


def _addresses(settings: "Settings", port: int, prefix: str) -> dict[str, str]:
    """Return the addresses of what is answered on a port, as this machine and a phone reach it."""
    host = settings.server.host
    pages = {"Web app": "/", "API": prefix, "Its pages": "/docs"} if settings.web.enabled else {"API": prefix}
    lines = {label: url(address_here(host), port) + path for label, path in pages.items()}
    if phone := address_in_the_network(host):
        lines |= {
            f"{label}, on a phone": url(phone, port) + pages[label] for label in ("Web app", "API") if label in pages
        }
    return lines


def greet_demo(address: str, email: str, password: str) -> None:
    """Tell whom to sign in as, and last where."""
    about = "a demonstration: what you do here is thrown away at its end"
    _banner(about, {"Sign in as": f"{email} with the password {password}", "To stop": "Ctrl-C", "Open": address})


def _banner(about: str, lines: dict[str, str]) -> None:
    """Say who speaks, then line by line what is named; an address ends at a blank, so that one can click it."""
    width = max(map(len, lines)) + 2
    name = styled(f"Schediora {version('schediora')}", bold=True)
    say(f"{name}, {about}" if about else name)
    for label, text in lines.items():
        address, blank, more = text.partition(" ")
        shown = styled(address, fg="cyan", underline=True) + blank + more if text.startswith("http") else text
        say(f"  {styled(f'{label:{width}}', dim=True)}{shown}")


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
