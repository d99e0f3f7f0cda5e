"""The contract's conventions, checked over real HTTP."""

import json
from typing import Any

import pytest

from tests.http.conftest import Web

MINE = {"title": "Mine", "topic": "Math", "duration_minutes": 45}
WISH = {"goal": "Exam", "daily_hours": 2, "focus_topics": ["Math"]}


def sent(body: Any) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (None, {}),
        ("", {}),
        ("text/plain", {}),
        ("text/json", {}),
        ("application/jsonp", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/json, application/json", {}),
        ("application/json", {"Content_Encoding": "gzip"}),
    ],
)
def test_only_json_is_taken(web: Web, kind: str | None, headers: dict[str, str]) -> None:
    refused = web.call("POST", "/plans", sent(MINE), kind=kind, **headers)
    assert (refused.status, refused.code) == (415, "unsupported_media_type")
    assert web.call("GET", "/plans").json == []


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/json ;x=y"])
def test_json_is_taken_however_it_is_spelt(web: Web, kind: str) -> None:
    assert web.call("POST", "/plans", sent(MINE), kind=kind).status == 201


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" ", id="white space"),
        pytest.param(b"{", id="cut short"),
        pytest.param(b"{}{}", id="two documents"),
        pytest.param(b"{'title': 'a'}", id="single quotation marks"),
        pytest.param(b'{"title": "a",}', id="comma at the end"),
        pytest.param(b'{"title": "a\nb"}', id="raw control character"),
        pytest.param(b"\xff\xfe{\x00}\x00", id="UTF-16"),
        pytest.param(b'{"title": "\xe4"}', id="Latin-1"),
        pytest.param(b'{"title": "\xed\xa0\x80"}', id="encoded surrogate"),
        pytest.param(b"\xef\xbb\xbf" + sent(MINE), id="byte order mark"),
        pytest.param(b'{"title": "\\ud800", "topic": "x", "duration_minutes": 45}', id="lone surrogate"),
        pytest.param(b'{"\\udfff": 1}', id="lone surrogate in a name"),
        pytest.param(b"[" * 60_000, id="lists without an end"),
        pytest.param(b"[" * 30_000 + b"]" * 30_000, id="deep lists"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, id="deep objects"),
        pytest.param(b'{"title": "a", "title": "b", "topic": "x", "duration_minutes": 45}', id="field named twice"),
        pytest.param(b'{"title": "a", "\\u0074itle": "b", "topic": "x", "duration_minutes": 45}', id="twice, escaped"),
        pytest.param(b'{"title": "a", "topic": "x", "duration_minutes": ' + b"9" * 60_000 + b"}", id="60,000 digits"),
        pytest.param(b'{"title": "a", "topic": "x", "duration_minutes": 045}', id="leading zero"),
    ],
)
def test_what_is_no_json_is_malformed_and_changes_nothing(web: Web, body: bytes) -> None:
    refused = web.call("POST", "/plans", body)
    assert (refused.status, refused.code) == (400, "malformed_request")
    assert web.call("GET", "/plans").json == []


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1e-400", "9" * 300, "45.5"])
def test_a_number_that_is_none_is_named(web: Web, number: str) -> None:
    body = b'{"title": "a", "topic": "x", "duration_minutes": %s}' % number.encode()
    refused = web.call("POST", "/plans", body)
    assert refused.status == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/duration_minutes"]
    refused = web.call("PUT", "/users/preferences", sent(WISH)[:-1] + b', "session_minutes": %s}' % number.encode())
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/session_minutes"]
    hours = b'{"goal": "a", "focus_topics": ["a"], "daily_hours": %s}' % number.replace("45.5", "45").encode()
    refused = web.call("PUT", "/users/preferences", hours)
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/daily_hours"]


@pytest.mark.parametrize("number", ["45", "45.0", "4.5e1", "450e-1"])
def test_an_integer_may_be_written_with_a_fraction_of_nothing(web: Web, number: str) -> None:
    body = b'{"title": "a", "topic": "x", "duration_minutes": %s}' % number.encode()
    assert web.call("POST", "/plans", body).json["duration_minutes"] == 45


@pytest.mark.parametrize("size", [64 * 1024 + 1, 200_000])
def test_too_large_a_body_is_refused(web: Web, size: int) -> None:
    refused = web.call("POST", "/plans", b" " * size)
    assert (refused.status, refused.code) == (413, "body_too_large")


