"""One suite over every queue: SQLite's file, Postgres straight, through a pooler and around it, and Valkey."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from falcon.testing import TestClient

from schediora.app import create_app, create_queue, create_worker
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.models.auth import SignIn
from schediora.queue import Queue, make_queue_tables
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests import servers
from tests.client import Api, Student, register_student
from tests.conftest import KEYS

WISH = {"goal": "Prepare the semester", "topic": "English"}
PATIENCE_SECONDS = 30


@pytest.fixture(params=["sqlite", "postgres", "pooled", "pooled with a way around", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A migrated database, and the queue that goes with it or the one in Valkey."""
    overrides: dict[str, object] = {"data_dir": tmp_path}
    server = None
    if request.param.startswith(("postgres", "pooled")):
        server = request.getfixturevalue("postgres_server")
        template = request.getfixturevalue("postgres_template")
        direct = overrides["database.url"] = servers.create_database(server, template=template)
        if request.param.startswith("pooled"):
            through = urlsplit(request.getfixturevalue("pgbouncer_server"))
            overrides["database.url"] = through._replace(path=urlsplit(direct).path).geturl()
        if request.param.endswith("around"):
            overrides["database.direct_url"] = direct
    else:
        (tmp_path / "schediora.db").write_bytes(request.getfixturevalue("sqlite_template"))
    if request.param == "redis":
        overrides["queue.url"] = request.getfixturevalue("valkey_url")
    settings = load(overrides=overrides).settings
    make_queue_tables(settings)
    with closing(create_queue(settings)) as queue:
        queue.huey.storage.flush_all()
    yield settings
    if server is not None:
        servers.drop_database(server, settings.database_url)


@pytest.fixture
def api(settings: Settings, database: Database, queue: Queue, hasher: Hasher) -> Api:
    """The API by the wall's clock, which the workers keep too."""
    return Api(TestClient(create_app(settings, database=database, queue=queue, keys=KEYS, hasher=hasher)))


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    with closing(create_queue(settings)) as queue:
        yield queue


@pytest.fixture
def start_worker(settings: Settings, database: Database) -> Iterator[Callable[[], Queue]]:
    """Starts workers, each with its own end of the queue, as in a process of its own."""
    started = []

    def _start() -> Queue:
        own = create_queue(settings)
        worker = create_worker(settings, database=database, queue=own)
        worker.start()
        started.append((worker, own))
        return own

    yield _start
    for worker, own in started:
        worker.stop()
        own.close()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_completed(student: Student, job_id: str) -> bool:
    return bool(student.get(f"/ai/jobs/{job_id}").json["status"] == "completed")


def test_a_message_is_json_and_holds_an_id_only(queue: Queue) -> None:
    job_id = uuid4()
    queue.hint(job_id)
    (message,) = queue.huey.storage.enqueued_items()
    assert str(job_id) in json.dumps(json.loads(bytes(message)))


def test_a_ring_is_heard_by_a_consumer(queue: Queue, start_worker: Callable[[], Queue], api: Api) -> None:
    heard: list[UUID] = []
    start_worker().listener = heard.append
    job_id = uuid4()
    queue.hint(job_id)
    wait_for(lambda: heard == [job_id])


def test_who_cannot_listen_looks(queue: Queue, request: pytest.FixtureRequest) -> None:
    queue.huey.dequeue()
    ways = {"sqlite": True, "postgres": True, "pooled": False, "pooled with a way around": True, "redis": True}
    assert queue.huey.storage.blocking is ways[request.node.callspec.params["settings"]]


@pytest.mark.parametrize("call", ["enqueue", "dequeue"])
def test_the_queue_connects_anew_when_its_server_has_become_read_only(
    call: str, postgres_server: str, tmp_path: Path
) -> None:
    url = servers.create_database(postgres_server)
    settings = load(overrides={"database.url": url, "data_dir": tmp_path}).settings
    make_queue_tables(settings)
    with closing(create_queue(settings)) as queue:
        storage = queue.huey.storage
        arguments = [b"[]"] if call == "enqueue" else []
        storage.enqueue(b"[]")
        storage.sql("SET default_transaction_read_only = on")  # as the session of a primary that was demoted
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            getattr(storage, call)(*arguments)
        getattr(storage, call)(*arguments)
    servers.drop_database(postgres_server, url)


def test_a_job_is_made_soon_after_it_was_asked_for(api: Api, start_worker: Callable[[], Queue]) -> None:
    start_worker()
    student = register_student(api)
    job_id = student.post("/ai/plans/generate", WISH).json["job_id"]
    wait_for(lambda: is_completed(student, job_id))


