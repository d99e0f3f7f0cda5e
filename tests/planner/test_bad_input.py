"""Bad input to the planner: each gets a clear answer and changes nothing."""

import json
from typing import Any

import pytest

from tests.client import Student
from tests.planner.book import SESSION, make_plan, ok, plans, refused, week

PLACES = ("/plans", "/plans/current/sessions")

BAD_FIELDS: list[tuple[dict[str, Any], set[str]]] = [
    ({"colour": "blue"}, {"/colour"}),
    ({"title": None}, {"/title"}),
    ({"title": 7}, {"/title"}),
    ({"title": ""}, {"/title"}),
    ({"title": "   "}, {"/title"}),
    ({"title": "x" * 300}, {"/title"}),
    ({"title": "a\0b"}, {"/title"}),
    ({"topic": "x" * 121}, {"/topic"}),
    ({"topic": ["Biology"]}, {"/topic"}),
    ({"duration_minutes": "45"}, {"/duration_minutes"}),
    ({"duration_minutes": 45.5}, {"/duration_minutes"}),
    ({"duration_minutes": True}, {"/duration_minutes"}),
    ({"duration_minutes": -5}, {"/duration_minutes"}),
    ({"duration_minutes": 14}, {"/duration_minutes"}),
    ({"duration_minutes": 481}, {"/duration_minutes"}),
    ({"duration_minutes": 10**30}, {"/duration_minutes"}),
    ({"duration_minutes": 1e300}, {"/duration_minutes"}),
    ({"scheduled_at": None}, {"/scheduled_at"}),
    ({"scheduled_at": 1772614800}, {"/scheduled_at"}),
    ({"scheduled_at": "1772614800"}, {"/scheduled_at"}),
    ({"scheduled_at": "2026-03-05"}, {"/scheduled_at"}),
    ({"scheduled_at": "2026-03-05T10:00:00"}, {"/scheduled_at"}),
    ({"scheduled_at": "2026-02-30T10:00:00Z"}, {"/scheduled_at"}),
    ({"scheduled_at": "2027-03-06T09:00:00Z"}, {"/scheduled_at"}),
    ({"scheduled_at": "2025-03-02T09:00:00Z"}, {"/scheduled_at"}),
    ({"scheduled_at": "9999-12-31T23:59:59-14:00"}, {"/scheduled_at"}),
    ({"scheduled_at": "0001-01-01T00:00:00+14:00"}, {"/scheduled_at"}),
    ({"title": "", "topic": 1, "duration_minutes": 1, "x": 1}, {"/title", "/topic", "/duration_minutes", "/x"}),
]

BAD_BODIES: list[tuple[bytes, int, str]] = [
    (b"", 400, "malformed_request"),
    (b"{", 400, "malformed_request"),
    (b"{'title': 1}", 400, "malformed_request"),
    (b'{"title": "\xff\xfe"}', 400, "malformed_request"),
    (b'{"title": "\\ud800"}', 400, "malformed_request"),
    (b"[" * 50_000 + b"]" * 10_000, 400, "malformed_request"),
    (b'{"title":' * 5_000 + b"1" + b"}" * 5_000, 400, "malformed_request"),
    (b"x" * (10 * 1024 * 1024), 413, "body_too_large"),
    (b" " * (64 * 1024) + b"{}", 413, "body_too_large"),
    (b"[]", 422, "validation_failed"),
    (b"null", 422, "validation_failed"),
    (b'"title"', 422, "validation_failed"),
    (b"{}", 422, "validation_failed"),
]

PATCHES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {""}),
    ({"status": "finished"}, {"/status"}),
    ({"status": None}, {"/status"}),
    ({"status": "done", "completed_at": "2026-03-04T09:00:00Z"}, {"/completed_at"}),
    ({"duration_minutes": 14}, {"/duration_minutes"}),
    ({"title": " "}, {"/title"}),
    ({"title": None}, {"/title"}),
    ({"detail": "x" * 2001}, {"/detail"}),
    ({"actual_minutes": 0}, {"/actual_minutes"}),
    ({"actual_minutes": 1441}, {"/actual_minutes"}),
    ({"actual_minutes": "20"}, {"/actual_minutes"}),
    ({"scheduled_at": "2028-01-01T00:00:00Z", "status": "done"}, {"/scheduled_at"}),
    ({"colour": "blue", "actual_minutes": -1}, {"/colour", "/actual_minutes"}),
    ({"pinned": None}, {"/pinned"}),
    ({"pinned": "yes"}, {"/pinned"}),
    ({"pinned": 1}, {"/pinned"}),
    ({"completed_on": None, "status": "done"}, {"/completed_on"}),
    ({"completed_on": "2026-03-04T09:00:00Z", "status": "done"}, {"/completed_on"}),
    ({"completed_on": "2026-02-30", "status": "done"}, {"/completed_on"}),
    ({"completed_on": "2026-03-05", "status": "done"}, {"/completed_on"}),
    ({"completed_on": "2026-02-24", "status": "done"}, {"/completed_on"}),
    ({"completed_on": "2026-03-04"}, {"/completed_on"}),
    ({"completed_on": "2026-03-04", "status": "in_progress"}, {"/completed_on"}),
    ({"due_on": "2026-03-03"}, {"/due_on"}),
    ({"due_on": "soon"}, {"/due_on"}),
    ({"due_on": ""}, {"/due_on"}),
    ({"started_at": "2026-03-04T09:00:00Z"}, {"/started_at"}),
    ({"series_id": None}, {"/series_id"}),
]


