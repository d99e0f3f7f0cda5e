"""The reload of a server that is one process: it lets everybody go, and executes itself anew on the same sockets."""

import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .answering import APP

if TYPE_CHECKING:
    import socket

    from schediora.server.signals import ReloadSignal, StopSignals
    from schediora.server.waitress_server import Server

ALONE, TRIAL = "alone", "trial"
"""What such a process is after a reload, and the one that only tries whether it could begin."""
_TRIAL_SECONDS = 60.0


def try_out(check: Callable[[], object]) -> None:
    """Do all that may go wrong in a start and leaves no trace; `check` raises SetupError when settings are wrong."""
    import schediora.app
    import schediora.server.waitress_server  # noqa: F401  # whether they can be is what is tried

    check()


class Reloading:
    """Waits for the signal, and knows whether the end of the server is a reload."""

    def __init__(self, listening: "Sequence[socket.socket]", reload: "ReloadSignal", stop: "StopSignals") -> None:
        # The server closes its own when it ends; whoever comes meanwhile waits at these.
        self._listening = [opened.dup() for opened in listening]
        self._reload = reload
        self._stop = stop
        self._tried = False

    def watch(self, server: "Server", check: Callable[[], object]) -> None:
        """Have `server` end once the signal has come and a trial has gone well; `check` raises SetupError when the
        settings cannot be used.
        """

        def watch() -> None:
            while not self._tried:
                self._reload.wait()
                self._tried = self._could_begin(check)
            server.retire(for_others=False)

        threading.Thread(target=watch, name="reload", daemon=True).start()

    def go_on(self) -> None:
        """Execute the program anew, if that is why the server has ended; return otherwise."""
        from schediora.server.same_program import execute_anew
        from schediora.server.ties import HandedOn

        if self._tried and not self._stop.heard:
            execute_anew(HandedOn(ALONE, {APP: self._listening}).environment())
        for opened in self._listening:
            opened.close()

    def _could_begin(self, check: Callable[[], object]) -> bool:
        from schediora.errors import SetupError
        from schediora.log import get_logger
        from schediora.server.same_program import command
        from schediora.server.ties import HandedOn

        log = get_logger(__name__)
        try:
            check()
            ended = subprocess.run(
                command(),
                check=False,
                env=HandedOn(TRIAL, {}).environment(),
                timeout=_TRIAL_SECONDS,
                stdout=subprocess.DEVNULL,
            )
        except SetupError as problem:
            log.error("reload_refused", reason=problem.detail)
        except (OSError, subprocess.TimeoutExpired) as problem:
            log.error("reload_failed", reason=f"The program could not be tried: {problem}.")
        else:
            if ended.returncode == os.EX_OK:
                log.info("reloading", processes=1)
                return True
            log.error("reload_failed", reason=f"The program could not begin anew: exit code {ended.returncode}.")
        return False