def test_jobs_whose_messages_were_lost_are_found_by_the_sweeper(
    api: Api, queue: Queue, start_worker: Callable[[], Queue]
) -> None:
    students = [register_student(api) for _ in range(3)]
    jobs = [student.post("/ai/plans/generate", WISH).json["job_id"] for student in students]
    queue.huey.storage.flush_queue()
    start_worker()
    wait_for(lambda: all(map(is_completed, students, jobs)))


def test_two_workers_make_each_plan_once(api: Api, start_worker: Callable[[], Queue]) -> None:
    start_worker()
    start_worker()
    students = [register_student(api) for _ in range(12)]
    jobs = [student.post("/ai/plans/generate", WISH).json["job_id"] for student in students]
    wait_for(lambda: all(map(is_completed, students, jobs)))
    assert [len(student.get("/plans").json) for student in students] == [1] * len(students)
    assert {student.get(f"/ai/jobs/{job}").json["attempts"] for student, job in zip(students, jobs, strict=True)} == {1}


def test_the_queue_keeps_nothing_of_what_was_done(
    api: Api, queue: Queue, start_worker: Callable[[], Queue], monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = start_worker()
    students = [register_student(api) for _ in range(3)]
    jobs = [student.post("/ai/plans/generate", WISH).json["job_id"] for student in students]
    wait_for(lambda: all(map(is_completed, students, jobs)))
    crashed = threading.Event()

    def crash(_: UUID) -> None:
        crashed.set()
        raise RuntimeError("the listener's own")

    monkeypatch.setattr(listening, "listener", crash)
    queue.hint(uuid4())
    assert crashed.wait(PATIENCE_SECONDS)
    storage = queue.huey.storage
    wait_for(lambda: (storage.queue_size(), storage.schedule_size(), storage.result_store_size()) == (0, 0, 0))


def test_the_sweeper_deletes_what_nobody_needs_any_more(api: Api, start_worker: Callable[[], Queue]) -> None:
    student, long_ago = register_student(api), datetime.now(UTC) - timedelta(days=8)
    dates = dict.fromkeys(("rotated_at", "created_at", "expires_at", "ends_at"), long_ago)
    SignIn.create(user=UUID(student.id), **dates)
    start_worker()
    wait_for(lambda: SignIn.select().count() == 1)
    assert student.get("/users/me").status_code == 200


def test_jobs_are_made_although_the_queue_is_dead(
    settings: Settings, database: Database, hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(create_queue(settings)) as dead:
        for call in ("enqueue", "dequeue", "queue_size"):
            monkeypatch.setattr(dead.huey.storage, call, refused)
        app = create_app(settings, database=database, queue=dead, keys=KEYS, hasher=hasher)
        student = register_student(Api(TestClient(app)))
        answer = student.post("/ai/plans/generate", WISH)
        assert answer.status_code == 202
        worker = create_worker(settings, database=database, queue=dead)
        worker.start()
        wait_for(lambda: is_completed(student, answer.json["job_id"]))
        worker.stop()


def refused(*_: object) -> None:
    raise ConnectionError("nobody listens")


def test_a_queue_that_answers_says_so(queue: Queue) -> None:
    assert queue.answers()


def test_a_stopped_worker_takes_no_more(api: Api, settings: Settings, database: Database) -> None:
    with closing(create_queue(settings)) as own:
        worker = create_worker(settings, database=database, queue=own)
        worker.start()
        worker.stop()
        assert own.listener is not None
        student = register_student(api)
        job_id = student.post("/ai/plans/generate", WISH).json["job_id"]
        own.listener(UUID(job_id))
        assert student.get(f"/ai/jobs/{job_id}").json["status"] == "queued"


def test_a_stop_does_not_wait_for_those_who_wait_for_a_message(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, may_end = threading.Semaphore(0), threading.Event()

    def dequeue() -> None:
        waiting.release()
        may_end.wait(PATIENCE_SECONDS)

    with closing(create_queue(settings)) as own:
        monkeypatch.setattr(own.huey.storage, "dequeue", dequeue)
        worker = create_worker(settings, database=database, queue=own)
        worker.start()
        assert waiting.acquire(timeout=PATIENCE_SECONDS)
        stopping = threading.Thread(target=worker.stop)
        stopping.start()
        stopping.join(PATIENCE_SECONDS / 3)
        assert not stopping.is_alive()
        may_end.set()
