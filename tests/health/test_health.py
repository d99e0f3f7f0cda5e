from collections.abc import Callable, Iterator
from pathlib import Path

import argon2
import pytest
from falcon.testing import TestClient

from schediora.app import connect, create_app, create_queue
from schediora.auth.passwords import Hasher
from schediora.settings.loading import load
from tests import servers
from tests.client import Api
from tests.conftest import KEYS
from tests.model_server import refused_url

NOBODY = refused_url().removeprefix("http://").removesuffix("/v1")
"""An address where nobody listens."""

Serve = Callable[..., Api]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """The API over whatever database and queue are named, well or not."""
    opened = []

    def _serve(database_url: str, queue_url: str = "") -> Api:
        overrides = {"database.url": database_url, "data_dir": tmp_path, "queue.url": queue_url}
        settings = load(overrides=overrides).settings
        hasher = Hasher(parameters=argon2.profiles.CHEAPEST)
        database, queue = connect(settings), create_queue(settings)
        opened.append((database, queue))
        return Api(TestClient(create_app(settings, database=database, queue=queue, keys=KEYS, hasher=hasher)))

    yield _serve
    for database, queue in opened:
        queue.close()
        database.close_all()


def test_a_served_process_is_alive_and_ready(api: Api) -> None:
    assert api.get("/health/live").json == {"status": "ok"}
    ready = api.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json == {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "queue": "ok"}}


def test_an_empty_database_is_alive_but_not_ready(serve: Serve, postgres_server: str, tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'empty.db'}", servers.create_database(postgres_server)):
        api = serve(url)
        assert api.get("/health/live").status_code == 200
        answer = api.get("/health/ready")
        assert (answer.status_code, answer.json["code"]) == (503, "not_ready")
        assert answer.json["checks"]["database"] == "ok"
        assert answer.json["checks"]["migrations"] == "pending"
        assert answer.headers["Retry-After"]


def test_an_unreachable_database_is_named_and_every_call_says_try_again(serve: Serve) -> None:
    api = serve(f"postgresql://nobody@{NOBODY}/none")
    assert api.get("/health/live").status_code == 200
    answer = api.get("/health/ready")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, "unreachable")
    login = api.post("/auth/login", {"email": "a@example.com", "password": "correct horse"})
    assert (login.status_code, login.json["code"]) == (503, "overloaded")
    assert login.headers["Retry-After"]


def test_a_silent_queue_degrades_and_still_accepts_jobs(serve: Serve, database_url: str) -> None:
    api = serve(database_url, queue_url=f"redis://{NOBODY}/0")
    ready = api.get("/health/ready")
    assert (ready.status_code, ready.json["checks"]["queue"]) == (200, "degraded")
    pair = api.post("/auth/register", {"email": "a@example.com", "password": "correct horse"}).json
    job = api.post("/ai/plans/generate", {"goal": "x", "topic": "y"}, token=pair["access_token"])
    assert (job.status_code, job.json["status"]) == (202, "queued")
