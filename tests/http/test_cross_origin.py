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
def open_api(settings: Settings, database: Database, queue: Queue) -> Api:
    """The API with one page let in."""
    overrides = {"database.url": settings.database_url, "data_dir": settings.data_dir, "cors.origins": [PAGE]}
    hasher = Hasher(threads=16, parameters=argon2.profiles.CHEAPEST)
    let_in = load(overrides=overrides).settings
    return Api(TestClient(create_app(let_in, database=database, queue=queue, keys=KEYS, hasher=hasher)))


def preflight(api: Api, origin: str) -> dict[str, str]:
    answer = api.call("OPTIONS", "/users/me", headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
    assert answer.status_code == 200
    return dict(answer.headers)


def test_no_page_is_let_in_unless_it_is_named(api: Api) -> None:
    assert "access-control-allow-origin" not in preflight(api, PAGE)


def test_a_named_page_is_let_in_without_a_token_and_may_read_our_headers(open_api: Api) -> None:
    asked = preflight(open_api, PAGE)
    assert asked["access-control-allow-origin"] == PAGE
    assert "GET" in asked["access-control-allow-methods"]
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
    assert "Origin" in answer.headers["Vary"]


def test_another_page_is_not_and_caches_are_told(open_api: Api) -> None:
    answer = open_api.get("/health/live", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_an_error_can_be_read_by_the_page_too(open_api: Api) -> None:
    answer = open_api.get("/users/me", headers={"Origin": PAGE})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, PAGE)
