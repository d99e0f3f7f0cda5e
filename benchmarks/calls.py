"""The API's calls as phones make them, over and over: each takes its students in turn, so that no two ask the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from benchmarks.population import Student

PASSWORD = "correct horse"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request below the prefix, and what to keep of its answer."""

    method: str
    path: str
    body: Json | None = None
    token: str | None = None
    keep: Callable[[Any], None] | None = None


@dataclass
class Pocket:
    """What one connection calls with. Readers stay as they are, writers' plans grow, fresh ones have no plan yet."""

    readers: Iterator[Student]
    writers: Iterator[Student]
    fresh: Iterator[Student]
    sign_ins: Iterator[str]
    """Refresh tokens to sign out with, each good once."""
    chain: Student
    """Whose refresh token is exchanged again and again."""
    jobs: Iterator[tuple[str, UUID]]
    sessions: Iterator[tuple[str, UUID]]
    """Readers' finished jobs and writers' sessions, each with its student's access token."""
    newest: str = ""
    numbers: Iterator[int] = field(default_factory=count)


Call = Callable[[Pocket], Asked]


def _register(pocket: Pocket) -> Asked:
    return Asked("POST", "/auth/register", {"email": f"{uuid4().hex}@example.com", "password": PASSWORD})


def _login(pocket: Pocket) -> Asked:
    return Asked("POST", "/auth/login", {"email": next(pocket.readers).email, "password": PASSWORD})


def _refresh(pocket: Pocket) -> Asked:
    def keep(pair: Any) -> None:
        pocket.newest = pair["refresh_token"]

    return Asked("POST", "/auth/refresh", {"refresh_token": pocket.newest or pocket.chain.refresh_token}, keep=keep)


def _logout(pocket: Pocket) -> Asked:
    return Asked("POST", "/auth/logout", {"refresh_token": next(pocket.sign_ins)})


def _preferences(pocket: Pocket) -> Asked:
    topics = ["Biology", "Math", f"Topic {next(pocket.numbers)}"]
    wish = {"goal": "Semester exam", "daily_hours": 2.5, "focus_topics": topics}
    return Asked("PUT", "/users/preferences", wish, next(pocket.writers).access_token)


def _wish(pocket: Pocket) -> Json:
    return {"title": f"Chapter {next(pocket.numbers)}", "topic": "Math", "duration_minutes": 45}


def _add_plan(pocket: Pocket) -> Asked:
    return Asked("POST", "/plans", _wish(pocket), next(pocket.writers).access_token)


def _add_session(pocket: Pocket) -> Asked:
    return Asked("POST", "/plans/current/sessions", _wish(pocket), next(pocket.writers).access_token)


def _replan(pocket: Pocket) -> Asked:
    return Asked("POST", "/plans/current/replan", token=next(pocket.readers).access_token)


def _tick(pocket: Pocket) -> Asked:
    token, session = next(pocket.sessions)
    status = ("in_progress", "done")[next(pocket.numbers) % 2]
    return Asked("PATCH", f"/sessions/{session}", {"status": status}, token)


def _job(pocket: Pocket) -> Asked:
    token, job = next(pocket.jobs)
    return Asked("GET", f"/ai/jobs/{job}", token=token)


def _generate(pocket: Pocket) -> Asked:
    wish = {"goal": "Pass the certification", "topic": "Physics"}
    return Asked("POST", "/ai/plans/generate", wish, next(pocket.fresh).access_token)


def _open(path: str) -> Call:
    return lambda pocket: Asked("GET", path)


def _read(path: str) -> Call:
    return lambda pocket: Asked("GET", path, token=next(pocket.readers).access_token)


LIVE = "GET /health/live"
GENERATE = "POST /ai/plans/generate"
REPLAN = "POST /plans/current/replan"

CALLS: dict[str, Call] = {
    LIVE: _open("/health/live"),
    "GET /health/ready": _open("/health/ready"),
    "GET /openapi.json": _open("/openapi.json"),
    "POST /auth/register": _register,
    "POST /auth/login": _login,
    "POST /auth/refresh": _refresh,
    "POST /auth/logout": _logout,
    "GET /users/me": _read("/users/me"),
    "PUT /users/preferences": _preferences,
    "GET /plans": _read("/plans"),
    "POST /plans": _add_plan,
    "GET /sessions?week=current": _read("/sessions?week=current"),
    "GET /sessions?week=all": _read("/sessions?week=all"),
    "POST /plans/current/sessions": _add_session,
    REPLAN: _replan,
    "PATCH /sessions/{id}": _tick,
    "GET /dashboard/summary": _read("/dashboard/summary"),
    "GET /dashboard/summary?range=30d": _read("/dashboard/summary?range=30d"),
    "GET /ai/plans/status/weekly": _read("/ai/plans/status/weekly"),
    "GET /ai/jobs/{id}": _job,
    GENERATE: _generate,
}
"""Every call of the API's contract, some twice because a query makes them another one."""
