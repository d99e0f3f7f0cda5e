"""Where the server listens, and how many connections it may hold."""

import errno
import resource
import socket

from schediora.errors import SetupError

_RESERVED_FILES = 256


class CannotListen(SetupError):
    """Schediora cannot listen on this address; choose another with --host and --port."""

    def __init__(self, detail: str, reason: str) -> None:
        """Take the sentence, and the bare reason for those who listen for something else."""
        super().__init__(detail)
        self.reason = reason


class PortInUse(CannotListen):
    """The port is already in use; stop the other program or choose another with --port."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Return a listening socket for each address that `host` stands for (localhost: IPv4 and IPv6), all on one port."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise CannotListen(f"{host} is no address of this machine; choose another with --host.", "no address") from None
    sockets: list[socket.socket] = []
    problem: OSError | None = None
    for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
        bound_port = sockets[0].getsockname()[1] if sockets else port
        try:
            sockets.append(socket.create_server((address[0], bound_port, *address[2:]), family=family))
        except OSError as error:
            problem = error
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                break
    if sockets and (problem is None or problem.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)):
        return sockets
    for bound in sockets:
        bound.close()
    raise _why_not(problem, host, port)


def _why_not(problem: OSError | None, host: str, port: int) -> CannotListen:
    reason = problem.strerror if problem and problem.strerror else "no address"
    match problem.errno if problem else None:
        case errno.EADDRINUSE:
            return PortInUse(
                f"Port {port} on {host} is already in use; stop the other program or choose another with --port.",
                reason,
            )
        case errno.EACCES:
            sentence = f"Port {port} is reserved for the system; choose one above 1023 with --port."
        case errno.EADDRNOTAVAIL | errno.EAFNOSUPPORT:
            sentence = f"{host} is no address of this machine; choose another with --host."
        case _:
            sentence = f"Cannot listen on {host}, port {port}: {reason}."
    return CannotListen(sentence, reason)


def connection_limit(wanted: int) -> int:
    """Return how many connections may be open at once, `wanted` or as many as the system allows, after raising this
    process's limit on open files if need be.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = wanted + _RESERVED_FILES
    if soft == resource.RLIM_INFINITY or soft >= files:
        return wanted
    reachable = files if hard == resource.RLIM_INFINITY else min(files, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
    return max(reachable - _RESERVED_FILES, reachable // 2)
