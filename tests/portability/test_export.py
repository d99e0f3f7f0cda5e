"""Taking everything along: what a student's document holds, and what it never does."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs

from schediora.db.database import Database, connected
from schediora.models.auth import SignIn
from schediora.models.calendar import CalendarFeed
from schediora.models.registry import MODELS, table_name
from schediora.models.users import User
from schediora.portability.parts import COLUMNS_LEFT_OUT, PARTS, TABLES_LEFT_OUT
from tests.client import Api, FrozenClock, Student
from tests.portability.lives import CALENDAR, live


def described(api: Api) -> jsonschema_rs.Validator:
    """What the published document says of an export."""
    document = api.get("/openapi.json").json
    answer = document["paths"]["/users/me/export"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": document["components"]}, validate_formats=True)


def test_the_document_tells_everything_that_the_student_has(
    student: Student, register: Callable[..., Student], database: Database, clock: FrozenClock
) -> None:
    live(student, database, clock)
    register("other@example.com").post("/plans", {"title": "Foreign", "topic": "Foreign", "duration_minutes": 45})
    answer = student.get("/users/me/export")
    assert answer.status_code == 200
    told = answer.json
    described(student.api).validate(told)
    assert (told["format"], told["version"]) == ("schediora-export", 1)
    me = student.get("/users/me").json
    assert told["account"] == {
        "id": me["id"], "email": me["email"], "timezone": "Asia/Jakarta", "day_starts_at": 240,
        "email_confirmed_at": None, "created_at": me["created_at"],
    }  # fmt: skip
    shown = {
        session["id"]: session
        for dates in ("from=2026-03-01&to=2026-05-20",)
        for session in student.get(f"/sessions?{dates}").json
    }
    assert {session["id"] for session in told["sessions"]} == shown.keys()
    for session in told["sessions"]:
        said = shown[session["id"]]
        assert {name: session[name] or said[name] for name in said if name in session} == {
            name: said[name] for name in said if name in session
        }
    assert {plan["id"] for plan in told["plans"]} == {plan["id"] for plan in student.get("/plans").json}
    made = told["jobs"][0]
    assert (made["status"], made["topic"], made["also"]) == ("completed", "Biology", ["Chemistry"])
    assert {unit["title"] for each in told["lists"] for unit in each["units"]} == {"Owls", "Terns"}
    assert told["memories"]
    assert told["session_changes"]
    assert told["busy_calendar"] == CALENDAR
    assert len(told["busy_times"]) == 6
    assert told["calendar_feed_since"]
    assert len(told["devices"]) == 1
    assert "Foreign" not in answer.text


def test_the_document_is_a_file_that_nobody_keeps_on_the_way_and_holds_no_secret(
    student: Student, database: Database, clock: FrozenClock
) -> None:
    live(student, database, clock)
    answer = student.get("/users/me/export")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="schediora-export.json"'
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert "ETag" not in answer.headers
    with connected(database):
        secrets = [User.get().password_hash, CalendarFeed.get().token_hash, student.token, student.refresh_token]
    assert [secret for secret in secrets if secret in answer.text] == []


def test_a_student_who_has_nothing_yet_has_a_document(student: Student) -> None:
    told = student.get("/users/me/export").json
    described(student.api).validate(told)
    assert (told["preferences"], told["sessions"], told["busy_calendar"]) == (None, [], None)


def test_three_in_a_day_and_one_more_the_day_after(student: Student, clock: FrozenClock) -> None:
    assert [student.get("/users/me/export").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    clock.advance(hours=24, seconds=1)
    assert student.get("/users/me/export").status_code == 200


def test_every_table_and_column_is_exported_or_left_out_for_a_reason() -> None:
    """Who adds a table or a column says here whether it is the student's to take along."""
    parts = {table_name(part.model): part for part in PARTS}
    unsaid, twice = [], []
    there: set[str] = set()
    for model in MODELS:
        name = table_name(model)
        columns: Any = model._meta.columns
        there |= {name, *(f"{name}.{column}" for column in columns)}
        if name not in parts:
            unsaid += [] if TABLES_LEFT_OUT.get(name) else [name]
            continue
        twice += [name] if name in TABLES_LEFT_OUT else []
        for column in columns:
            exported, reason = column in parts[name].columns, COLUMNS_LEFT_OUT.get(f"{name}.{column}")
            unsaid += [f"{name}.{column}"] if not exported and not reason else []
            twice += [f"{name}.{column}"] if exported and reason else []
    assert (unsaid, twice) == ([], [])
    assert {*TABLES_LEFT_OUT, *COLUMNS_LEFT_OUT} <= there


def test_what_the_document_shows_of_a_row_comes_from_a_column() -> None:
    for part in PARTS:
        assert set(part.columns) == set(part.shown.model_fields), part.name


def test_what_another_release_stored_otherwise_is_told_as_it_is(
    student: Student, database: Database, clock: FrozenClock
) -> None:
    live(student, database, clock)
    with connected(database):
        User.update(planner_revision=User.planner_revision + 1).execute()
        database.execute_sql("UPDATE onboarding_preferences SET days_off = '[{\"since\": 1}]'")
        database.execute_sql("UPDATE refresh_tokens SET client = NULL, last_used_at = NULL")
        assert SignIn.select().count() == 1
    told = json.loads(student.get("/users/me/export").text)
    assert told["preferences"]["days_off"] == [{"since": 1}]
    assert told["devices"][0]["client"] is None
