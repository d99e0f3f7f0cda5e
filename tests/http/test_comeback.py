"""What is asked while the database is away for a moment waits for it, and is stored once or not at all."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from falcon.testing import TestClient

from schediora.db.database import Database, connected
from schediora.http import comeback
from schediora.http.lanes import OVERLOADED, WAITS_UNTIL
from tests.client import PASSWORD, Api, Student
from tests.http.test_outages import away, make_room

MINE = {"title": "Mine", "topic": "Math", "duration_minutes": 45}
PATIENCE_SECONDS = 10.0
AWAY_SECONDS = 0.4
ENDED_ONCE = """
CREATE SEQUENCE ended;
CREATE FUNCTION end_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('ended') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW;
END $$;
"""
"""The connection is lost, once: a sequence is not rolled back."""
IN_THE_MIDDLE = "CREATE TRIGGER ended AFTER INSERT ON study_sessions FOR EACH ROW EXECUTE FUNCTION end_once();"
AT_THE_COMMIT = """
CREATE CONSTRAINT TRIGGER ended AFTER INSERT OR UPDATE ON {} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION end_once();
"""


class Door:
    """The API behind a server that lets calls wait, or refuses them."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.more: dict[str, Any] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[WAITS_UNTIL] = time.monotonic() + PATIENCE_SECONDS
        answer: Iterable[bytes] = self._app(environ | self.more, start_response)
        return answer


@pytest.fixture
def door(api: Api) -> Door:
    return Door(api.client.app)


@pytest.fixture
def patient(student: Student, door: Door) -> Student:
    """A student whose calls may wait."""
    return Student(Api(TestClient(door)), student.email, student.token, student.refresh_token, student.id)


@pytest.fixture
def briefly_away(
    database: Database, database_url: str, postgres_server: str
) -> Callable[[], AbstractContextManager[None]]:
    """Take the database away, and let it come back while something waits for it."""

    @contextmanager
    def leave() -> Iterator[None]:
        gone = away(database, database_url, postgres_server)
        gone.__enter__()
        back = threading.Timer(AWAY_SECONDS, lambda: gone.__exit__(None, None, None))
        back.start()
        yield
        back.join()

    return leave


def lose_a_connection(database: Database, engine: str, trigger: str) -> None:
    """Let Postgres end a connection, once, where `trigger` says; a file has no connection that could be lost."""
    if engine == "postgres":
        with connected(database):
            database.execute_sql(ENDED_ONCE + trigger)


def test_reads_writes_and_refreshes_wait_for_a_database_that_comes_back(
    patient: Student, briefly_away: Callable[[], AbstractContextManager[None]]
) -> None:
    asked: list[tuple[Callable[[], Any], int]] = [
        (lambda: patient.get("/users/me"), 200),
        (lambda: patient.get("/sessions"), 200),
        (lambda: patient.post("/plans", MINE), 201),
        (lambda: patient.api.post("/auth/refresh", {"refresh_token": patient.refresh_token}), 200),
        (lambda: patient.api.post("/auth/login", {"email": patient.email, "password": PASSWORD}), 200),
    ]
    for ask, status in asked:
        with briefly_away():
            assert ask().status_code == status
    assert len(patient.get("/plans").json) == 1


def test_a_write_whose_connection_is_lost_in_the_middle_is_run_again_and_stored_once(
    patient: Student, database: Database, engine: str
) -> None:
    lose_a_connection(database, engine, IN_THE_MIDDLE)
    assert patient.post("/plans", MINE).status_code == 201
    assert len(patient.get("/plans").json) == 1


def test_a_write_that_may_have_been_stored_is_not_run_again_but_a_refresh_is(
    patient: Student, database: Database, engine: str
) -> None:
    lose_a_connection(database, engine, AT_THE_COMMIT.format("study_plans"))
    answer = patient.post("/plans", MINE)
    assert answer.status_code == (503 if engine == "postgres" else 201)
    assert len(patient.get("/plans").json) == (0 if engine == "postgres" else 1)


def test_a_refresh_that_may_have_been_stored_is_run_again(patient: Student, database: Database, engine: str) -> None:
    lose_a_connection(database, engine, AT_THE_COMMIT.format("refresh_tokens"))
    answer = patient.api.post("/auth/refresh", {"refresh_token": patient.refresh_token})
    assert answer.status_code == 200, answer.text
    assert patient.api.get("/users/me", token=answer.json["access_token"]).status_code == 200


def test_once_it_has_lasted_nobody_waits_but_who_starts_the_app(
    patient: Student, database: Database, database_url: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comeback, "LONGEST_WAIT_SECONDS", AWAY_SECONDS)
    monkeypatch.setattr("tests.http.test_comeback.PATIENCE_SECONDS", 4 * AWAY_SECONDS)

    def refused(ask: Callable[[], Any]) -> float:
        began = time.monotonic()
        answer = ask()
        assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
        assert answer.headers["Retry-After"]
        return time.monotonic() - began

    with away(database, database_url, postgres_server):
        assert refused(lambda: patient.get("/sessions")) >= AWAY_SECONDS
        assert refused(lambda: patient.get("/sessions")) < AWAY_SECONDS
        assert refused(lambda: patient.get("/users/me")) >= 4 * AWAY_SECONDS


def let_notes_fail(database: Database, engine: str, error: str) -> None:
    """Let nothing be stored of a sign-in."""
    raising = f"RAISE EXCEPTION 'no room' USING ERRCODE = '{error}';"
    with connected(database):
        if engine == "postgres":
            body = f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raising} END $$;"
            on = "CREATE TRIGGER full_disk BEFORE UPDATE ON refresh_tokens FOR EACH ROW EXECUTE FUNCTION full_disk();"
            database.execute_sql(body + on)
        else:  # of the one pooled connection that this thread uses
            database.execute_sql("PRAGMA query_only = 1")


@pytest.mark.parametrize("error", ["53100", "25006"])
def test_reads_with_new_tokens_need_nothing_to_be_stored(
    student: Student, database: Database, engine: str, error: str
) -> None:
    """Neither a full disk nor a standby keeps anybody from reading."""
    pair = student.api.post("/auth/refresh", {"refresh_token": student.refresh_token}).json
    let_notes_fail(database, engine, error)
    assert student.api.get("/sessions", token=pair["access_token"]).status_code == 200
    assert student.get("/sessions").status_code == 200


def test_a_refresh_waits_for_room_on_the_disk(patient: Student, database: Database, engine: str) -> None:
    if engine == "sqlite":
        return  # only a real disk is full for every connection: tests/chaos
    let_notes_fail(database, engine, "53100")
    back = threading.Timer(AWAY_SECONDS, lambda: make_room(database, engine))
    back.start()
    answer = patient.api.post("/auth/refresh", {"refresh_token": patient.refresh_token})
    back.join()
    assert answer.status_code == 200, answer.text
    assert patient.api.get("/users/me", token=answer.json["access_token"]).status_code == 200


def test_nobody_waits_for_a_client_that_has_gone(
    patient: Student, door: Door, database: Database, database_url: str, postgres_server: str
) -> None:
    door.more = {"waitress.client_disconnected": lambda: True}
    with away(database, database_url, postgres_server):
        began = time.monotonic()
        assert patient.get("/users/me").status_code == 503
        assert time.monotonic() - began < PATIENCE_SECONDS / 2


def test_what_the_server_says_is_too_much_is_a_problem_that_says_so(patient: Student, door: Door) -> None:
    door.more = {OVERLOADED: True}
    answer = patient.get("/sessions")
    assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
    assert answer.headers["Retry-After"] == "2"
    assert patient.get("/nowhere").status_code == 404
