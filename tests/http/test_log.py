import io
import json
from collections.abc import Iterator

import pytest
import structlog

from schediora import log
from tests.client import PASSWORD, Api, FrozenClock, Student

SECRET = "very secret words of a student"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production writes."""
    stream = io.StringIO()
    log.configure(production=True, stream=stream)
    yield stream
    structlog.reset_defaults()


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_request_is_one_json_line_with_its_route_and_caller(student: Student, lines: io.StringIO) -> None:
    student.get("/sessions?week=all", headers={"X-Request-ID": "mine"})
    (event,) = events(lines)
    assert event["event"] == "request"
    assert (event["method"], event["route"], event["status"]) == ("GET", "/api/v1/sessions", 200)
    assert (event["user_id"], event["request_id"]) == (student.id, "mine")
    assert isinstance(event["duration_ms"], float)


def test_a_request_names_the_client_behind_the_proxy_and_the_program(api: Api, lines: io.StringIO) -> None:
    agent = "Schediora/1.0 (Android 14)"
    api.get("/health/live", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "User-Agent": agent})
    api.get("/health/live", headers={"User-Agent": "a\x1b[2Jb\x85\tc" + "d" * 5_000})
    api.get("/health/live", headers={"User-Agent": ""})
    first, second, third = events(lines)
    assert (first["address"], first["user_agent"]) == ("203.0.113.9", agent)
    assert (second["address"], str(second["user_agent"])[:6]) == ("127.0.0.1", "a[2Jbc")
    assert len(str(second["user_agent"])) == 200 - len("\x1b\x85\t")
    assert third["user_agent"] is None


def test_the_level_says_what_to_look_at(student: Student, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("found me")

    monkeypatch.setattr("schediora.dashboard.resources.summary", fail)
    student.get("/plans")
    student.get("/nowhere")
    student.post("/plans", {})
    student.api.post("/auth/login", {"email": student.email, "password": "wrong password"})
    student.api.post("/auth/refresh", {"refresh_token": "stolen"})
    student.get("/dashboard/summary")
    requests = [(event["status"], event["level"]) for event in events(lines) if event["event"] == "request"]
    assert requests == [
        (200, "info"),
        (404, "info"),
        (422, "info"),
        (401, "warning"),
        (401, "warning"),
        (500, "error"),
    ]


def test_refusals_that_are_many_when_somebody_tries_doors_are_warnings(
    student: Student, clock: FrozenClock, lines: io.StringIO
) -> None:
    api, body = student.api, {"refresh_token": student.refresh_token}
    thief = api.post("/auth/refresh", body).json
    api.get("/users/me", token=thief["access_token"])
    clock.advance(minutes=1)
    api.post("/auth/refresh", body)
    for _ in range(11):
        api.post("/auth/login", {"email": student.email, "password": "wrong password"})
    levels = {event["code"]: event["level"] for event in events(lines) if "code" in event}
    assert levels == dict.fromkeys(("refresh_token_reused", "invalid_credentials", "too_many_requests"), "warning")


def test_only_our_own_words_stand_for_method_and_route(student: Student, lines: io.StringIO) -> None:
    student.api.call("BREW-{secret}", "/plans")
    student.api.call("PROPFIND", "/nowhere/secret?secret")
    student.delete(f"/plans/{student.id}?secret")
    shown = [(event["method"], event["route"]) for event in events(lines)]
    assert shown == [("other", "/api/v1/plans"), ("other", "unmatched"), ("DELETE", "/api/v1/plans/{plan_id}")]
    assert "secret" not in lines.getvalue()


def test_every_method_of_ours_is_named(api: Api, lines: io.StringIO) -> None:
    ours = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    for method in ours:
        api.call(method, "/nowhere")
    assert [event["method"] for event in events(lines)] == ours


def test_no_password_token_or_body_is_ever_logged(api: Api, lines: io.StringIO) -> None:
    account = {"email": "quiet@example.com", "password": PASSWORD + SECRET}
    pair = api.post("/auth/register", account).json
    api.post("/auth/login", account)
    api.post("/auth/login", {**account, "password": SECRET})
    api.post("/auth/login", {**account, "password": SECRET, "extra": SECRET})
    api.post("/plans", {"title": SECRET, "topic": SECRET, "duration_minutes": 45}, token=pair["access_token"])
    api.post("/plans", {"title": SECRET, "topic": SECRET, "duration_minutes": SECRET}, token=pair["access_token"])
    api.post("/plans", body=SECRET.encode(), token=pair["access_token"])
    api.post("/ai/plans/generate", {"goal": SECRET, "topic": SECRET}, token=pair["access_token"])
    api.get(f"/sessions?cursor={pair['access_token']}", token=pair["access_token"])
    fresh = api.post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).json
    api.post("/auth/refresh", {"refresh_token": pair["refresh_token"] + "x"})
    api.post("/auth/logout", {"refresh_token": fresh["refresh_token"]})
    written = lines.getvalue()
    assert len(events(lines)) >= 12
    hidden = [SECRET, PASSWORD, account["email"], *pair.values(), *fresh.values()]
    for text in (value for value in hidden if isinstance(value, str) and len(value) > 8):
        assert text not in written


def test_a_fault_of_our_own_is_logged_with_its_traceback(
    student: Student, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("found me")

    monkeypatch.setattr("schediora.dashboard.resources.summary", fail)
    student.get("/dashboard/summary")
    (fault, _) = events(lines)
    assert fault["event"] == "unexpected_error"
    assert "found me" in str(fault["exception"])
