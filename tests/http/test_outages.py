"""A database that is away or full: students are told to wait, operators are told once."""

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import structlog

from schediora import log
from schediora.db.database import Database, connected, sqlite_path
from tests.client import Student

WAIT_SECONDS = 15.0
MINE = {"title": "Mine", "topic": "Math", "duration_minutes": 45}
FULL_ON_POSTGRES = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON study_plans FOR EACH ROW EXECUTE FUNCTION full_disk();
"""


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production writes."""
    stream = io.StringIO()
    log.configure(production=True, stream=stream)
    yield stream
    structlog.reset_defaults()


def events(stream: io.StringIO) -> list[str]:
    written = [str(json.loads(line)["event"]) for line in stream.getvalue().splitlines()]
    return [event for event in written if event != "request"]


def fill_the_disk(database: Database, engine: str) -> None:
    with connected(database):
        if engine == "postgres":
            database.execute_sql(FULL_ON_POSTGRES)
        else:  # of the one pooled connection that this thread uses
            database.execute_sql("PRAGMA max_page_count = 1")


def make_room(database: Database, engine: str) -> None:
    with connected(database):
        undo = "DROP FUNCTION full_disk CASCADE" if engine == "postgres" else "PRAGMA max_page_count = 1000000"
        database.execute_sql(undo)


def test_a_full_disk_asks_the_student_to_wait_and_is_logged_as_that(
    student: Student, database: Database, engine: str, lines: io.StringIO
) -> None:
    long = {**MINE, "title": "x" * 180}
    fill_the_disk(database, engine)
    answers = [student.post("/plans", long) for _ in range(60)]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(refused) >= 2
    for answer in refused:
        assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
        assert answer.json["detail"].startswith("Schediora cannot save anything right now.")
        assert int(answer.headers["Retry-After"]) > 0
    assert student.get("/plans").status_code == 200
    assert events(lines) == ["disk_full"]
    assert "Traceback" not in lines.getvalue()
    make_room(database, engine)
    assert student.post("/plans", MINE).status_code == 201
    assert events(lines) == ["disk_full", "disk_has_room"]


@contextmanager
def away(database: Database, database_url: str, postgres_server: str) -> Iterator[None]:
    """Make the database refuse every connection."""
    database.close_all()
    if database_url.startswith("sqlite"):
        path = sqlite_path(database_url)
        kept = path.rename(path.with_suffix(".kept"))
        path.symlink_to(path.parent / "no such folder" / path.name)
        yield
        kept.replace(path)
        return
    allowing = f'ALTER DATABASE "{database_url.rsplit("/", 1)[-1]}" ALLOW_CONNECTIONS'
    with psycopg.connect(postgres_server, autocommit=True) as administrator:
        administrator.execute(f"{allowing} false".encode())
        yield
        administrator.execute(f"{allowing} true".encode())


def test_a_database_that_is_away_is_said_once_and_when_it_is_back(
    student: Student, database: Database, database_url: str, postgres_server: str, lines: io.StringIO
) -> None:
    with away(database, database_url, postgres_server):
        answers = [student.get("/users/me") for _ in range(5)]
    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(503, "overloaded")}
    assert events(lines) == ["database_unreachable"]
    assert "Traceback" not in lines.getvalue()
    deadline = time.monotonic() + WAIT_SECONDS
    while student.get("/users/me").status_code != 200:  # for a moment nobody asks a server that was away
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert events(lines) == ["database_unreachable", "database_back"]
