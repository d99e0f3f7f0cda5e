"""Every statement that runs for a student's call names the student, so that the tables can be split by student: with
Citus, or by hand. What cannot is listed here with its reason.
"""

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

import schediora
from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from schediora.db.statement import Statement
from tests.client import FrozenClock, Student
from tests.db.naming import nameless, touched
from tests.kept.beside import READS
from tests.kept.test_writing_calls import Doing

OF_OPERATORS = {
    "FROM ai_jobs WHERE status IN ('queued', 'running') GROUP BY status": "the metrics' page counts all jobs",
    "FROM ai_jobs WHERE id >= ? AND id < ?": "`schediora stats` counts all jobs of a time",
    "SELECT user_id FROM busy_calendars WHERE due_at <= ?": "a worker looks for the next calendar to expand",
}
BEFORE_IT_IS_KNOWN_WHO = {
    "FROM calendar_feeds f JOIN users u ON u.id = f.user_id WHERE f.token_hash = ?": "a feed's address is its secret",
    'FROM "users" AS "t1" WHERE ("t1"."email" = ?)': "who signs in says their address",
    'FROM "refresh_tokens" AS "t1" WHERE ("t1"."id" = ?)': "a refresh token says its sign-in",
    'UPDATE "refresh_tokens" SET "revoked_at" = ? WHERE (("refresh_tokens"."id" = ?)': "so does one that signs out",
    'FROM "links" AS "t1" WHERE ((("t1"."token_hash" = ?)': "a link says its token alone",
    '"mails"': "who forgot a password says their address; whose it is must not show in what the call does",
    "rate_counts": "limits count by hashes, of addresses and accounts alike",
    'FROM "ai_jobs" AS "t1" WHERE ("t1"."id" = ?)': "a hint says its job alone: a worker takes it up",
}
"""Where students are split, each of these asks a small table beside them that says where somebody is."""

NAMED = (
    "SELECT 1 FROM study_sessions WHERE user_id = ? AND scheduled_on > ?",
    "SELECT 1 FROM users u JOIN refresh_tokens t ON t.user_id = u.id WHERE t.user_id = ?",
    "SELECT 1 FROM users u WHERE EXISTS (SELECT 1 FROM ai_jobs j WHERE j.user_id = u.id) AND ? = u.id",
    "WITH p AS (SELECT * FROM study_plans WHERE user_id=?) SELECT 1 FROM p JOIN study_sessions s ON s.plan_id = p.id",
    "DELETE FROM busy_times WHERE user_id IN (?, ?)",
    "UPDATE users SET email = email WHERE id = ANY (%s)",
    "UPDATE study_plans AS p SET title = ? WHERE (p.id = ?) AND (p.user_id = ?)",
    "INSERT INTO study_plans (id, user_id) VALUES (?, ?)",
    "SELECT 1 FROM schema_revisions",
)
NAMELESS = (
    "SELECT user_id FROM study_sessions WHERE scheduled_on > ?",
    "SELECT 1 FROM users u JOIN refresh_tokens t ON t.user_id = u.id WHERE t.id = ?",
    "SELECT 1 FROM users WHERE email = ?",
    "SELECT 1 FROM study_plans WHERE user_id = ? UNION ALL SELECT 1 FROM study_plans WHERE id = ?",
    "SELECT 1 FROM study_plans p JOIN study_sessions s ON s.topic = p.topic WHERE p.user_id = ?",
    "SELECT 1 FROM (SELECT 1 FROM ai_jobs WHERE status = ?) j, users u WHERE u.id = ?",
    "DELETE FROM study_sessions WHERE id IN (?, ?)",
    "DELETE FROM study_sessions WHERE id = ANY (%s)",
    "UPDATE study_plans AS p SET user_id = ? WHERE p.id = ?",
    "INSERT INTO study_plans (id, title) VALUES (?, ?)",
)


def test_statements_that_name_the_student_are_told_from_those_that_do_not() -> None:
    assert [sql for sql in NAMED if nameless(sql)] == []
    assert [sql for sql in NAMELESS if not nameless(sql)] == []


def unlisted(sql: str) -> bool:
    plain = " ".join(sql.replace("%s", "?").split())
    return not any(part in plain for part in (*OF_OPERATORS, *BEFORE_IT_IS_KNOWN_WHO))


def written_once() -> Iterator[str]:
    """Yield the SQL of every statement of the package, as each engine is given it."""
    for module in pkgutil.walk_packages(schediora.__path__, f"{schediora.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for found in gc.get_objects():
        if isinstance(found, Statement):
            yield from found._by_mark.values()


def test_every_statement_that_is_written_once_names_the_student() -> None:
    statements = list(written_once())
    assert sum(bool(touched(sql)) for sql in statements) > 60
    assert [sql for sql in statements if nameless(sql) and unlisted(sql)] == []


def reads(student: Student, doing: Doing) -> dict[str, str]:
    """Return an address of every reading operation, by its path in the document; all of them there to be read."""
    session = doing.a_session()
    job = doing.call("POST", "/ai/plans/generate", {"goal": "Pass the exam", "topic": "Biology", "week": "next"})
    return {
        "/auth/sessions": "/auth/sessions",
        "/users/me/export": "/users/me/export",
        "/users/me/habits": "/users/me/habits",
        "/users/me/busy": "/users/me/busy?from=2026-03-02&to=2026-03-08",
        "/sessions/{session_id}/material": f"/sessions/{session}/material",
        "/syllabus": "/syllabus?topic=Biology",
        "/ai/jobs/{job_id}": f"/ai/jobs/{job['job_id']}",
        "/health/live": "/health/live",
        "/health/ready": "/health/ready",
        "/openapi.json": "/openapi.json",
        "/": "/",
    } | {path.partition("?")[0]: path for path in READS}


def test_every_call_and_the_job_that_it_asks_for_names_the_student_in_what_it_runs(
    student: Student, database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: dict[str, str] = {}
    during = "the start"
    execute = database.execute_sql

    def note(sql: str, params: Any = None, *rest: Any) -> Any:
        ran.setdefault(sql, during)
        return execute(sql, params, *rest)

    monkeypatch.setattr(database, "execute_sql", note)
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    runner = Runner(database, author, default_timezone="UTC", clock=clock)
    doing = Doing(student, runner, clock)
    for during, step in doing.steps().items():  # noqa: B007 - `note` reads it
        clock.advance(seconds=30)
        step()
    during = "the job"
    runner.run(UUID(student.get("/ai/plans/status/weekly").json["active_job_id"]))
    during = "signing out"
    other = student.api.post("/auth/login", {"email": doing.email, "password": doing.password}).json
    doing.call("POST", "/auth/logout", {"refresh_token": other["refresh_token"]})
    of_document = student.api.get("/openapi.json").json["paths"]
    asked = reads(student, doing)
    assert sorted(asked) == sorted(
        path.removeprefix("/api/v1") for path, item in of_document.items() if "get" in item
    ), "say here how a new call is tried"
    for path in [*READS, *asked.values()]:
        during = path
        assert student.get(path).status_code == 200, path
    feed = urlsplit(doing.call("POST", "/users/me/calendar")["url"]).path
    assert student.api.client.simulate_get(feed).status_code == 200
    assert sum(bool(touched(sql)) for sql in ran) > 80
    wrong = {sql: when for sql, when in ran.items() if nameless(sql) and unlisted(sql)}
    assert not wrong, "\n".join(f"{when}: {sql}" for sql, when in wrong.items())
