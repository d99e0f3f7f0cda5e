"""What ties a child process to its parent: two pipes, and what is handed on to a child that is executed anew."""

import json
import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

VARIABLE = "_SCHEDIORA_CHILD"
"""Tells a process that was executed anew whose child it is; no setting, so without the settings' prefix."""
_RETIRE = b"r"
_READY = b"+"


@dataclass(frozen=True, slots=True)
class Tie:
    """The child's ends of two pipes. The end of one means that the parent is gone."""

    orders: int
    readiness: int

    def say_ready(self) -> None:
        """Tell the parent, once, that this process does its part from now on."""
        os.write(self.readiness, _READY)
        os.close(self.readiness)

    def heed(self, *, retire: Callable[[], None], orphaned: Callable[[], None]) -> None:
        """Listen on a thread of its own: call `retire` when another process takes this one's place, and `orphaned` when
        the parent has died.
        """

        def listen() -> None:
            while os.read(self.orders, 1) == _RETIRE:
                retire()
            orphaned()

        threading.Thread(target=listen, name="parent", daemon=True).start()


@dataclass(frozen=True, slots=True)
class Hold:
    """The parent's ends of the same pipes."""

    orders: int
    readiness: int

    def retire(self) -> None:
        """Tell the child that another one has taken its place."""
        os.write(self.orders, _RETIRE)

    def is_ready(self) -> bool:
        """Read what the child says, which must be there: tell whether it is ready, and not gone."""
        return os.read(self.readiness, 1) == _READY

    def close(self) -> None:
        """Let go of the child."""
        os.close(self.orders)
        os.close(self.readiness)


def tied() -> tuple[Hold, Tie]:
    """Return both ends for a child that is about to be made; neither survives an execution of something else."""
    ordered, orders = os.pipe()
    readiness, said = os.pipe()
    return Hold(orders, readiness), Tie(ordered, said)


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What a process begins with that was executed anew: its role, its tie (None: it has no parent) and its sockets."""

    role: str
    sockets: Mapping[str, Sequence[socket.socket]]
    tie: Tie | None = None

    def environment(self) -> dict[str, str]:
        """Return this process's environment with all of this, after making it survive an execution."""
        numbers = {name: [opened.fileno() for opened in them] for name, them in self.sockets.items()}
        tie = asdict(self.tie) if self.tie else {}
        for number in (*tie.values(), *(number for them in numbers.values() for number in them)):
            os.set_inheritable(number, True)
        return {**os.environ, VARIABLE: json.dumps({"role": self.role, "sockets": numbers, "tie": tie})}


def handed_on() -> HandedOn | None:
    """Return what was handed on to this process, once; None where it was started like any other."""
    said = os.environ.pop(VARIABLE, None)
    if said is None:
        return None
    found = json.loads(said)
    tie = Tie(**found["tie"]) if found["tie"] else None
    sockets = {name: [socket.socket(fileno=number) for number in them] for name, them in found["sockets"].items()}
    for number in (*found["tie"].values(), *(opened.fileno() for them in sockets.values() for opened in them)):
        os.set_inheritable(number, False)
    return HandedOn(found["role"], sockets, tie)
