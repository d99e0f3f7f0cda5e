"""What every test stands on: real engines, a clock that stands still, and a client that speaks like the app."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import argon2
import pytest
import structlog
from falcon.testing import TestClient

from schediora.app import connect, create_app, create_queue
from schediora.auth.keys import Keys
from schediora.auth.passwords import Hasher
from schediora.db import migrate
from schediora.db.database import Database
from schediora.queue import Queue, make_queue_tables
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests import servers
from tests.client import Api, FrozenClock, Student, register_student
from tests.databases import Databases

KEYS = Keys(current=b"k" * 32, previous=())

# What tests log without a log of their own is drawn for a terminal: a traceback with all its variables takes a second.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count lines on SQLite alone, where the same lines run: counting takes as long as running them."""
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if params.get("engine") == "postgres" and item.path.parent.name != "db":
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own SCHEDIORA_* variables must not steer the tests."""
    for name in list(os.environ):
        if name.startswith("SCHEDIORA_") and not name.startswith("SCHEDIORA_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real Postgres; the administrator's URL."""
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def pgbouncer_server(postgres_server: str) -> Iterator[str]:
    """A real pgbouncer in transaction mode before the real Postgres; the administrator's URL through it."""
    if servers.pgbouncer_binary() is None:
        pytest.skip("pgbouncer is no Python package and is not installed here: apt-get install pgbouncer")
    with servers.pgbouncer(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real Valkey."""
    with servers.valkey() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated Postgres database, cloned for tests."""
    url = servers.create_database(postgres_server)
    migrate.upgrade(url)
    return url.rsplit("/", 1)[-1]


@pytest.fixture(scope="session")
def postgres_databases(
    postgres_server: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Migrated Postgres databases with the queue's tables, used by one test after the other."""
    url = servers.create_database(postgres_server, template=postgres_template)
    overrides = {"database.url": url, "data_dir": tmp_path_factory.mktemp("queue")}
    make_queue_tables(load(overrides=overrides).settings)
    return Databases(postgres_server, url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a migrated SQLite database, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "schediora.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: every test that touches one runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own."""
    if engine == "sqlite":
        path = tmp_path / "schediora.db"
        path.write_bytes(request.getfixturevalue("sqlite_template"))
        yield f"sqlite:///{path}"
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    url = databases.take()
    yield url
    databases.give_back(url)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at 2026-03-04T09:00:00Z, a Wednesday, until it is told."""
    return FrozenClock()


@pytest.fixture
def many_calls(request: pytest.FixtureRequest) -> bool:
    """Whether the test makes so many calls that limits by rate would answer most of them."""
    return request.node.get_closest_marker("many_calls") is not None


@pytest.fixture(autouse=True)
def _quiet(many_calls: bool) -> Iterator[None]:
    """A line for each of thousands of calls would hide what was found."""
    if many_calls:
        logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, many_calls: bool) -> Settings:
    """Settings over the test's database, with a queue file of its own."""
    overrides = {"database.url": database_url, "data_dir": tmp_path, "limits.enabled": not many_calls}
    return load(overrides=overrides).settings


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The test's database, bound to the models; connections open in the test's thread as needed."""
    database = connect(settings)
    yield database
    database.close_all()


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    """This process's end of the queue."""
    queue = create_queue(settings)
    yield queue
    queue.close()


@pytest.fixture
def hasher() -> Hasher:
    """A hasher too cheap for students and quick enough for tests."""
    return Hasher(parameters=argon2.profiles.CHEAPEST)


@pytest.fixture
def api(settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher) -> Api:
    """The API in this process, over the test's database."""
    app = create_app(settings, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
    return Api(TestClient(app))


@pytest.fixture
def register(api: Api) -> Callable[..., Student]:
    """Registers further students."""

    def _register(email: str | None = None, **fields: object) -> Student:
        return register_student(api, email, **fields)

    return _register


@pytest.fixture
def student(register: Callable[..., Student]) -> Student:
    """A registered student."""
    return register()
