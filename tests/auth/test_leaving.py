"""Leaving: everything of who leaves is gone, whatever is being done for them at that moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import peewee
import pytest
from falcon.testing import TestClient

from schediora.ai.author import Author
from schediora.ai.jobs import Runner
from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database, connected
from schediora.models.planner import DashboardDailyMetric, Plan, Session, SessionChanges
from schediora.models.rate_limits import RateCount
from schediora.models.registry import MODELS
from schediora.models.schema import SchemaRevision
from schediora.models.users import User
from schediora.queue import Queue
from schediora.settings.loading import load
from tests.ai.authors import Hanging
from tests.client import PASSWORD, Api, FrozenClock, Student, register_student
from tests.live import Answer, Service, service
from tests.portability.lives import live, runner

NOBODYS = {SchemaRevision: "what the database says of itself", RateCount: "counts that end within a day"}
ROUNDS = 20
LEAVES = {"password": PASSWORD}


def keyed_by_user(model: Any) -> bool:
    return model is User or "user_id" in model._meta.columns


def of(model: Any, user_id: str) -> int:
    """Return how many rows of a table are a student's; of one without an owner, those of nobody's session."""
    if keyed_by_user(model):
        owner = User.id if model is User else model._meta.columns["user_id"]
        return int(model.select().where(owner == UUID(user_id)).count())
    return int(SessionChanges.select().where(SessionChanges.session.not_in(Session.select(Session.id))).count())


def test_everything_of_who_leaves_is_gone_and_nothing_of_anybody_else(
    student: Student, register: Callable[..., Student], database: Database, clock: FrozenClock
) -> None:
    other = register()
    for each in (student, other):
        live(each, database, clock)
        extra = {"title": "Extra", "topic": "Biology", "duration_minutes": 20}
        answer = each.post("/plans/current/sessions", extra, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 201
        with connected(database):
            DashboardDailyMetric.create(user=each.id, day=clock.now.date(), completed_sessions=1, focus_minutes=2)
    before = other.get("/users/me/export").json
    job = student.post("/ai/plans/generate", {"goal": "Pass", "topic": "Math", "week": "next"}).json.get("job_id")
    with connected(database):
        tables = [model for model in MODELS if model not in NOBODYS]
        assert [model.__name__ for model in tables if not (keyed_by_user(model) or model is SessionChanges)] == []
        assert sum(of(model, student.id) > 0 for model in tables if keyed_by_user(model)) >= 14
    gone = student.post("/users/me/delete", LEAVES)
    assert (gone.status_code, gone.headers["Clear-Site-Data"]) == (204, '"cache"')
    assert student.get("/users/me").status_code == 401
    with connected(database):
        assert {model.__name__: left for model in tables if (left := of(model, student.id))} == {}
    if job:
        runner(database, clock).run(UUID(job))
    after = other.get("/users/me/export").json
    assert {**after, "exported_at": None} == {**before, "exported_at": None}
    assert student.api.post("/auth/register", {"email": student.email, "password": PASSWORD}).status_code == 201


def test_a_table_of_students_rows_loses_them_with_the_student() -> None:
    """Whatever comes to be kept of students: the database itself lets go of it."""
    keys: list[peewee.ForeignKeyField] = [
        field
        for model in MODELS
        for field in model._meta.sorted_fields
        if isinstance(field, peewee.ForeignKeyField) and field.column_name in ("user_id", "session_id")
    ]
    assert len(keys) >= 14
    assert [f"{key.model.__name__}.{key.name}" for key in keys if key.on_delete != "CASCADE"] == []


def test_who_leaves_while_their_plan_is_being_written_leaves_nothing(
    student: Student, database: Database, clock: FrozenClock
) -> None:
    job = student.post("/ai/plans/generate", {"goal": "Pass", "topic": "Biology"}).json["job_id"]
    codes: list[int] = []

    def leave(_seconds: float) -> None:
        if not codes:
            with ThreadPoolExecutor(1) as elsewhere:
                codes.append(elsewhere.submit(student.post, "/users/me/delete", LEAVES).result().status_code)

    author = Author(Hanging(leave), sleep=lambda _: None)
    Runner(database, author, default_timezone="UTC", clock=clock).run(UUID(job))
    assert codes == [204]
    with connected(database):
        assert [model.__name__ for model in (User, Plan, Session) if model.select().count()] == []


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Service]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    variables = {"SCHEDIORA_DATABASE__URL": database_url, "SCHEDIORA_LIMITS__ENABLED": "false"}
    with service(data_dir, "serve", **variables) as running:
        yield running


@pytest.fixture
def enrolled(
    server: Service, database: Database, database_url: str, queue: Queue, hasher: Hasher
) -> Callable[[], Student]:
    """Registers students at the server's side, with passwords that are quick to check."""
    settings = load(overrides={"database.url": database_url, "data_dir": server.data_dir}).settings
    api = Api(TestClient(create_app(settings, database=database, queue=queue, hasher=hasher)))
    return partial(register_student, api)


def test_leaving_while_everything_else_is_asked_for_is_never_our_fault(
    server: Service, database: Database, enrolled: Callable[[], Student]
) -> None:
    """A real server that makes plans at the same time."""
    wish = {"goal": "Pass", "topic": "Biology"}
    plan = {"title": "Cells", "topic": "Biology", "duration_minutes": 45}
    failed: list[Any] = []
    students = [enrolled() for _ in range(ROUNDS)]

    def round_of(number: int) -> None:
        call = partial(server.call, token=students[number].token)
        calls: list[Callable[[], Answer]] = [
            partial(call, "POST", "/ai/plans/generate", wish),
            partial(call, "POST", "/users/me/delete", LEAVES),
            partial(call, "GET", "/users/me/export"),
            partial(call, "POST", "/plans", plan, headers={"Idempotency-Key": f"k{number}"}),
        ]
        order = calls[number % 4 :] + calls[: number % 4]
        with ThreadPoolExecutor(len(order)) as pool:
            answers = list(pool.map(lambda one: one(), order))
        statuses = [answer.status for answer in answers]
        if not set(statuses) <= {200, 201, 202, 204, 401, 409} or statuses.count(204) != 1:
            failed.append((number, [(answer.status, answer.body[:90]) for answer in answers]))
        if call("GET", "/users/me").status != 401:
            failed.append((number, "is still there"))

    with ThreadPoolExecutor(2) as rounds:
        list(rounds.map(round_of, range(ROUNDS)))
    assert failed == []
    assert '"level":"error"' not in server.logged().replace(" ", "")
    with connected(database):
        assert [model.__name__ for model in (User, Plan, Session) if model.select().count()] == []


def test_a_large_export_comes_whole_over_a_real_connection(
    server: Service, database: Database, enrolled: Callable[[], Student]
) -> None:
    token = enrolled().token
    made = server.call("POST", "/plans", {"title": "A", "topic": "B", "duration_minutes": 45}, token=token)
    with connected(database):
        found: Any = Session.select().dicts()
        (row,) = found
        rows = [{**row, "id": UUID(int=number), "detail": "é" * 900} for number in range(1, 3001)]
        with User.transaction():
            for first in range(0, len(rows), 500):
                Session.insert_many(rows[first : first + 500]).execute()
    assert made.status == 201
    answer = server.call("GET", "/users/me/export", token=token)
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(answer.body)))
    assert len(answer.body) > 5_000_000
    assert len(answer.json["sessions"]) == 3001
    head = server.call("HEAD", "/users/me/export", token=token)
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(answer.body)))
