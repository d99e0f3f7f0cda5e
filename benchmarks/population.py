"""Students who are there already, signed in and with weeks of study behind them, written straight into the tables.

Registering them through the API would cost a password hash each; this is what the API would have stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee

from schediora.auth.keys import load_keys
from schediora.auth.tokens import AccessClaims, AccessTokens, RefreshTokens
from schediora.db.base import Entity, new_id
from schediora.localtime import week_start
from schediora.models.ai import Job, JobStatus
from schediora.models.auth import SignIn
from schediora.models.planner import Plan, PlanSource, Session, SessionStatus
from schediora.models.users import Preferences, User
from schediora.settings.values import Settings

NO_PASSWORD = "nobody signs in with a password"
FOCUS_TOPICS = ("Biology", "Math", "Chemistry", "Physics", "English")
WEEKS = 5
SESSIONS_A_WEEK = 6
SESSION_MINUTES = 45
FIRST_HOUR = 16
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Student:
    """A student's account and the pair of tokens on their phone."""

    id: UUID
    email: str
    access_token: str
    refresh_token: str


@dataclass(frozen=True)
class Studied:
    """A student with weeks behind them: the ids of this week's job and of all sessions."""

    student: Student
    job: UUID
    sessions: list[UUID]


def enrol(settings: Settings, count: int, *, now: datetime, password_hash: str = NO_PASSWORD) -> list[Student]:
    """Store `count` students, each signed in just now, on the bound database."""
    since = now - timedelta(weeks=WEEKS)
    ids = [new_id() for _ in range(count)]
    emails = [f"{id_.hex}@example.com" for id_ in ids]
    users = [
        {"id": id_, "email": email, "password_hash": password_hash, "created_at": since}
        for id_, email in zip(ids, emails, strict=True)
    ]
    _insert(User, users)
    tokens = sign_in(settings, ids, now=now)
    return [Student(id_, email, *pair) for id_, email, pair in zip(ids, emails, tokens, strict=True)]


def sign_in(settings: Settings, users: Iterable[UUID], *, now: datetime) -> list[tuple[str, str]]:
    """Store a sign-in for each of `users` and return the access and refresh tokens that the server believes."""
    keys = load_keys(settings)
    access, refresh = AccessTokens(keys), RefreshTokens(keys)
    ends_at = now + timedelta(days=settings.auth.session_days)
    expires_at = now + timedelta(minutes=settings.auth.access_minutes)
    dates = {"rotated_at": now, "created_at": now, "expires_at": ends_at, "ends_at": ends_at}
    sessions = [AccessClaims(user, new_id(), generation=1) for user in users]
    _insert(SignIn, [{"id": claims.session_id, "user": claims.user_id, **dates} for claims in sessions])
    return [
        (
            access.issue(claims, issued_at=now, expires_at=expires_at),
            refresh.issue(claims.session_id, claims.generation),
        )
        for claims in sessions
    ]


def let_study(students: Sequence[Student], *, now: datetime, weeks: int = WEEKS) -> list[Studied]:
    """Give each of `students` preferences, and a plan with its sessions for each of `weeks` up to this one (UTC)."""
    chosen = {"goal": "Semester exam", "daily_minutes": 120, "focus_topics": list(FOCUS_TOPICS), "exams": []}
    _insert(Preferences, [{"user": student.id, "updated_at": now, **chosen} for student in students])
    plans, sessions, jobs, studied = [], [], [], []
    for student in students:
        for back in reversed(range(weeks)):
            plan = _plan(student, now - timedelta(weeks=back))
            plans.append(plan)
            sessions += _sessions(plan, now)
        jobs.append(_job(plans[-1], now))
        own = [session["id"] for session in sessions[-weeks * SESSIONS_A_WEEK :]]
        studied.append(Studied(student, jobs[-1]["id"], own))
    _insert(Plan, plans)
    _insert(Session, sessions)
    _insert(Job, jobs)
    return studied


def _plan(student: Student, during: datetime) -> dict[str, Any]:
    monday = week_start(during.date())
    made_at = during - timedelta(days=during.weekday())
    return {
        "id": new_id(),
        "user": student.id,
        "title": "Four steps to the exam",
        "topic": FOCUS_TOPICS[0],
        "source": PlanSource.AI,
        "week_start": monday,
        "created_at": made_at,
    }


def _sessions(plan: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Return a session a day from Monday on; those that are over are done, but for every fifth."""
    midnight = plan["created_at"].replace(hour=0, minute=0, second=0, microsecond=0)
    rows = []
    for day in range(SESSIONS_A_WEEK):
        starts_at = midnight + timedelta(days=day, hours=FIRST_HOUR)
        ends_at = starts_at + timedelta(minutes=SESSION_MINUTES)
        done = ends_at <= now and day % 5 != 4
        rows.append(
            {
                "id": new_id(),
                "user": plan["user"],
                "plan": plan["id"],
                "title": f"Step {day + 1}: recall, then check",
                "topic": FOCUS_TOPICS[day % len(FOCUS_TOPICS)],
                "detail": "Write down all that you know on an empty sheet, then add in red what was missing.",
                "duration_minutes": SESSION_MINUTES,
                "scheduled_at": starts_at,
                "scheduled_on": starts_at.date(),
                "status": SessionStatus.DONE if done else SessionStatus.PENDING,
                "completed_at": ends_at if done else None,
                "completed_on": ends_at.date() if done else None,
                "created_at": plan["created_at"],
            }
        )
    return rows


def _job(plan: dict[str, Any], now: datetime) -> dict[str, Any]:
    steps = [{"title": f"Step {number}", "detail": "Recall, then check."} for number in range(1, SESSIONS_A_WEEK + 1)]
    return {
        "id": new_id(),
        "user": plan["user"],
        "status": JobStatus.COMPLETED,
        "goal": "Semester exam",
        "topic": plan["topic"],
        "week_start": plan["week_start"],
        "plan": plan["id"],
        "source": "rules",
        "attempts": 1,
        "result": {"title": plan["title"], "summary": "One step a day.", "steps": steps},
        "created_at": now,
        "updated_at": now,
    }


def _insert(table: type[Entity] | type[Preferences], rows: Sequence[dict[str, Any]]) -> None:
    with User.transaction():
        for some in peewee.chunked(rows, _ROWS_AT_ONCE):
            table.insert_many(some).execute()
