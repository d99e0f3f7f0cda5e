"""Nobody is signed out when a key is read in a new way, or when a key that should never have been one is replaced."""

from collections.abc import Callable

import pytest
from falcon.testing import TestClient

from schediora.app import create_app
from schediora.auth.keys import Keys, load_keys
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.queue import Queue
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.client import Api, register_student

KEY = "cv3Qm7xT0bWn9LrYz5KpUe2HsJ8dFgAi4oN6"
NEXT = "7hRk2VxZqS0wPj9TbMc4NyLd8GfEa1uUoIiB"
WEAK = "change-me-" * 4


@pytest.fixture
def serve(settings: Settings, database: Database, queue: Queue, hasher: Hasher) -> Callable[[Keys], Api]:
    """Serve the test's database with keys."""
    return lambda keys: Api(TestClient(create_app(settings, database=database, queue=queue, keys=keys, hasher=hasher)))


def as_before(key: str) -> Keys:
    """The keys that releases before 0.2.0 made of a setting: as it was written."""
    return Keys(key.encode())


def as_now(settings: Settings, key: str, *previous: str) -> Keys:
    named = {
        "environment": "production",
        "data_dir": settings.data_dir,
        "auth.secret_key": key,
        "auth.previous_secret_keys": previous,
    }
    return load_keys(load(overrides=named).settings)


@pytest.mark.parametrize("written", [KEY, f"{KEY}\n", f"{KEY}\r\n", f" {KEY} ", f"\t{KEY}\n\n"])
@pytest.mark.parametrize("replaced", [False, True])
def test_tokens_survive_the_upgrade_however_the_key_was_written_and_its_replacement(
    serve: Callable[[Keys], Api], settings: Settings, written: str, replaced: bool
) -> None:
    student = register_student(serve(as_before(written)))
    keys = as_now(settings, NEXT, written) if replaced else as_now(settings, written)
    upgraded = serve(keys)
    assert upgraded.get("/users/me", token=student.token).status_code == 200
    renewed = upgraded.post("/auth/refresh", json={"refresh_token": student.refresh_token})
    assert renewed.status_code == 200
    alone = serve(Keys(keys.current))
    assert alone.get("/users/me", token=renewed.json["access_token"]).status_code == 200


@pytest.mark.parametrize("source", ["as it was written", "without its newline"])
def test_a_key_with_a_newline_can_be_replaced_after_the_upgrade(
    serve: Callable[[Keys], Api], settings: Settings, source: str
) -> None:
    before = register_student(serve(as_before(f"{KEY}\n")))
    between = register_student(serve(as_now(settings, f"{KEY}\n")))
    rotated = serve(as_now(settings, NEXT, f"{KEY}\n" if source == "as it was written" else KEY))
    for student in (before, between):
        assert rotated.get("/users/me", token=student.token).status_code == 200
        assert rotated.post("/auth/refresh", json={"refresh_token": student.refresh_token}).status_code == 200


def test_a_weak_key_can_be_replaced_in_production(serve: Callable[[Keys], Api], settings: Settings) -> None:
    student = register_student(serve(as_before(WEAK)))
    rotated = serve(as_now(settings, NEXT, WEAK))
    assert rotated.get("/users/me", token=student.token).status_code == 200
    assert rotated.post("/auth/refresh", json={"refresh_token": student.refresh_token}).status_code == 200


def test_an_empty_previous_key_lets_nobody_in(serve: Callable[[Keys], Api], settings: Settings) -> None:
    forged = register_student(serve(Keys(b"")))
    blank = register_student(serve(Keys(b"\n")))
    api = serve(as_now(settings, NEXT, "", "\n", " "))
    for student in (forged, blank):
        assert api.get("/users/me", token=student.token).status_code == 401
