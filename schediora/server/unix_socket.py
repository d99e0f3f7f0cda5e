"""A unix socket to listen on: its group's before anybody can connect, and never taken from somebody who answers."""

import errno
import grp
import os
import socket
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from schediora.server.listening import CannotListen, PortInUse

_MOST_BYTES = 107 if sys.platform.startswith("linux") else 103
"""What fits into `sun_path` with the zero at its end (unix(7))."""
_ASK_SECONDS = 1.0


def listen_on_path(path: Path, *, mode: int, group: str = "") -> list[socket.socket]:
    """Return the socket that listens at `path`, which has `mode` and belongs to `group` (a name or a number; empty:
    ours). One that nobody answers on any more is replaced. Raises CannotListen, PortInUse where somebody does.
    """
    length = len(os.fsencode(path))
    if length > _MOST_BYTES:
        raise _cannot(f"is {length} bytes long, and the system takes {_MOST_BYTES}; choose a shorter path")
    number = _group(group)
    _make_room(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(os.fspath(path))
        os.chown(path, -1, number)
        os.chmod(path, mode)
        listening.listen()
    except OSError as problem:
        listening.close()
        if problem.errno == errno.EPERM:
            path.unlink(missing_ok=True)
            raise _cannot(f"cannot be given to the group {group}; run Schediora as a member of it") from None
        raise _cannot(f"{path} cannot be made ({problem.strerror}); choose another with --socket") from None
    finally:
        os.umask(before)
    return [listening]


def removal(listening: Sequence[socket.socket]) -> Callable[[], None]:
    """Return what closes the sockets, and removes the paths of those that are unix sockets unless somebody else answers
    there meanwhile.
    """
    paths = [opened.getsockname() for opened in listening if opened.family == socket.AF_UNIX]

    def remove() -> None:
        for opened in listening:
            opened.close()
        for path in paths:
            with suppress(OSError):
                if not _answered(path):
                    os.unlink(path)

    return remove


def _make_room(path: Path) -> None:
    """Remove a socket on which nobody answers; raise CannotListen for anything else that is there."""
    try:
        there = path.lstat()
    except OSError:  # nothing, or a folder into which we cannot look: binding will say
        return
    if not stat.S_ISSOCK(there.st_mode):
        raise _cannot(f"{path} is there already, and is no socket; choose another with --socket")
    try:
        if _answered(os.fspath(path)):
            raise PortInUse(
                f"Somebody answers on the socket {path} already; stop them or choose another with --socket.", "in use"
            )
        path.unlink()
    except OSError as problem:
        raise _cannot(f"{path} cannot be replaced ({problem.strerror}); choose another with --socket") from None


def _answered(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_ASK_SECONDS)
        try:
            probe.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except (TimeoutError, BlockingIOError):  # somebody is there, and has no time
            return True
    return True


def _group(name: str) -> int:
    """Return the group's number; -1 leaves it as it is."""
    if not name or name.isdecimal():
        return int(name or -1)
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise _cannot(f"cannot be given to the group {name}: there is none of this name") from None


def _cannot(what: str) -> CannotListen:
    return CannotListen(f"The socket {what}.", what)
