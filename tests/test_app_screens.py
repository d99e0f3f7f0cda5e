"""The published app's screens play through: over real HTTP against a real server, and over weeks by a frozen clock."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from schediora.models.ai import Job
from schediora.queue import make_queue_tables
from schediora.settings.loading import load
from tests.client import Api, FrozenClock
from tests.live import Answer, Service
from tests.prepared import prepared_service
from tests.published_app import NO_ANSWER, REQUEST_SECONDS, App, Json, Refused

EMAIL = "maya@example.com"
PASSWORD = "correct horse"
GOAL = "Pass the semester exam"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A whole `schediora serve`, its consumer included."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    make_queue_tables(load(overrides={"database.url": database_url, "data_dir": data_dir}).settings)
    with prepared_service(data_dir, "serve", SCHEDIORA_DATABASE__URL=database_url) as running:
        yield running


def phone(server: Service) -> App:
    """The app on a phone that reaches `server`; it waits a tenth of the time between two looks at a job."""

    def send(method: str, path: str, fields: Json | None, headers: dict[str, str]) -> Answer:
        return server.call(method, path, fields, headers=headers, timeout=REQUEST_SECONDS)

    return App(send, pause=lambda seconds: time.sleep(seconds / 10))


def registered(server: Service, email: str = EMAIL) -> App:
    app = phone(server)
    app.register(email, PASSWORD)
    return app


def in_this_process(api: Api) -> App:
    """The app on a phone for which days pass at once."""

    def send(method: str, path: str, fields: Json | None, headers: dict[str, str]) -> Answer:
        result = api.call(method, path, fields, headers=headers)
        return Answer(result.status_code, dict(result.headers), result.content)

    return App(send, pause=lambda seconds: None)


def shown_by(app: App, action: Callable[..., object], *arguments: Any) -> str:
    """Do what is refused, and return the message that the student sees."""
    with pytest.raises(Refused) as refused:
        action(*arguments)
    assert app.shown[-1] == refused.value.message
    return app.shown[-1]


def test_a_student_registers_generates_ticks_off_and_signs_out(server: Service) -> None:
    app = registered(server)
    app.onboard("Semester exam", 2, ["Biology", "Math"])
    home = app.poll()
    assert home.sessions == []
    assert not home.generated
    assert app.offers_generation
    assert home.summary["subject_distribution"] == [
        {"subject": "Biology", "minutes": 0},
        {"subject": "Math", "minutes": 0},
    ]

    job = app.generate(GOAL, "Biology")
    assert job is not None
    assert job["status"] == "completed"
    assert job["result"]
    assert 6 <= len(job["result_structured"]["steps"]) <= 10
    home = app.poll()
    assert home.generated
    assert home.sessions
    assert not app.offers_generation
    assert {session["status"] for session in home.sessions} == {"pending"}

    for session in home.sessions:
        app.tick(session, "in_progress")
        app.tick(session)
    home = app.poll()
    minutes = sum(session["duration_minutes"] for session in home.sessions)
    assert {session["status"] for session in home.sessions} == {"done"}
    assert [plan["status"] for plan in app.plans()] == ["done"]
    assert home.summary["today_completed"] == home.summary["today_total"] == len(home.sessions)
    assert home.summary["streak_days"] == 1
    for days in ("7d", "30d"):
        summary = app.dashboard(days)
        assert sum(summary["weekly_progress"]) == len(home.sessions)
        assert sum(point["minutes"] for point in summary["focus_minutes_trend"]) == minutes
        assert summary["subject_distribution"] == [{"subject": "Biology", "minutes": minutes}]

    assert "already have a plan" in shown_by(app, app.generate, GOAL, "Math")
    access_token, refresh_token = app.access_token, app.refresh_token
    app.logout()
    assert not app.signed_in
    app.access_token, app.refresh_token = access_token, refresh_token
    assert "signed out" in shown_by(app, app.poll)
    app.start()
    assert not app.signed_in


def test_sign_in_mistakes_are_explained(server: Service) -> None:
    registered(server)
    app = phone(server)
    assert "wrong" in shown_by(app, app.login, EMAIL, "87654321")
    assert app.shown[-1] == shown_by(app, app.login, "nobody@example.com", PASSWORD)
    assert app.shown[-1] == shown_by(app, app.login, "not an address", PASSWORD)
    assert "already an account" in shown_by(app, app.register, f"  {EMAIL.upper()}", PASSWORD)
    assert "8" in shown_by(app, app.register, "short@example.com", "1234567")
    assert "address" in shown_by(app, app.register, "not an address", PASSWORD)
    assert not app.signed_in
    app.login(f" {EMAIL.title()} ", PASSWORD)
    app.start()
    assert app.signed_in


def test_own_sessions_are_added_to_a_plan_and_make_one_where_there_is_none(server: Service) -> None:
    app = registered(server)
    app.poll()
    plan = app.add("Cells", "Biology", 45)
    assert [session["plan_id"] for session in app.poll().sessions] == [plan["id"]]
    session = app.add("Osmosis", "Biology", 30)
    assert session["plan_id"] == plan["id"]
    assert len(app.poll().sessions) == 2
    assert [shown["duration_minutes"] for shown in app.plans()] == [75]
    assert "already have a plan" in shown_by(app, app.generate, GOAL, "Math")

    # Another phone deletes the plan, and this one has not looked since.
    assert server.call("DELETE", f"/plans/{plan['id']}", token=app.access_token).status == 204
    assert "no plan for this week" in shown_by(app, app.add, "Enzymes", "Biology", 30)
    assert "no such session" in shown_by(app, app.tick, session)
    assert app.poll().sessions == []
    assert app.add("Enzymes", "Biology", 30)["id"] in {plan["id"] for plan in app.plans()}


def test_forms_filled_in_wrongly_are_explained(server: Service) -> None:
    app = registered(server)
    app.poll()
    for title, topic in (("", "Math"), ("  ", "Math"), ("x" * 181, "Math"), ("Sets", "x" * 121), ("Sets", "")):
        shown_by(app, app.add, title, topic, 30)
    for minutes in (0, -5, 14, 481, 10**30, 45.5):
        assert shown_by(app, app.add, "Sets", "Math", minutes).startswith("Duration minutes ")
    for goal, topic in (("", "Math"), ("g" * 181, "Math"), (GOAL, ""), (GOAL, "t" * 121)):
        shown_by(app, app.generate, goal, topic)
    for goal, hours, topics in (
        ("", 2, ["Math"]),
        (GOAL, 0, ["Math"]),
        (GOAL, 16.5, ["Math"]),
        (GOAL, 1.25, ["Math"]),
        (GOAL, 2, []),
        (GOAL, 2, [""]),
        (GOAL, 2, ["Math", "math"]),
        (GOAL, 2, [str(number) for number in range(11)]),
    ):
        shown_by(app, app.onboard, goal, hours, topics)
    assert app.poll().sessions == []


def test_the_app_outlives_a_restart_of_the_server_but_not_its_absence(server: Service) -> None:
    app = registered(server)
    assert server.stop() == 0
    assert shown_by(app, app.poll) == NO_ANSWER
    assert app.signed_in
    server.start()
    app.start()
    assert app.signed_in
    assert server.stop() == 0
    app.start()
    assert not app.signed_in


def test_an_app_opened_after_its_access_token_expired_goes_on(api: Api, clock: FrozenClock) -> None:
    app = in_this_process(api)
    app.register(EMAIL, PASSWORD)
    clock.advance(days=6)
    app.poll()
    clock.advance(days=2)
    assert "open it again" in shown_by(app, app.dashboard)
    expired = app.access_token
    app.start()
    assert app.signed_in
    assert app.access_token != expired
    app.poll()
    clock.advance(days=31)
    app.start()
    assert not app.signed_in


def test_an_app_that_is_killed_while_it_refreshes_stays_signed_in(api: Api, clock: FrozenClock) -> None:
    app = in_this_process(api)
    app.register(EMAIL, PASSWORD)
    app.poll()
    clock.advance(days=8)
    unheard = api.post("/auth/refresh", {"refresh_token": app.refresh_token})
    assert unheard.status_code == 200
    clock.advance(minutes=5)
    app.start()
    assert app.signed_in
    app.poll()


def test_an_app_gives_up_on_a_job_that_nobody_works_on_and_may_not_ask_twice(api: Api) -> None:
    app = in_this_process(api)
    app.register(EMAIL, PASSWORD)
    assert app.generate(GOAL, "Math") is None
    assert not app.poll().generated
    assert "being made already" in shown_by(app, app.generate, GOAL, "Math")


def test_an_app_whose_student_has_next_week_planned_ahead_finds_it_there_on_monday(
    api: Api, database: Database, clock: FrozenClock
) -> None:
    """Next week was asked for elsewhere: the app does not know the word."""
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    runner = Runner(database, author, default_timezone="UTC", clock=clock)
    app = in_this_process(api)
    app.register(EMAIL, PASSWORD)
    wish = {"goal": GOAL, "topic": "Biology", "week": "next"}
    ahead = api.post("/ai/plans/generate", wish, token=app.access_token).json
    app.poll()
    assert "being made right now" in shown_by(app, app.generate, GOAL, "Math")
    runner.run(UUID(ahead["job_id"]))

    home = app.poll()
    assert (home.sessions, home.generated, app.offers_generation) == ([], False, True)
    assert home.summary["today_total"] == 0
    app.pause = lambda seconds: runner.run(Job.get(Job.plan.is_null()).id)
    ours = app.generate(GOAL, "Math")
    assert ours is not None
    assert ours["status"] == "completed"
    assert {session["plan_id"] for session in app.poll().sessions} == {ours["plan_id"]}
    assert app.add("Cells", "Biology", 45)["plan_id"] == ours["plan_id"]

    clock.set(datetime(2026, 3, 9, 8, tzinfo=UTC))
    home = app.poll()
    (next_plan,) = {session["plan_id"] for session in home.sessions}
    assert next_plan != ours["plan_id"]
    assert (home.generated, app.offers_generation) == (True, False)
    assert len(app.plans()) == 2
    assert app.add("Cells", "Biology", 45)["plan_id"] == next_plan
    app.tick(home.sessions[0])
    assert sum(app.dashboard("7d")["weekly_progress"]) == 1
    assert "You already have a plan for this week. A new one" in shown_by(app, app.generate, GOAL, "Math")


def test_an_app_whose_student_has_a_daily_series_goes_on_as_before(api: Api, clock: FrozenClock) -> None:
    """The series was made elsewhere: the app knows neither the call nor the field."""
    app = in_this_process(api)
    app.register(EMAIL, PASSWORD)
    wish = {"title": "Words", "topic": "Spanish", "duration_minutes": 30, "scheduled_at": "2026-03-04T16:00:00Z"}
    repeat = {"every": "day", "until": "2026-04-30"}
    assert api.post("/plans", wish | {"repeat": repeat}, token=app.access_token).status_code == 201
    for days_of_week in (5, 7, 7):
        home = app.poll()
        assert [session["title"] for session in home.sessions] == ["Words"] * days_of_week
        assert (home.generated, app.offers_generation) == (False, False)
        assert (home.summary["today_completed"], home.summary["today_total"]) == (0, 1)
        app.tick(home.sessions[0])
        added = app.add("Cells", "Biology", 45)
        assert added["plan_id"] == home.sessions[0]["plan_id"]
        home = app.poll()
        assert len(home.sessions) == days_of_week + 1
        assert home.summary["today_total"] == 2
        assert sum(app.dashboard("7d")["weekly_progress"]) == 1
        (plan,) = app.plans()
        assert plan["status"] == "in_progress"
        clock.advance(days=5 if days_of_week == 5 else 7)
        app.login(EMAIL, PASSWORD)
    assert app.shown == []
