"""The sample student is believable, whole, and made once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from schediora_cli.sample_week import EMAIL, PASSWORD, add_sample_student

from schediora.auth.passwords import Hasher
from schediora.db.database import Database, connected
from tests.cli.program import run
from tests.client import Api, FrozenClock
from tests.prepared import prepared_service

MOMENTS = (
    datetime(2026, 3, 2, 0, 1, tzinfo=UTC),  # a Monday, just after midnight
    datetime(2026, 3, 4, 18, 0, tzinfo=UTC),
    datetime(2026, 3, 8, 23, 59, tzinfo=UTC),  # a Sunday night
    datetime(2027, 1, 2, 12, 0, tzinfo=UTC),  # in ISO week 53 of the year before
)


@pytest.fixture(params=MOMENTS, ids=lambda moment: moment.strftime("%a-%d-%b"))
def now(request: pytest.FixtureRequest, clock: FrozenClock) -> datetime:
    """The moment at which the student is made."""
    clock.set(request.param)
    return clock.now


@pytest.fixture
def ask(api: Api, database: Database, hasher: Hasher, now: datetime) -> Callable[[str], Any]:
    """Ask as the sample student, through the API."""
    with connected(database):
        add_sample_student(hasher.hash(PASSWORD), default_timezone="UTC", now=now)
    token = api.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).json["access_token"]
    return lambda path: api.get(path, token=token).json


def test_five_weeks_with_this_one_are_there(ask: Callable[[str], Any], now: datetime) -> None:
    sessions = ask("/sessions?week=all")
    weeks = {datetime.fromisoformat(session["scheduled_on"]).isocalendar()[:2] for session in sessions}
    this_week = [(now - timedelta(weeks=back)).isocalendar()[:2] for back in range(5)]
    assert weeks == set(this_week)
    assert len(ask("/plans")) == 5
    assert len(ask("/sessions?week=current")) >= 5
    assert len({session["topic"] for session in sessions}) == 5


def test_the_streak_lives_and_nothing_is_done_before_its_time(ask: Callable[[str], Any], now: datetime) -> None:
    summary = ask("/dashboard/summary?range=30d")
    assert summary["streak_days"] >= 7
    done = [session for session in ask("/sessions?week=all") if session["status"] == "done"]
    assert done
    assert all(datetime.fromisoformat(session["completed_at"]) <= now for session in done)


def test_no_session_overlaps_another(ask: Callable[[str], Any]) -> None:
    spans = [
        (datetime.fromisoformat(session["scheduled_at"]), timedelta(minutes=int(session["duration_minutes"])))
        for session in ask("/sessions?week=all")
    ]
    assert all(start + length <= later for (start, length), (later, _) in pairwise(spans))


def test_exams_lie_ahead(ask: Callable[[str], Any], now: datetime) -> None:
    exams = ask("/users/me")["preferences"]["exams"]
    assert len(exams) == 3
    assert all(exam["date"] > now.date().isoformat() for exam in exams)


def test_running_it_twice_changes_nothing(tmp_path: Path) -> None:
    first = run("seed", folder=tmp_path)
    assert "made" in first.stdout, first.stderr
    second = run("seed", folder=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "already there, nothing changed" in second.stdout
    with prepared_service(tmp_path / "schediora-data", "serve") as server:
        token = server.call("POST", "/auth/login", {"email": EMAIL, "password": PASSWORD}).json["access_token"]
        assert len(server.call("GET", "/plans", token=token).json) == 5
