"""How many calls go through: by student, by what a call costs, and by address where nobody is signed in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from falcon.testing import Result

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from tests.client import Api, FrozenClock, Student

HERE, ELSEWHERE = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "198.51.100.7"}


def until_refused(call: Callable[[], Result], most: int = 700) -> tuple[int, Result]:
    """Return how often `call` went through before it was refused for its rate, and that refusal."""
    for passed in range(most):
        answer = call()
        if answer.status_code == 429:
            return passed, answer
    return most, answer


def said(answer: Result) -> tuple[str, str]:
    """Return what a refusal says of the limit, and how long to wait, once it says it in every way that it has to."""
    assert answer.json["code"] == "too_many_requests"
    wait = answer.headers["Retry-After"]
    name, _, left = answer.headers["RateLimit"].partition(";")
    assert left == f"r=0;t={wait}"
    assert answer.headers["RateLimit-Policy"].startswith(name)
    return answer.headers["RateLimit-Policy"], wait


def test_a_student_makes_three_hundred_calls_a_minute_and_is_held_alone(
    student: Student, register: Callable[..., Student], clock: FrozenClock
) -> None:
    other = register()
    clock.advance(minutes=1)
    passed, refused = until_refused(lambda: student.get("/users/me"))
    assert (passed, said(refused)) == (300, ('"user";q=300;w=60', "60"))
    assert other.get("/users/me").status_code == 200
    clock.advance(seconds=60)
    assert student.get("/users/me").status_code == 200


def test_whatever_else_a_student_has_asked_for_signs_no_starting_phone_out(student: Student) -> None:
    assert until_refused(lambda: student.get("/dashboard/summary"))[0] == 300
    assert student.get("/users/me").status_code == 200
    assert student.get("/sessions?week=current").status_code == 429


def test_calls_count_as_often_as_they_cost(student: Student, clock: FrozenClock) -> None:
    student.post("/plans", {"title": "Exam", "topic": "Math", "duration_minutes": 45})
    for path, body, cost in [("/plans/current/replan", {}, 10), ("/ai/plans/generate", {"goal": "", "topic": ""}, 3)]:
        clock.advance(minutes=1)
        assert until_refused(lambda path=path, body=body: student.post(path, body))[0] == 300 // cost  # type: ignore[misc]


def test_calls_without_a_token_are_counted_by_address(student: Student, api: Api, clock: FrozenClock) -> None:
    calls = [
        ("GET", "/"),
        ("GET", "/openapi.json"),
        ("GET", "/sessions"),
        ("GET", "/nothing"),
        ("DELETE", "/health/live"),
    ]
    for method, path in calls:
        clock.advance(minutes=1)
        passed, refused = until_refused(lambda method=method, path=path: api.call(method, path, headers=HERE))  # type: ignore[misc]
        assert (path, passed, said(refused)[0]) == (path, 300, '"anonymous";q=300;w=60')
        assert api.call(method, path, headers=ELSEWHERE).status_code != 429
        assert student.get("/nothing", headers=HERE).status_code == 404
        assert student.delete("/health/live", headers=HERE).status_code == 405
        assert student.get("/users/me", headers=HERE).status_code == 200


def test_what_has_limits_of_its_own_or_none_is_not_counted_with_them(student: Student, api: Api) -> None:
    assert until_refused(lambda: api.get("/", headers=HERE))[0] == 300
    for method, path, body in [
        ("GET", "/health/live", None),
        ("GET", "/health/ready", None),
        ("OPTIONS", "/sessions", None),
        ("OPTIONS", "/nothing", None),
        ("POST", "/auth/logout", {"refresh_token": "x"}),
    ]:
        assert until_refused(lambda m=method, p=path, b=body: api.call(m, p, b, headers=HERE), 301)[0] == 301  # type: ignore[misc]
    for path in ("/", "/app.js", "/docs"):
        page = api.client.simulate_get(path, headers=HERE)
        assert page.status_code == 200, path
    pair = api.post("/auth/refresh", {"refresh_token": student.refresh_token}, headers=HERE)
    assert pair.status_code == 200


def test_bad_tokens_are_counted_by_address_and_hold_up_nobody_with_a_good_one(student: Student, api: Api) -> None:
    passed, refused = until_refused(lambda: api.get("/sessions?week=current", token="forged", headers=HERE))
    assert (passed, said(refused)[0]) == (600, '"bad-tokens";q=600;w=60')
    assert api.post("/auth/refresh", {"refresh_token": "forged"}, headers=HERE).status_code == 429
    assert api.post("/auth/refresh", {"refresh_token": "forged"}, headers=ELSEWHERE).status_code == 401
    assert student.get("/sessions?week=current", headers=HERE).status_code == 200
    assert api.post("/auth/refresh", {"refresh_token": student.refresh_token}, headers=HERE).status_code == 200


def test_forty_open_apps_whose_tokens_have_ended_are_told_so(
    register: Callable[..., Student], api: Api, clock: FrozenClock
) -> None:
    """Behind one address, each with its three calls every 15 seconds, and one try to refresh."""
    apps = [register() for _ in range(40)]
    clock.advance(days=40)
    for quarter in range(8):
        for app in apps:
            for path in ("/users/me", "/sessions?week=current", "/dashboard/summary?range=7d"):
                assert app.get(path).status_code == 401
            if not quarter:
                assert api.post("/auth/refresh", {"refresh_token": app.refresh_token}).status_code == 401
        clock.advance(seconds=15)


def test_the_apps_rhythm_meets_no_limit(register: Callable[..., Student], clock: FrozenClock) -> None:
    """Forty apps behind one address, for two minutes: three calls every 15 seconds, and a tick each time."""
    apps = [register() for _ in range(40)]
    for app in apps:
        app.post("/plans", {"title": "Exam", "topic": "Math", "duration_minutes": 45})
    for turn in range(8):
        for app in apps:
            assert app.get("/users/me").status_code == 200
            (session,) = app.get("/sessions?week=current").json
            assert app.get("/dashboard/summary?range=7d").status_code == 200
            tick = {"status": ["done", "pending"][turn % 2]}
            assert app.patch(f"/sessions/{session['id']}", tick).status_code == 200
        clock.advance(seconds=15)


def test_a_sign_in_is_refreshed_150_times_in_five_minutes(student: Student, api: Api, clock: FrozenClock) -> None:
    token = student.refresh_token

    def refresh() -> Result:
        nonlocal token
        answer = api.post("/auth/refresh", {"refresh_token": token})
        token = answer.json.get("refresh_token", token)
        return answer

    passed, refused = until_refused(refresh)
    assert (passed, said(refused)[0]) == (150, '"refresh";q=150;w=300')
    clock.advance(minutes=5)
    assert refresh().status_code == 200


WISH = {"goal": "Pass the exam", "topic": "Biology"}


@pytest.fixture
def fail(student: Student, database: Database, clock: FrozenClock) -> Callable[[], Result]:
    """Asks for a plan, for which there is no time."""
    wish = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Math"], "timezone": "Asia/Jakarta"}
    rest = [{"first": "2026-03-01", "last": "2026-03-31"}]
    assert student.put("/users/preferences", wish | {"days_off": rest}).status_code == 200
    runner = Runner(database, build_author(provider="rules", base_url=None, api_key="", model=""),
                    default_timezone="UTC", clock=clock)  # fmt: skip

    def asked() -> Result:
        answer = student.post("/ai/plans/generate", WISH)
        if answer.status_code == 202:
            runner.run(answer.json["job_id"])
            assert student.get(f"/ai/jobs/{answer.json['job_id']}").json["status"] == "failed"
        return answer

    return asked


def test_five_jobs_are_accepted_on_a_students_day(
    student: Student, fail: Callable[[], Result], clock: FrozenClock
) -> None:
    def status() -> tuple[bool, str | None]:
        told = student.get("/ai/plans/status/weekly").json
        return told["can_generate"], told["reason"]

    for _ in range(5):
        assert status() == (True, None)
        assert fail().status_code == 202
    assert status() == (False, "too_many_requests")
    refused = fail()
    # 09:00Z is 16:00 in Jakarta: eight hours to midnight.
    assert (refused.status_code, said(refused)) == (429, ('"generation";q=5;w=86400', str(8 * 3600)))
    assert "tomorrow" in refused.json["detail"]
    assert student.get("/ai/plans/status/weekly?week=next").json["reason"] == "too_many_requests"
    student.put("/users/preferences", {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Math"],
                                       "timezone": "Asia/Jakarta", "day_starts_at": "04:00"})  # fmt: skip
    clock.set(datetime(2026, 3, 4, 20, 59, 59, tzinfo=UTC))
    assert (status()[1], fail().headers["Retry-After"]) == ("too_many_requests", "1")
    clock.advance(timedelta(seconds=1))
    assert status() == (True, None)
    assert fail().status_code == 202
