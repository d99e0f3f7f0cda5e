"""Limits that several servers count together, and what they do without Redis."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from falcon.testing import TestClient
from pydantic import SecretStr
from structlog.testing import capture_logs

from schediora.app import create_app, create_queue
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.models.rate_limits import RateCount
from schediora.rate_limits import redis_counts
from schediora.rate_limits.redis_counts import RedisCounts
from schediora.settings.values import Settings
from tests import servers
from tests.client import PASSWORD, Api, FrozenClock
from tests.conftest import KEYS
from tests.live import LIMITED
from tests.prepared import prepared_service


def with_queue_at(url: str, settings: Settings) -> Settings:
    queue = settings.queue.model_copy(update={"url": SecretStr(url)})
    return settings.model_copy(update={"queue": queue})


@pytest.fixture
def serving(database: Database, clock: FrozenClock, hasher: Hasher) -> Iterator[Callable[[Settings], Api]]:
    """Starts servers in this process, each with a memory of its own."""
    with ExitStack() as stack:

        def start(settings: Settings) -> Api:
            queue = create_queue(settings)
            stack.callback(queue.close)
            app = create_app(settings, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
            return Api(TestClient(app))

        yield start


def fail(api: Api, email: str = "nobody@example.com", *, at: str = "192.0.2.1") -> int:
    body = {"email": email, "password": "wrong guess"}
    return int(api.post("/auth/login", body, headers={"X-Forwarded-For": at}).status_code)


def test_two_servers_on_one_database_and_one_that_starts_later_count_together(
    settings: Settings, serving: Callable[[Settings], Api]
) -> None:
    one, other = serving(settings), serving(settings)
    assert [fail(api) for _ in range(5) for api in (one, other)] == [401] * 10
    assert [fail(api) for api in (one, other, serving(settings))] == [429] * 3


def test_two_servers_on_one_redis_count_together_and_without_it_in_the_database(
    settings: Settings, serving: Callable[[Settings], Api], clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_counts, "AWAY_SECONDS", 0.0)
    with servers.valkey() as url:
        told = with_queue_at(url, settings)
        one, other = serving(told), serving(told)
        assert [fail(api) for _ in range(5) for api in (one, other)] == [401] * 10
        assert [fail(api) for api in (one, other)] == [429] * 2
        assert RateCount.select().count() == 0
        RedisCounts(url, clock).reset()
        assert fail(one) == 401
    with capture_logs() as lines:
        assert [fail(api) for _ in range(5) for api in (one, other)] == [401] * 10
        assert [fail(api) for api in (one, other)] == [429] * 2
    assert [line["event"] for line in lines].count("limits_fell_back") == 2
    assert RateCount.select().count() > 0


def test_what_was_counted_outlasts_a_server_that_is_killed(tmp_path: Path) -> None:
    """A real process over SQLite, with its limits."""
    body = {"email": "student@example.com", "password": PASSWORD}
    with prepared_service(tmp_path / "data", "serve", "--no-worker", **LIMITED) as running:
        assert running.call("POST", "/auth/register", body).status == 201
        wrong = body | {"password": "wrong guess"}
        assert [running.call("POST", "/auth/login", wrong).status for _ in range(6)] == [401] * 6
        running.kill()
        running.start()
        assert [running.call("POST", "/auth/login", wrong).status for _ in range(5)] == [401] * 4 + [429]
