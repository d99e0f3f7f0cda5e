import json
from typing import Any

import falcon
import pytest
from falcon.testing import Result

from schediora.errors import Code
from schediora.http.operation import MAX_BODY_BYTES
from tests.client import Api, Student

MINE = {"title": "Mine", "topic": "Math", "duration_minutes": 45}


def is_problem(answer: Result, status: int, code: str) -> bool:
    """Whether the answer is what the app can show: problem+json with a short sentence."""
    body = answer.json
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["type"]
    assert body["title"]
    assert 10 < len(body["detail"]) <= 200
    assert body["detail"][0].isupper()
    assert body["detail"][-1] in ".!?"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert "Retry-After" not in answer.headers
    return True


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/nowhere", 404, "not_found"),
        ("GET", "/plans/", 404, "not_found"),
        ("PUT", "/plans", 405, "method_not_allowed"),
        ("DELETE", "/auth/login", 405, "method_not_allowed"),
        ("PROPFIND", "/plans", 405, "method_not_allowed"),
        ("BREW", "/plans", 405, "method_not_allowed"),
        ("GET", "/users/me", 401, "unauthenticated"),
    ],
)
def test_what_is_not_there_is_a_problem(api: Api, method: str, path: str, status: int, code: str) -> None:
    assert is_problem(api.call(method, path), status, code)


@pytest.mark.parametrize(
    ("method", "path", "offered"),
    [
        ("PUT", "/plans", "GET, HEAD, POST, OPTIONS"),
        ("BREW", "/plans", "GET, HEAD, POST"),
        ("OPTIONS", "/plans", "GET, HEAD, POST"),
        ("GET", "/auth/login", "POST, OPTIONS"),
    ],
)
def test_the_methods_that_are_offered_are_named_once_each(api: Api, method: str, path: str, offered: str) -> None:
    assert api.call(method, path).headers["Allow"] == offered


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer ", "Bearer a.b.c", "bearer \x7f"])
def test_without_a_good_token_the_answer_asks_for_one(api: Api, header: str | None) -> None:
    answer = api.get("/users/me", headers={} if header is None else {"Authorization": header})
    assert is_problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_request"),
        (b"{", 400, "malformed_request"),
        (b"\xff\xfe", 400, "malformed_request"),
        (b'{"title": "\\ud800", "topic": "x", "duration_minutes": 45}', 400, "malformed_request"),
        (b"[" * 60_000, 400, "malformed_request"),
        (b"[]", 422, "validation_failed"),
        (b"null", 422, "validation_failed"),
        (b'{"title": "a", "topic": "b", "duration_minutes": NaN}', 422, "validation_failed"),
        (b'{"title": "a", "topic": "b", "duration_minutes": -Infinity}', 422, "validation_failed"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "body_too_large"),
        (b"x" * 10_000_000, 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_changes_nothing(
    student: Student, body: bytes, status: int, code: str
) -> None:
    assert is_problem(student.post("/plans", body=body), status, code)
    assert student.get("/plans").json == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", None])
def test_only_json_is_taken(student: Student, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind is not None else {}
    body = json.dumps(MINE).encode()
    answer = student.api.client.simulate_post(
        "/api/v1/plans", body=body, headers={**headers, "Authorization": f"Bearer {student.token}"}
    )
    assert is_problem(answer, 415, "unsupported_media_type")
    assert student.get("/plans").json == []


def test_json_may_name_its_charset(student: Student) -> None:
    answer = student.post("/plans", MINE, headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == 201


def test_a_get_may_carry_the_json_type_without_a_body(student: Student) -> None:
    assert student.get("/plans", headers={"Content-Type": "application/json"}).status_code == 200


def test_every_fault_of_a_body_is_named_and_the_first_leads(student: Student) -> None:
    answer = student.post("/plans", {"title": " ", "duration_minutes": "45", "colour": "red"})
    assert is_problem(answer, 422, "validation_failed")
    assert answer.json["detail"] == answer.json["errors"][0]["detail"] == "Title must not be empty."
    faults = {fault["pointer"]: fault["detail"] for fault in answer.json["errors"]}
    assert faults == {
        "/title": "Title must not be empty.",
        "/topic": "Topic is missing.",
        "/duration_minutes": "Duration minutes must be a whole number.",
        "/colour": "Colour is not known here.",
    }


def test_a_far_off_instant_is_named_among_the_others(student: Student) -> None:
    answer = student.post("/plans", {**MINE, "title": "", "scheduled_at": "2030-01-01T00:00:00Z"})
    faults = {fault["pointer"]: fault["detail"] for fault in answer.json["errors"]}
    assert faults == {
        "/title": "Title must not be empty.",
        "/scheduled_at": "Scheduled at must be within 366 days of now.",
    }


def test_a_name_with_a_slash_is_escaped_in_its_pointer(student: Student) -> None:
    answer = student.post("/plans", {**MINE, "a/b~c": 1})
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/a~1b~0c"]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/sessions?week=next", ["week"]),
        ("/sessions?wek=current", ["wek"]),
        ("/sessions?week=all&week=all", ["week"]),
        ("/sessions?limit=0", ["limit"]),
        ("/sessions?limit=501", ["limit"]),
        ("/sessions?limit=ten&cursor=%00", ["limit", "cursor"]),
        ("/sessions?limit=", ["limit"]),
        ("/dashboard/summary?range=1d", ["range"]),
        ("/users/me?x=1", ["x"]),
    ],
)
def test_every_fault_of_a_query_is_named(student: Student, path: str, names: list[str]) -> None:
    answer = student.get(path)
    assert is_problem(answer, 422, "validation_failed")
    assert [fault["parameter"] for fault in answer.json["errors"]] == names


def test_a_fault_of_our_own_tells_the_student_nothing_of_the_inside(
    student: Student, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("schediora.dashboard.resources.summary", fail)
    answer = student.get("/dashboard/summary")
    assert is_problem(answer, 500, "internal_error")
    assert "secret inside" not in answer.text


def test_the_request_id_is_the_callers_when_it_is_a_sound_one(api: Api) -> None:
    good = "a" * 120 + "-._9"
    assert api.get("/health/live", headers={"X-Request-ID": good}).headers["X-Request-ID"] == good
    for bad in ("", "a b", "a" * 129, "ä", "x\ty"):
        assert api.get("/health/live", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad


def test_head_answers_like_get_without_a_body(student: Student) -> None:
    got, headed = student.get("/users/me"), student.api.call("HEAD", "/users/me", token=student.token)
    assert (headed.status_code, headed.content) == (200, b"")
    assert headed.headers["Content-Length"] == got.headers["Content-Length"]
    assert student.api.call("HEAD", "/auth/login").status_code == 405
    assert student.api.call("HEAD", "/users/me").status_code == 401


def test_the_codes_are_a_closed_list_that_the_document_publishes(api: Api) -> None:
    published = api.get("/openapi.json").json["components"]["schemas"]["Code"]["enum"]
    assert published == [str(code) for code in Code]


def test_options_needs_no_token(api: Api) -> None:
    assert api.call("OPTIONS", "/users/me").status_code == falcon.http_status_to_code(falcon.HTTP_200)
