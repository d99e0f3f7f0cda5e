from collections.abc import Callable

import argon2
import pytest
from falcon.testing import TestClient

from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.queue import Queue
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.client import Api
from tests.conftest import KEYS

PAGE = "https://app.example.com"


@pytest.fixture
def letting_in(settings: Settings, database: Database, queue: Queue) -> Callable[[str], Api]:
    """Serves the API with one origin let in."""

    def _letting_in(origin: str) -> Api:
        overrides = {"database.url": settings.database_url, "data_dir": settings.data_dir, "cors.origins": [origin]}
        hasher = Hasher(parameters=argon2.profiles.CHEAPEST)
        let_in = load(overrides=overrides).settings
        return Api(TestClient(create_app(let_in, database=database, queue=queue, keys=KEYS, hasher=hasher)))

    return _letting_in


@pytest.fixture
def open_api(letting_in: Callable[[str], Api]) -> Api:
    """The API with one page let in."""
    return letting_in(PAGE)


def preflight(api: Api, origin: str) -> dict[str, str]:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = api.call("OPTIONS", "/plans", headers=headers)
    assert answer.status_code == 200
    return dict(answer.headers)


def test_no_page_is_let_in_unless_it_is_named(api: Api) -> None:
    assert "access-control-allow-origin" not in preflight(api, PAGE)


def test_a_named_page_is_let_in_without_a_token_and_may_read_our_headers(open_api: Api) -> None:
    asked = preflight(open_api, PAGE)
    assert asked["access-control-allow-origin"] == PAGE
    assert asked["access-control-allow-methods"] == "GET, POST"
    assert asked["access-control-max-age"] == "86400"
    assert "access-control-expose-headers" not in asked
    allowed = {name.strip() for name in asked["access-control-allow-headers"].split(",")}
    assert allowed == {"Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-Request-ID"}
    answer = open_api.get("/health/live", headers={"Origin": PAGE})
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    exposed = {name.strip() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert exposed == {
        "ETag",
        "Link",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "X-Request-ID",
    }
    assert answer.headers["Vary"] == "Origin"
    assert "access-control-allow-methods" not in answer.headers


def test_a_star_lets_every_page_in(letting_in: Callable[[str], Api]) -> None:
    api = letting_in("*")
    assert preflight(api, "https://elsewhere.example")["access-control-allow-origin"] == "*"
    answer = api.get("/health/live", headers={"Origin": PAGE})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in api.get("/health/live").headers


def test_what_asks_for_no_call_is_answered_as_any_other_call(open_api: Api) -> None:
    answer = open_api.call("OPTIONS", "/plans", headers={"Origin": PAGE})
    assert "Access-Control-Allow-Methods" not in answer.headers
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    nowhere = {"Origin": PAGE, "Access-Control-Request-Method": "GET"}
    assert "Access-Control-Allow-Methods" not in open_api.call("OPTIONS", "/nowhere", headers=nowhere).headers


def test_another_page_is_not_and_caches_are_told(open_api: Api) -> None:
    answer = open_api.get("/health/live", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Origin"


def test_an_error_can_be_read_by_the_page_too(open_api: Api) -> None:
    answer = open_api.get("/users/me", headers={"Origin": PAGE})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, PAGE)
