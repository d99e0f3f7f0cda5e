"""Several processes of one service: what they do, and how their parent sees each of them."""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schediora.server.signals import StopSignals
from schediora.server.ties import Hold, Tie


@dataclass(frozen=True, slots=True)
class Family:
    """What the processes are, and what they do."""

    roles: Callable[[], Sequence[str]]
    """Returns a role as often as there are to be processes in it. It is asked at the start and at each reload, and may
    raise SetupError."""
    begin: Callable[[str, Tie, StopSignals], int]
    """What a forked child does; returns its exit code."""
    execute: Callable[[str, Tie], None]
    """What a forked child does to be executed anew."""
    ready: Callable[[str], None]
    """Is told the role of each process that has become ready."""
    ended: Callable[[int], None]
    """Is told the number of each process that is gone."""
    stopping: Callable[[], None]
    """Is called once when all are asked to stop."""


@dataclass(slots=True)
class Child:
    """A process as its parent sees it."""

    pid: int
    hold: Hold
    began: float
    reload: int
    """The number of the reload whose settings and code it has, 0 for those of the start."""
    ready: bool = False
    silent: bool = False
    """Whether nothing more comes through the pipe by which it says that it is ready."""
    leave_by: float = 0.0


@dataclass(slots=True)
class Place:
    """Where there is to be a process: who is there, who takes over and who is leaving."""

    role: str
    child: Child | None = None
    successor: Child | None = None
    leaving: Child | None = None
    wanted: bool = True
    failures: int = 0
    """How often in a row a process here has died soon after it began."""
    again_at: float = 0.0

    def everybody(self) -> list[Child]:
        """Return all that live here."""
        return [child for child in (self.child, self.successor, self.leaving) if child]

    def without(self, pid: int) -> tuple[str, Child] | None:
        """Take out whoever has this number; return which of the three they were, and they themselves."""
        for standing in ("child", "successor", "leaving"):
            child: Child | None = getattr(self, standing)
            if child and child.pid == pid:
                setattr(self, standing, None)
                return standing, child
        return None


def how(exit_code: int) -> str:
    """Return in words how a process ended."""
    return f"signal {signal.Signals(-exit_code).name}" if exit_code < 0 else f"exit code {exit_code}"