def test_a_body_of_64_kib_is_taken(web: Web) -> None:
    assert web.call("POST", "/plans", sent(MINE).ljust(64 * 1024)).status == 201


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Maths \t\n for\u00a0\u2003me\u3000", "Maths for me"),
        ("e\u0301tude", "\u00e9tude"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("\u212b", "\u00c5"),
        ("\U0001f468\u200d\U0001f393", "\U0001f468\u200d\U0001f393"),
        ("\u0e01\u0e33\u0e25\u0e31\u0e07", "\u0e01\u0e33\u0e25\u0e31\u0e07"),
        ("\U0001fae9", "\U0001fae9"),
    ],
)
def test_text_has_one_spelling(web: Web, typed: str, kept: str) -> None:
    plan = web.call("POST", "/plans", sent({**MINE, "title": typed, "topic": typed})).json
    assert (plan["title"], plan["topic"]) == (kept, kept)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "\u00a0\u2028",
        "\u200b",
        "\ufeff \u2060",
        "\u00ad",
        "\u3164",
        "\u115f\u1160",
        "\u2800",
        "\u0301",
        "\u001b",
        "\U000e0020",
    ],
)
def test_text_without_a_visible_character_is_empty(web: Web, typed: str) -> None:
    refused = web.call("POST", "/plans", sent({**MINE, "title": typed}))
    assert refused.json["errors"] == [{"pointer": "/title", "detail": "Title must not be empty."}]


def test_length_is_counted_once_the_text_is_tidy(web: Web) -> None:
    assert web.call("POST", "/plans", sent({**MINE, "title": "e\u0301" * 180})).json["title"] == "\u00e9" * 180
    assert web.call("POST", "/plans", sent({**MINE, "title": " " * 500 + "a  b"})).json["title"] == "a b"
    refused = web.call("POST", "/plans", sent({**MINE, "title": "\u00e9" * 181}))
    assert refused.json["detail"] == "Title must have at most 180 characters."


def test_marks_without_end_are_but_a_text_that_is_too_long_or_nobodys_address(web: Web) -> None:
    marks = "a" + "\u0316\u0300" * 15_000
    refused = web.call("POST", "/plans", json.dumps({**MINE, "title": marks}, ensure_ascii=False).encode())
    assert refused.json["detail"] == "Title must have at most 180 characters."
    claim = json.dumps({"email": marks, "password": "correct horse"}, ensure_ascii=False).encode()
    assert web.call("POST", "/auth/login", claim, token=None).code == "invalid_credentials"


def test_only_the_first_fifty_faults_are_listed(web: Web) -> None:
    refused = web.call("POST", "/plans", sent({**MINE, **{f"x{number}": 1 for number in range(3_000)}}))
    assert len(refused.json["errors"]) == 50
    assert refused.json["detail"] == refused.json["errors"][0]["detail"]
    query = "&".join(f"x{number}" for number in range(1_000))
    assert len(web.call("GET", f"/users/me?{query}").json["errors"]) == 50
    assert len(web.call("GET", f"/sessions?{query}").json["errors"]) == 50
    assert len(web.call("GET", f"/sessions?{query}&{query}").json["errors"]) == 50


def test_a_list_is_refused_by_its_length_before_its_entries_are_looked_at(web: Web) -> None:
    refused = web.call("PUT", "/users/preferences", sent({**WISH, "focus_topics": [None] * 11, "exams": [1] * 9_000}))
    assert refused.json["errors"] == [
        {"pointer": "/focus_topics", "detail": "Focus topics must have at most 10 entries."},
        {"pointer": "/exams", "detail": "Exams must have at most 50 entries."},
    ]


@pytest.mark.parametrize(
    "query",
    [
        "?x",
        "?x=",
        "?=1",
        "?limit=1&LIMIT=1",
        "?limit=1&limit=1",
        "?limit=1&%6cimit=1",
        "?limit[]=1",
        "?week=all;limit=1",
    ],
)
def test_unknown_and_repeated_parameters_are_refused(web: Web, query: str) -> None:
    refused = web.call("GET", f"/sessions{query}")
    assert (refused.status, refused.code) == (422, "validation_failed")


