"""How many statements the hot calls take: each is a round trip to Postgres, and its price on either engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from schediora.db.database import Database, PostgresDatabase
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.client import Student
from tests.planner.book import PREFERENCES, make_plan, ok, week
from tests.planner.generated import CELLS, plan_of

THE_CALLER = 1
"""Who calls is looked up in one statement."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Without kept answers: what it costs to work one out is looked at."""
    overrides = {"database.url": database_url, "data_dir": tmp_path, "server.cache_mebibytes": 0}
    return load(overrides=overrides).settings


@pytest.fixture
def ran(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement since the test began."""
    found: list[str] = []
    execute = database.execute_sql

    def note(sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    monkeypatch.setattr(database, "execute_sql", note)
    return found


def test_hot_calls_take_few_statements(student: Student, database: Database, ran: list[str]) -> None:
    ok(student.put("/users/preferences", PREFERENCES))
    make_plan(student)
    plan_of(UUID(student.id), {"units": (CELLS,), "title": "Of a unit"})
    by_title = {session["title"]: f"/sessions/{session['id']}" for session in week(student)}
    own, of_a_unit = by_title["Cell division"], by_title["Of a unit"]
    at_once = isinstance(database, PostgresDatabase)

    def patch(path: str, **fields: Any) -> Callable[[], object]:
        return lambda: student.patch(path, fields)

    def get(path: str) -> Callable[[], object]:
        return lambda: student.get(path)

    # Taken, stored and counted; on SQLite, where a statement is no round trip, what is counted one by one.
    stored, memory = (2 if at_once else 4), 2
    most = [
        ("the student", get("/users/me"), 1),
        ("the week", get("/sessions?week=current"), 1),
        ("the plans", get("/plans"), 1),
        ("a tick", patch(own, status="done"), stored),
        ("the same again", patch(own, status="done"), 1),
        ("back", patch(own, status="pending"), stored),
        ("begun", patch(of_a_unit, status="in_progress"), stored),
        ("a tick of a unit", patch(of_a_unit, status="done"), stored + memory),
        ("how it went", patch(of_a_unit, rating="good"), stored - (not at_once) + memory),
    ]
    found = []
    for what, call, statements in most:
        ran.clear()
        call()
        if len(ran) != THE_CALLER + statements:
            found.append((what, statements, ran[THE_CALLER:]))
    assert not found
