"""Where a student is signed in, and ending it there."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from schediora.auth.devices import client_name
from tests.client import PASSWORD, Api, FrozenClock, Student

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


def sign_in(api: Api, student: Student, agent: str) -> Any:
    claim = {"email": student.email, "password": PASSWORD}
    return api.post("/auth/login", claim, headers={"User-Agent": agent}).json


def test_a_student_sees_where_they_are_signed_in(student: Student, api: Api, clock: FrozenClock) -> None:
    clock.advance(hours=2, minutes=20)
    sign_in(api, student, FIREFOX)
    clock.advance(hours=3)
    phone = sign_in(api, student, IPHONE)
    found = api.get("/auth/sessions", token=phone["access_token"]).json
    assert [(each["client"], each["current"]) for each in found[:2]] == [
        ("Safari on iPhone", True),
        ("Firefox on Linux", False),
    ]
    assert len(found) == 3
    assert found[1]["last_used_at"] == "2026-03-04T11:00:00Z"
    assert found[1]["created_at"] == "2026-03-04T11:20:00Z"


def test_one_is_ended_and_the_others_go_on(student: Student, api: Api) -> None:
    other = sign_in(api, student, FIREFOX)
    (gone,) = [each["id"] for each in student.get("/auth/sessions").json if not each["current"]]
    assert student.delete(f"/auth/sessions/{gone}").status_code == 204
    assert api.get("/users/me", token=other["access_token"]).status_code == 401
    assert student.get("/users/me").status_code == 200
    assert student.delete(f"/auth/sessions/{gone}").status_code == 404
    assert len(student.get("/auth/sessions").json) == 1


def test_all_others_are_ended_at_once(student: Student, api: Api) -> None:
    others = [sign_in(api, student, FIREFOX) for _ in range(3)]
    assert student.delete("/auth/sessions").status_code == 204
    assert {api.get("/users/me", token=each["access_token"]).status_code for each in others} == {401}
    assert [each["current"] for each in student.get("/auth/sessions").json] == [True]


def test_somebody_elses_is_not_found(student: Student, register: Callable[..., Student]) -> None:
    other = register()
    (theirs,) = [each["id"] for each in other.get("/auth/sessions").json]
    for sign_in_id in (theirs, uuid4(), "x"):
        assert student.delete(f"/auth/sessions/{sign_in_id}").status_code == 404
    assert other.get("/users/me").status_code == 200


def test_a_client_is_called_what_a_student_would_call_it() -> None:
    names = {
        FIREFOX: "Firefox on Linux",
        IPHONE: "Safari on iPhone",
        "Dart/3.2 (dart:io)": "Schediora app",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36": "Chrome on Android",
        "curl/8.5.0": "curl",
        "<script>": "Unknown",
        "": "Unknown",
    }
    assert {agent: client_name(agent) for agent in names} == names