@pytest.mark.parametrize(
    "limit", ["0", "501", "-1", "ten", "", "1.0", "1e1", "+5", "%205", "1_0", "%D9%A1", "9" * 5000, "%00", "%ff"]
)
def test_a_limit_is_a_whole_number_in_plain_digits(web: Web, limit: str) -> None:
    refused = web.call("GET", f"/plans?limit={limit}")
    assert [fault["parameter"] for fault in refused.json["errors"]] == ["limit"]


@pytest.mark.parametrize("cursor", ["", "%00", "%ff", "%ed%a0%80", "AAAA", "x" * 5000, "%F0%9F%98%80", "../../etc"])
def test_an_unreadable_cursor_is_refused(web: Web, cursor: str) -> None:
    for path in ("/plans", "/sessions"):
        refused = web.call("GET", f"{path}?cursor={cursor}")
        assert [fault["parameter"] for fault in refused.json["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "name", ["1", "%00", "%ff", "%2e%2e", "0" * 5000, "a b".replace(" ", "%20"), "%7Bid%7D", "null"]
)
def test_an_id_that_is_no_uuid_is_nowhere(web: Web, name: str) -> None:
    for method, path in (("DELETE", "/plans/"), ("PATCH", "/sessions/"), ("GET", "/ai/jobs/")):
        refused = web.call(method, path + name, b"{}" if method == "PATCH" else None)
        assert (refused.status, refused.code) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["/users/me", "/plans", "/sessions", "/dashboard/summary", "/health/ready", "/openapi.json"]
)
def test_head_answers_like_get_without_a_body(web: Web, path: str) -> None:
    got, headed = web.call("GET", path), web.call("HEAD", path)
    assert (headed.status, headed.body) == (got.status, b"")
    for name in ("Content-Type", "Content-Length", "Cache-Control"):
        assert headed.headers[name] == got.headers[name]


def test_head_is_offered_wherever_get_is(web: Web) -> None:
    assert "HEAD" in web.call("PUT", "/plans").headers["Allow"]
    assert "HEAD" not in web.call("GET", "/auth/login").headers["Allow"]
    assert web.call("HEAD", "/auth/login").status == 405
    assert web.call("HEAD", "/users/me", token=None).status == 401
    assert web.call("HEAD", "/nowhere").status == 404


@pytest.mark.parametrize("method", ["BREW", "PROPFIND", "get", "M-SEARCH", "X" * 2000, "__class__", "TRACE"])
def test_a_method_that_nobody_offers_is_refused_with_those_that_are(web: Web, method: str) -> None:
    refused = web.call(method, "/plans")
    assert refused.status in (400, 405)  # the server itself refuses one in small letters
    if refused.status == 405:
        assert {"GET", "HEAD", "POST"} <= set(refused.headers["Allow"].split(", "))


@pytest.mark.parametrize("given", ["a", "A-Z_0.9", "x" * 128])
def test_a_good_request_id_is_kept(web: Web, given: str) -> None:
    assert web.call("GET", "/users/me", X_Request_ID=given).headers["X-Request-ID"] == given
    assert web.call("GET", "/nowhere", X_Request_ID=given).json["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\tb", "\u00e4", "a,b", "<b>"])
def test_any_other_request_id_is_replaced(web: Web, given: str) -> None:
    made = web.call("GET", "/users/me", X_Request_ID=given).headers["X-Request-ID"]
    assert made != given
    assert len(made) == 36


def test_far_off_and_unplaced_instants_are_refused(web: Web) -> None:
    for instant in (
        "2027-03-05T09:00:01Z",
        "2025-03-03T08:59:59Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-03-05T09:00:00",
        "2026-02-30T09:00:00Z",
        "2026-03-05T24:00:00Z",
        "2026-03-05T09:00:00+99:99",
        "\u0662\u0660\u0662\u0666-03-05T09:00:00Z",
        "1772701200",
        1772701200,
        None,
    ):
        refused = web.call("POST", "/plans", sent({**MINE, "scheduled_at": instant}))
        assert [fault["pointer"] for fault in refused.json["errors"]] == ["/scheduled_at"], instant
    for instant in ("2027-03-05T09:00:00Z", "2025-03-03T10:00:00+01:00", "2026-03-05t09:00:00.123456789z"):
        assert web.call("POST", "/plans", sent({**MINE, "scheduled_at": instant})).status == 201


def test_a_get_may_name_the_json_type_or_even_carry_a_body(web: Web) -> None:
    assert web.call("GET", "/plans", Content_Type="application/json").status == 200
    assert web.call("GET", "/plans", b"{").status == 200
