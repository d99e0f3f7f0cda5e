"""What the system tells of a process: its children, its threads, its sockets and whether it lives (proc(5))."""

import os
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """Return the children of a process that live, the eldest first."""
    return sorted(child for child in map(int, filter(str.isdigit, os.listdir(_PROC))) if _parent(child) == pid)


def lives(pid: int) -> bool:
    """Tell whether a process is there and not just waiting to be buried."""
    return _parent(pid) is not None


def all_gone(pids: list[int], *, seconds: float) -> bool:
    """Wait, for so many seconds at most, until none of the processes lives; tell whether that is so."""
    deadline = time.monotonic() + seconds
    while alive := any(map(lives, pids)):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return not alive


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return len(os.listdir(_PROC / str(pid) / "task"))


def sockets(pid: int) -> list[str]:
    """Return the sockets that a process has open, by the system's numbers."""
    found = []
    for file in (_PROC / str(pid) / "fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(os.readlink(file))
    return sorted({name for name in found if name.startswith("socket:")})


def _parent(pid: int) -> int | None:
    with suppress(OSError):
        state, parent = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[:2]
        return int(parent) if state not in "ZX" else None
    return None
