"""The demonstration shows a believable term, and leaves nothing behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from schediora_cli.greeting import greet_demo
from schediora_cli.sample_term import live_through_term
from schediora_cli.sample_week import EMAIL, PASSWORD
from schediora_cli.zone_here import zone_here

from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.models.users import User
from schediora.planner.scheduler.problem import Kind
from tests.cli.program import PATIENCE_SECONDS, environment
from tests.client import Api, FrozenClock
from tests.live import COMMAND
from tests.planner.generated import memories, replayed

MOMENTS = {
    "sqlite": datetime(2026, 3, 1, 17, 1, tzinfo=UTC),  # just after a Monday's first midnight in Jakarta
    "postgres": datetime(2026, 3, 6, 13, 0, tzinfo=UTC),  # a Friday evening there
}
ZONE = "Asia/Jakarta"


def test_a_term_of_nine_weeks_was_lived_with_the_planners_own_verbs(
    api: Api, database: Database, hasher: Hasher, clock: FrozenClock, engine: str
) -> None:
    now = MOMENTS[engine]
    clock.set(now)
    mondays = list(live_through_term(database, hasher.hash(PASSWORD), zone=ZONE, now=now))
    assert [later - earlier for earlier, later in pairwise(mondays)] == [timedelta(weeks=1)] * 8
    token = api.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).json["access_token"]

    def ask(path: str) -> Any:
        return api.get(path, token=token).json

    sessions = ask("/sessions?week=all&limit=500")
    days = {date.fromisoformat(session["scheduled_on"]) for session in sessions}
    assert {day - timedelta(days=day.weekday()) for day in days} >= set(mondays)
    assert {plan["week_start"] for plan in ask("/plans") if plan["source"] == "ai"} == {str(day) for day in mondays}
    for earlier, later in pairwise(sessions):
        assert _instant(earlier) + timedelta(minutes=earlier["duration_minutes"]) <= _instant(later)

    done = [session for session in sessions if session["status"] == "done"]
    assert len(done) > 70
    assert all(datetime.fromisoformat(session["completed_at"]) <= now for session in done)
    assert {session["rating"] for session in done} == {"again", "hard", "good", "easy"}
    assert {Kind(session["kind"]) for session in done} >= {Kind.LEARN, Kind.PRACTICE, Kind.RECALL}
    missed = ask("/sessions?state=overdue")
    assert 1 <= len(missed) < 10

    exams = ask("/users/me")["preferences"]["exams"]
    assert len(exams) == 2
    for exam in exams:
        assert exam["date"] > str(now.date())
        assert date.fromisoformat(exam["date"]).isoweekday() < 6
        coverage = ask(f"/syllabus?topic={exam['topic']}")["coverage"]
        assert 0 < coverage["learned"] <= coverage["units"]
    assert any(session["due_on"] for session in sessions)
    user = User.get()
    assert memories(user.id) == replayed(user.id) != {}


def _instant(session: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(session["scheduled_at"])


@contextmanager
def demonstration(folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A running `schediora demo` in `folder`, whose data are to be in `temp`, with a browser that tells its page."""
    (folder / "temp").mkdir()
    (folder / "here").mkdir()
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >"{folder}/opened"\n')
    browser.chmod(0o700)
    variables = {
        "TMPDIR": str(folder / "temp"),
        "BROWSER": str(browser),
        "SCHEDIORA_DATABASE__URL": "postgresql://nobody@192.0.2.1/nothing",
        "SCHEDIORA_ENVIRONMENT": "production",
    }
    process = subprocess.Popen(
        [COMMAND, "demo", *options],
        cwd=folder / "here",
        env=environment(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(find: Callable[[], Any]) -> Any:
    """Wait until something is found, and return it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_it_says_its_address_last_opens_it_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with demonstration(tmp_path) as process:
        assert process.stdout is not None
        said: list[str] = []
        while not (said and "http://127.0.0.1:" in said[-1]):
            said.append(process.stdout.readline())
            assert said[-1], said
        address = said[-1].split()[-1]
        assert (EMAIL in "".join(said), PASSWORD in "".join(said)) == (True, True)
        assert until(lambda: (tmp_path / "opened").exists() and (tmp_path / "opened").read_text()) == f"{address}\n"

        [data] = (tmp_path / "temp").iterdir()
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        with urllib.request.urlopen(f"{address}api/v1", timeout=12) as answer:
            student = json.load(answer)["demo"]
        wish = urllib.request.Request(f"{address}api/v1/auth/login", json.dumps(student).encode())
        wish.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(wish, timeout=12) as answer:
            assert json.load(answer)["token_type"] == "bearer"

        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, rest) == (0, "Stopping\n")
    assert list((tmp_path / "temp").iterdir()) == []
    assert list((tmp_path / "here").iterdir()) == []


def test_stopped_while_the_term_is_made_it_leaves_nothing_behind(tmp_path: Path) -> None:
    with demonstration(tmp_path, "--no-browser") as process:
        until(lambda: list((tmp_path / "temp").glob("*/schediora.db")))
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=PATIENCE_SECONDS)[0] == ""
        assert process.returncode == 0
    assert list((tmp_path / "temp").iterdir()) == []
    assert not (tmp_path / "opened").exists()


def test_who_cannot_wait_for_the_end_of_it_leaves_nothing_behind_either(tmp_path: Path) -> None:
    """The signals here come as from somebody who presses Ctrl-C again after a while, with requests still in flight."""
    folder = tmp_path / "data"
    program = f"""
import os, shutil, signal
from schediora.server import signals
signals.SAME_SIGNAL_SECONDS = 0
stop = signals.StopSignals()
stop.before_dying(lambda: shutil.rmtree({str(folder)!r}))
os.mkdir({str(folder)!r})
os.kill(os.getpid(), signal.SIGINT)
assert stop.asked.is_set() and os.path.exists({str(folder)!r})
os.kill(os.getpid(), signal.SIGINT)
"""
    ended = subprocess.run([sys.executable, "-c", program], timeout=PATIENCE_SECONDS)
    assert ended.returncode == -signal.SIGINT
    assert not folder.exists()


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_the_banner_has_colour_on_a_terminal_that_wants_it(
    variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    greet_demo("http://127.0.0.1:1/", EMAIL, PASSWORD)
    said = capsys.readouterr().out
    assert ("\x1b[" in said) == coloured
    assert "http://127.0.0.1:1/" in said


@pytest.mark.parametrize(
    ("named", "zone"), [("Asia/Jakarta", "Asia/Jakarta"), (":/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin")]
)
def test_the_zone_is_this_machines(named: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", named)
    assert zone_here() == zone


def test_without_a_zone_that_has_a_name_it_is_that_of_the_machine_or_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    monkeypatch.setattr(os.path, "realpath", lambda _path: "/etc/localtime")
    assert zone_here() == "UTC"
