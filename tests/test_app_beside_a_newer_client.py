"""The published app plays through unchanged, whatever its student has set or made with a newer client beside it.

It is half past one in the night from Saturday to Sunday, in Jakarta: the last hours of Saturday for who says that a day
starts at four.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from tests.client import Api, FrozenClock
from tests.live import Answer
from tests.published_app import App, Json, Refused

GOAL = "Pass the semester exam"
NIGHT = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
"""Thursday, 01:30 in Jakarta."""
SUNDAY_NIGHT = datetime(2026, 3, 8, 18, 30, tzinfo=UTC)
"""Monday, 01:30 in Jakarta."""
PREFERENCES = {"goal": GOAL, "daily_hours": 2, "focus_topics": ["Biology"], "timezone": "Asia/Jakarta"}
OWN = {"title": "Vocabulary", "topic": "English", "duration_minutes": 15}

Newer = Callable[..., Any]
"""Calls as a newer client: method, path, fields; returns what was answered, which has to be a success."""


class Phone:
    """The app in this process, a newer client of the same student, and a worker that is there at once."""

    def __init__(self, api: Api, runner: Runner, email: str) -> None:
        self._api, self._runner = api, runner
        self._waiting: list[str] = []
        self.app = App(self._send, pause=self._work)
        self.app.register(email, "correct horse")

    def newer(self, method: str, path: str, fields: Json | None = None) -> Any:
        answer = self._api.call(method, path, fields, token=self.app.access_token)
        assert answer.status_code < 300, answer.text
        if path == "/ai/plans/generate":
            self._waiting.append(answer.json["job_id"])
            self._work()
        return answer.json

    def _send(self, method: str, path: str, fields: Json | None, headers: dict[str, str]) -> Answer:
        result = self._api.call(method, path, fields, headers=headers)
        if (path, result.status_code) == ("/ai/plans/generate", 202):
            self._waiting.append(result.json["job_id"])
        return Answer(result.status_code, dict(result.headers), result.content)

    def _work(self, seconds: float = 0) -> None:
        for job_id in self._waiting:
            self._runner.run(UUID(job_id))
        self._waiting.clear()


def nothing(newer: Newer) -> None:
    """Set nothing but the zone, so that the nights are the same."""


def a_late_day(newer: Newer) -> None:
    """Let days start at four."""
    newer("PUT", "/users/preferences", PREFERENCES | {"day_starts_at": "04:00"})


def rest(newer: Newer) -> None:
    """Rest on Wednesdays and Fridays, and be away on Saturday."""
    away = [{"first": "2026-03-07", "last": "2026-03-07"}]
    newer("PUT", "/users/preferences", PREFERENCES | {"rest_days": [3, 5], "days_off": away})


def next_week(newer: Newer) -> None:
    """Have next week's plan already."""
    newer("POST", "/ai/plans/generate", {"goal": GOAL, "topic": "Math", "week": "next"})


def a_series(newer: Newer) -> None:
    """Repeat something each day of a month."""
    repeat = {"every": "day", "until": "2026-04-03"}
    newer("POST", "/plans", OWN | {"scheduled_at": "2026-03-05T00:00:00Z", "repeat": repeat})


def refused(action: Callable[..., object], *arguments: Any) -> str:
    """Do what is refused and return what the student reads."""
    try:
        action(*arguments)
    except Refused as problem:
        return problem.message
    raise AssertionError("was not refused")


def test_the_app_plays_through_beside_a_newer_client(api: Api, database: Database, clock: FrozenClock) -> None:
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    runner = Runner(database, author, default_timezone="UTC", clock=clock)
    for number, circumstance in enumerate((nothing, a_late_day, rest, next_week, a_series)):
        clock.set(NIGHT)
        phone = Phone(api, runner, f"maya{number}@example.com")
        phone.newer("PUT", "/users/preferences", PREFERENCES)
        circumstance(phone.newer)
        try:
            _first_week(phone.app, circumstance)
            clock.set(SUNDAY_NIGHT)
            _monday(phone.app, circumstance)
        except (AssertionError, Refused) as problem:
            raise AssertionError(f"with {circumstance.__name__}") from problem


def _first_week(app: App, circumstance: Callable[..., object]) -> None:
    """Make this week's plan, study the first of it by night, and add something."""
    today = date(2026, 3, 4) if circumstance is a_late_day else date(2026, 3, 5)
    home = app.poll()
    assert home.summary["today"] == today.isoformat()
    assert not home.generated
    if circumstance is a_series:
        # The app offers to generate only where a week is empty: it adds to the series' plan.
        assert [session["title"] for session in home.sessions] == ["Vocabulary"] * 4
        assert not app.offers_generation
    else:
        assert home.sessions == []
        assert app.offers_generation
        job = app.generate(GOAL, "Biology")
        assert job
        assert job["status"] == "completed", job
        home = app.poll()
        assert home.generated
        assert {session["topic"] for session in home.sessions} == {"Biology"}
        assert max(session["scheduled_on"] for session in home.sessions) <= "2026-03-08"
    assert not app.offers_generation

    before = app.plans()
    added = app.add("Osmosis", "Biology", 30)
    assert app.plans() != before
    assert len(app.plans()) == len(before)
    first = next(session for session in app.poll().sessions if session["id"] == added["id"])
    assert first["scheduled_on"] == today.isoformat()
    app.tick(first)
    summary = app.dashboard()
    assert summary["streak_days"] == 1
    assert summary["weekly_progress"] == [int(today + timedelta(days=back) == today) for back in _from_monday(today)]
    assert summary["today_completed"] == 1
    assert "already have a plan" in refused(app.generate, GOAL, "Biology")


def _monday(app: App, circumstance: Callable[..., object]) -> None:
    """See what there is when the week is over; with a late day it is not yet."""
    home = app.poll()
    days = {session["scheduled_on"] for session in home.sessions}
    if circumstance is a_late_day:
        assert home.summary["today"] == "2026-03-08"
        assert home.generated
        assert days <= {date(2026, 3, day).isoformat() for day in range(2, 9)}
        assert "already have a plan" in refused(app.generate, GOAL, "Biology")
        return
    assert home.summary["today"] == "2026-03-09"
    assert home.generated == (circumstance is next_week)
    assert app.offers_generation == (circumstance in (nothing, rest))
    assert days <= {date(2026, 3, day).isoformat() for day in range(9, 16)}
    if circumstance is next_week:
        assert {session["topic"] for session in home.sessions} == {"Math"}
        assert "already have a plan" in refused(app.generate, GOAL, "Biology")
        added = app.add("Fractions", "Math", 30)
        assert added["plan_id"] == home.sessions[0]["plan_id"]
    else:
        # The app offers it only where the week is empty, yet nothing is in its way.
        job = app.generate(GOAL, "Biology")
        assert job
        assert job["status"] == "completed", job
        assert app.poll().generated


def _from_monday(today: date) -> list[int]:
    """Return how far the days of the week lie from today, Monday first."""
    return [day - today.weekday() for day in range(7)]
