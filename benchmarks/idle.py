"""What phones cost that are connected and ask nothing: `python -m benchmarks.idle [phones]`.

Prints the processor time of a call that does nothing, with nobody and with so many phones idle, in the loop that Linux
gets and in waitress's own, as ratios to the former without anybody; and the memory of an idle connection. The time is
the server's alone, in the same minute, in turns; the least of ten counts, as what else runs only adds.
"""

import os
import resource
import socket
import sys
from contextlib import ExitStack
from wsgiref.types import StartResponse, WSGIEnvironment

from schediora.server.listening import listen
from schediora.server.waitress_server import Server

_HOST = "127.0.0.1"
_ASK = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
_CALLS = 1000
_TURNS = 10


def main(phones: int) -> None:
    """Measure and print."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    servers = {"epoll": _Measured(phones, epoll=True), "waitress's own": _Measured(phones, epoll=False)}
    took: dict[tuple[str, int], list[float]] = {}
    try:
        for idle in (0, phones):
            with ExitStack() as held:
                for server in servers.values():
                    before = server.kibibytes()
                    for _ in range(idle):
                        held.enter_context(socket.create_connection((_HOST, server.port)))
                    server.seconds_a_call(10)
                    server.kibibytes_each = (server.kibibytes() - before) / max(1, idle)
                for _ in range(_TURNS):
                    for name, server in servers.items():
                        took.setdefault((name, idle), []).append(server.seconds_a_call(_CALLS))
    finally:
        for server in servers.values():
            os.kill(server.pid, 9)
            os.waitpid(server.pid, 0)
    alone = min(took["epoll", 0])
    print("| loop | idle | µs a call | to alone |\n|---|---|---|---|")
    for (name, idle), seconds in took.items():
        print(f"| {name} | {idle} | {min(seconds) * 1e6:.0f} | {min(seconds) / alone:.2f} |")
    print(f"\nAn idle connection takes {servers['epoll'].kibibytes_each:.1f} KiB of the server's memory.")


class _Measured:
    """A server in a process of its own."""

    kibibytes_each = 0.0

    def __init__(self, phones: int, *, epoll: bool) -> None:
        server = Server(_hello, listening=listen(_HOST, 0), threads=4, connections=phones + 10)
        if not epoll:
            server._sockets.close()
        self.port = server.port
        self.pid = os.fork()
        if not self.pid:
            server.run()
            os._exit(0)

    def seconds_a_call(self, calls: int) -> float:
        """Return the processor time of a call, over so many on one connection."""
        with socket.create_connection((_HOST, self.port)) as connection:
            began = self._seconds()
            for _ in range(calls):
                connection.sendall(_ASK)
                connection.recv(65536)
            return (self._seconds() - began) / calls

    def kibibytes(self) -> int:
        """Return the memory that the process has in use."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def _seconds(self) -> float:
        with open(f"/proc/{self.pid}/schedstat") as stat:
            main = int(stat.read().split()[0])
        others = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/schedstat") as stat:
                others += int(stat.read().split()[0])
        return max(main, others) / 1e9


def _hello(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5000)