BAD_QUERIES = [
    ("/plans", "limit=0", "limit"),
    ("/plans", "limit=501", "limit"),
    ("/plans", "limit=-1", "limit"),
    ("/plans", "limit=ten", "limit"),
    ("/plans", "limit=", "limit"),
    ("/plans", "limit=1&limit=1", "limit"),
    ("/plans", "week=all", "week"),
    ("/plans", "colour=blue", "colour"),
    ("/sessions", "limit=0", "limit"),
    ("/sessions", "limit=1e2", "limit"),
    ("/sessions", "week=last", "week"),
    ("/sessions", "week=", "week"),
    ("/sessions", "week=all&week=all", "week"),
    ("/sessions", "cursor=x&cursor=x", "cursor"),
    ("/sessions", "from=2026-03-02&to=2026-03-01", "from"),
    ("/sessions", "from=2026-03-01&to=2026-06-01", "to"),
    ("/sessions", "from=2026-03-01", "to"),
    ("/sessions", "to=2026-03-01", "from"),
    ("/sessions", "from=&to=2026-03-01", "from"),
    ("/sessions", "from=2026-02-29&to=2026-03-01", "from"),
    ("/sessions", "from=2026-03-01T00:00:00Z&to=2026-03-01", "from"),
    ("/sessions", "from=2026-03-01&to=2026-03-02&to=2026-03-03", "to"),
    ("/sessions", "from=2026-03-01&to=2026-03-02&week=all", "week"),
    ("/sessions", "week=current&state=overdue", "week"),
    ("/sessions", "from=2026-03-01&to=2026-03-02&state=overdue", "state"),
    ("/sessions", "state=done", "state"),
    ("/sessions", "state=", "state"),
    ("/sessions", "first=2026-03-01", "first"),
    ("/sessions", "Week=all", "Week"),
    ("/dashboard/summary", "range=1d", "range"),
    ("/dashboard/summary", "range=7d&range=7d", "range"),
    ("/dashboard/summary", "days=7", "days"),
]


def pointers(problem: dict[str, Any]) -> set[str]:
    return {fault["pointer"] for fault in problem["errors"]}


@pytest.mark.parametrize("path", PLACES)
def test_every_offending_field_is_named_and_nothing_is_stored(student: Student, path: str) -> None:
    make_plan(student)
    before = plans(student), week(student)
    for fields, named in BAD_FIELDS:
        problem = refused(student.post(path, SESSION | fields), 422, "validation_failed")
        assert pointers(problem) == named, fields
        assert problem["detail"] == problem["errors"][0]["detail"]
    for name in SESSION:
        body = {key: value for key, value in SESSION.items() if key != name}
        assert pointers(refused(student.post(path, body), 422, "validation_failed")) == {f"/{name}"}
    assert (plans(student), week(student)) == before


@pytest.mark.parametrize("path", PLACES)
def test_a_number_that_is_none_is_refused(student: Student, path: str) -> None:
    make_plan(student)
    for number in ("NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 5000):
        answer = student.post(path, body=json.dumps(SESSION).replace("45", number))
        assert answer.status_code in (400, 422), answer.text
    assert len(week(student)) == 1


@pytest.mark.parametrize("path", PLACES)
def test_a_body_that_is_no_object_in_json_is_refused(student: Student, path: str) -> None:
    for body, status, code in BAD_BODIES:
        refused(student.post(path, body=body), status, code)
    assert plans(student) == week(student) == []


def test_another_kind_of_body_is_refused(student: Student) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
        answer = student.post("/plans", SESSION, headers={"Content-Type": kind})
        refused(answer, 415, "unsupported_media_type")
    assert plans(student) == []


def test_a_change_that_is_not_understood_changes_nothing(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    for fields, named in PATCHES:
        problem = refused(student.patch(f"/sessions/{session['id']}", fields), 422, "validation_failed")
        assert pointers(problem) == named, fields
    assert week(student) == [session]


def test_a_query_that_is_not_understood_is_refused(student: Student) -> None:
    for path, query, parameter in BAD_QUERIES:
        problem = refused(student.get(f"{path}?{query}"), 422, "validation_failed")
        assert [fault["parameter"] for fault in problem["errors"]] == [parameter]


def test_a_longest_title_and_an_emoji_are_kept_as_they_are(student: Student) -> None:
    title = "📚" * 180
    assert make_plan(student, title=title)["title"] == title
    assert ok(student.get("/plans"))[0]["title"] == title
