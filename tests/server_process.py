"""Server processes for tests and benchmarks: started on a free port of 127.0.0.1 in a temporary directory of their own.

A server dies with the process that started it, however that ends (strictly: with the thread, on Linux).
"""

import atexit
import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from tests.ports import free_port

HOST = "127.0.0.1"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_START_ATTEMPTS = 3
_LOG = "log"
_LOG_TAIL_LINES = 25
_SWEEP_AFTER_SECONDS = 60.0
_DIRECTORY_PREFIX = "schediora-server-"

Command = Callable[[str], Sequence[str | Path]]
"""From a port to what starts the server there."""


class ServerDidNotStart(RuntimeError):
    """A test server could not be started; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class Server:
    """What a server is, while `{port}` in its address is still open; `account` None means ours."""

    directory: Path
    account: pwd.struct_passwd | None
    url: str
    answers: Callable[[str], None]
    stop_signal: signal.Signals


class Running:
    """A server that runs at `address`; can die and be started again there."""

    def __init__(self, server: Server, command: Command) -> None:
        self._server = server
        for _ in range(_START_ATTEMPTS):  # between finding a free port and binding it, another program may take it
            port = str(free_port(HOST))
            self._command = command(port)
            self.address = server.url.format(port=port)
            if self._runs():
                return
        raise self._did_not_start()

    def start(self) -> None:
        """Start it again; what is left of its former self is waited for."""
        deadline = time.monotonic() + _START_SECONDS
        while not self._runs():
            if time.monotonic() > deadline:
                raise self._did_not_start()
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut would (kill -9)."""
        self._process.kill()
        self._process.wait()

    def stop(self, how: signal.Signals | None = None) -> None:
        """Ask it to stop, in the way that throws its data away unless told, and wait until it has."""
        atexit.unregister(self._process.send_signal)
        self._process.send_signal(how or self._server.stop_signal)
        self._process.wait(_STOP_SECONDS)

    def _runs(self) -> bool:
        """Tell whether it could be started: not where it ended at once."""
        self._process = spawn(self._server, self._command)
        try:
            if not _wait_until_ready(self._process, self.address, self._server.answers):
                return False
        except BaseException as error:
            self.kill()
            error.add_note(tail(self._server))
            raise
        atexit.register(self._process.send_signal, self._server.stop_signal)
        return True

    def _did_not_start(self) -> ServerDidNotStart:
        return ServerDidNotStart(f"{Path(self._command[0]).name} did not start.\n{tail(self._server)}")


@contextmanager
def killable(server: Server, command: Command) -> Iterator[Running]:
    """Run `command` on a free port, yield it once it answers, stop it at the end."""
    running = Running(server, command)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def running(server: Server, command: Command) -> Iterator[str]:
    """Run `command` on a free port, yield the address once it answers, stop it at the end."""
    with killable(server, command) as started:
        yield started.address


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, answers: Callable[[str], None]) -> bool:
    """Return True once the server answers, False when it has exited; raise ServerDidNotStart when it is too slow."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None:
        try:
            answers(address)
            return True
        except (OSError, psycopg.OperationalError, redis.RedisError) as error:
            if time.monotonic() > deadline:
                raise ServerDidNotStart(f"{address} does not answer after {_START_SECONDS:.0f} s: {error}") from error
            time.sleep(0.02)
    return False


def spawn(server: Server, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
    """Start `command` as the server's account, in a session of its own (Ctrl-C is for the test run alone)."""
    account = server.account
    with (server.directory / _LOG).open("ab") as output:
        return subprocess.Popen(
            [os.fspath(part) for part in command],
            cwd=server.directory,
            env={name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_die_with_parent(os.getpid(), server.stop_signal),
        )


def _die_with_parent(parent: int, stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what sends a child `stop_signal` when the process `parent` is gone; None where there is no such call."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>

    def in_the_child() -> None:
        prctl(set_parent_death_signal, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # it had died before the call
            os._exit(1)

    return in_the_child


def unprivileged_account() -> pwd.struct_passwd | None:
    """Return the account to run Postgres as: None for our own, `nobody` when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise ServerDidNotStart(
            "Postgres refuses to run as root and there is no account `nobody`: set SCHEDIORA_TEST_POSTGRES_URL."
        ) from None


@contextmanager
def directory_for(account: pwd.struct_passwd | None) -> Iterator[Path]:
    """Yield a temporary directory that `account` owns, locked while in use so that no other run sweeps it away."""
    root = Path(tempfile.gettempdir()).resolve()
    if account and not all(folder.stat().st_mode & 0o001 for folder in (root, *root.parents)):
        root = Path("/tmp")
    _sweep(root)
    directory = Path(tempfile.mkdtemp(prefix=_DIRECTORY_PREFIX, dir=root))
    lock = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if account:
            os.chown(directory, account.pw_uid, account.pw_gid)
        yield directory
    finally:
        os.close(lock)
        shutil.rmtree(directory, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove the directories that killed test runs left behind."""
    for abandoned in root.glob(f"{_DIRECTORY_PREFIX}*"):
        with suppress(OSError):
            if time.time() - abandoned.stat().st_mtime < _SWEEP_AFTER_SECONDS:
                continue  # it may have been made this moment and not be locked yet
            lock = os.open(abandoned, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(abandoned, ignore_errors=True)
            finally:
                os.close(lock)


def tail(server: Server) -> str:
    log = (server.directory / _LOG).read_text(errors="replace")
    return "\n".join(log.splitlines()[-_LOG_TAIL_LINES:])
