"""What holds at any moment of a life, whatever was done before."""

from random import Random
from typing import Any
from uuid import UUID

from tests.lives.life import Life
from tests.lives.reference import (
    DAY,
    Shown,
    between,
    dashboard,
    day,
    instant,
    is_late,
    is_of_week,
    is_open,
    of_week,
    overdue,
    plan_status,
)
from tests.lives.steps import is_true
from tests.planner.book import ok, refused
from tests.planner.generated import memories, replayed
from tests.planner.other_device import lasting

KEPT = (
    "/users/me",
    "/plans",
    "/sessions",
    "/sessions?state=overdue",
    "/dashboard/summary",
    "/dashboard/summary?range=30d",
    "/ai/plans/status/weekly",
    "/ai/plans/status/weekly?week=next",
)
"""Calls whose answers are kept."""


def holds(life: Life) -> None:
    """Assert all of it."""
    sessions, plans = life.sessions(), life.plans()
    _days(life, sessions)
    _lists(life, sessions, plans)
    _plans(sessions, plans)
    _dashboard(life, sessions)
    _weeks(life, sessions, plans)
    assert memories(life.student.id) == replayed(UUID(life.student.id))
    _kept(life)
    _device(life, sessions)


def _device(life: Life, sessions: list[Shown]) -> None:
    """Let the other device take a page or all of them, or wait: once it has all it knows what there is."""
    chance = Random(len(life.told))  # one of its own, so that a life does not depend on it
    limit = chance.choice([1, 2, 7, None])
    match chance.randint(0, 3):
        case 0:
            life.device.turn(limit)
        case 1:
            life.device.sync(limit)
            assert life.device.lasting == lasting(sessions)


def _kept(life: Life) -> None:
    """Assert that what was kept is what would be worked out."""
    assert life.computing is not None
    for path in KEPT:
        kept, computed = (api.get(path, token=life.student.token) for api in (life.student.api, life.computing))
        assert (kept.text, kept.headers.get("ETag")) == (computed.text, computed.headers.get("ETag")), path


def _days(life: Life, sessions: list[Shown]) -> None:
    for session in sessions:
        at = instant(session["scheduled_at"])
        if is_open(session) and at > life.now:
            assert day(session["scheduled_on"]) == life.rules.day_of(at), session
        assert session["late"] == is_late(session, life.today), session
        done = not is_open(session)
        assert (session["completed_at"] is not None) == (session["completed_on"] is not None) == done, session
        if session["status"] == "in_progress":
            assert session["started_at"], session


def _lists(life: Life, sessions: list[Shown], plans: dict[str, Shown]) -> None:
    assert life.get("/sessions?week=current") == of_week(sessions, plans, life.monday, life.asked_for)
    assert life.pages("/sessions?state=overdue&limit=7") == overdue(sessions, life.today)
    first = life.today + DAY * life.chance.randint(-20, 20)
    last = first + DAY * life.chance.randint(0, 91)
    assert life.pages(f"/sessions?from={first}&to={last}&limit=50") == between(sessions, first, last)


def _plans(sessions: list[Shown], plans: dict[str, Shown]) -> None:
    for plan in plans.values():
        own = [session for session in sessions if session["plan_id"] == plan["id"]]
        assert plan["duration_minutes"] == sum(session["duration_minutes"] for session in own)
        assert plan["status"] == plan_status(own)


def _dashboard(life: Life, sessions: list[Shown]) -> None:
    for chosen in ("7d", "30d"):
        shown = life.get(f"/dashboard/summary?range={chosen}")
        expected = dashboard(sessions, life.now, life.rules, chosen)
        subjects = {share["subject"].casefold(): share["minutes"] for share in shown["subject_distribution"]}
        if any(subjects.values()):
            assert subjects == expected["subjects"]
        else:
            assert expected["subjects"] == {}
        del expected["subjects"]
        assert {name: shown[name] for name in expected} == expected


def _weeks(life: Life, sessions: list[Shown], plans: dict[str, Shown]) -> None:
    """Assert that what is said of both weeks is so, and that a call that it says is refused is."""
    shown: dict[str, Any] = {}
    for week, monday in (("current", life.monday), ("next", life.monday + 7 * DAY)):
        status = shown[week] = life.get(f"/ai/plans/status/weekly?week={week}")
        assert (status["week_start"], status["week_end"]) == (monday.isoformat(), (monday + 6 * DAY).isoformat())
        of_it = [plan for plan in plans.values() if is_of_week(plan, monday, life.asked_for)]
        if any(plan["source"] == "ai" for plan in of_it):
            assert status["has_generated_this_week"], status
        if of_it or life.jobs:
            assert not status["can_generate"], status
        assert status["can_generate"] == (status["reason"] is None), status
        assert (status["active_job_id"] is not None) == bool(life.jobs), status
        if not status["can_generate"]:
            body = {"goal": "Pass", "topic": "Biology"} | ({"week": "next"} if week == "next" else {})
            is_true(life, week, refused(life.student.post("/ai/plans/generate", body), 409, status["reason"]))
    assert life.sessions() == sessions
    assert shown["current"] == life.get("/ai/plans/status/weekly")
    home = ok(life.student.get("/dashboard/summary"))
    for name in ("week_done", "up_next"):
        assert home[name] == shown["current"][name], name
