"""`serve` as several processes: who does what, and what a child does from its beginning to its end."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .answering import Part, answer_until_stopped
from .explaining import explain
from .launch import ensure_schema, keep_for_good
from .measuring import Together
from .working import work_until_stopped

if TYPE_CHECKING:
    from schediora.server.signals import ReloadSignal, StopSignals
    from schediora.server.ties import Tie
    from schediora.server.waitress_server import Server
    from schediora.settings.values import Settings
    from schediora.shares import Shares

ANSWERS, WORKS = "answers", "works"
METRICS_FOLDER = "metrics"


@dataclass(frozen=True, slots=True)
class Several:
    """What is to be served by several processes."""

    settings: "Settings"
    part: Part
    """Of the whole; each process does some of it."""
    shares_now: "Callable[[], Shares]"
    """Returns how it is divided by the settings as they are now; raises SetupError."""
    greet: Callable[[], None]
    """Is called when the first process answers."""
    stopping: Callable[[], None]
    """Is called when all are asked to stop."""


def keep_processes(several: Several, stop: "StopSignals", reload: "ReloadSignal") -> int:
    """Be the parent until `stop` is asked for; return the exit code."""
    from schediora.metrics import counting_together

    if several.part.measured:  # before anything imports the library that counts
        counting_together.share(_folder(several.settings))

    # What every child needs is imported once, for all of them.
    from schediora.auth.keys import load_keys
    from schediora.server.family import Family
    from schediora.server.processes import Parent
    from schediora.server.same_program import execute_anew
    from schediora.server.ties import HandedOn

    waiting = [several.greet]
    settings, part = several.settings, replace(several.part, keys=load_keys(several.settings))

    def ready(role: str) -> None:
        if role == ANSWERS and waiting:
            waiting.pop()()

    def roles() -> Sequence[str]:
        return [ANSWERS] * several.shares_now().processes + [WORKS] * bool(part.works or part.measured)

    keep_for_good()
    family = Family(
        roles=roles,
        begin=lambda role, tie, stop: be_child(role, settings, part, tie, stop),
        execute=lambda role, tie: execute_anew(HandedOn(role, part.sockets, tie).environment()),
        ready=ready,
        ended=lambda pid: counting_together.forget(_folder(settings), pid),
        stopping=several.stopping,
    )
    return Parent(family, stop, reload).run()


def be_child(
    role: str, settings: "Settings", part: Part, tie: "Tie", stop: "StopSignals", *, anew: bool = False
) -> int:
    """Do what `role` says until the parent has this process stop or is gone; return the exit code. Who was executed
    `anew` sees to the schema, which may have to be newer than it was for the parent.
    """
    from schediora.db.serving import used

    def begun(server: "Server | None" = None) -> None:
        retire = partial(server.retire, for_others=True) if server else _stop_this_process
        tie.heed(retire=retire, orphaned=_stop_this_process)
        tie.say_ready()

    together = Together(_folder(settings), gives=role == WORKS) if part.measured else None
    try:
        with used(settings.database_url):
            if anew:
                ensure_schema(settings)
            if role == ANSWERS:
                answer_until_stopped(settings, replace(part, works=False, together=together), stop, begun=begun)
            else:
                work_until_stopped(
                    settings, stop, measured=part.measured, begun=begun, works=part.works, together=together
                )
    except Exception as problem:
        return explain(problem).exit_code
    return 0


def _stop_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _folder(settings: "Settings") -> Path:
    return settings.data_dir / METRICS_FOLDER / str(settings.metrics.port)
