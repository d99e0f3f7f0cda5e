"""Rows in every table, with whatever a column can hold."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from schediora.app import connect
from schediora.db.base import new_id
from schediora.db.database import connected
from schediora.models.ai import Job, JobStatus
from schediora.models.auth import FamiliarAddress, SignIn
from schediora.models.calendar import BusyCalendar, BusyTime, CalendarFeed
from schediora.models.idempotency import IdempotencyKey
from schediora.models.mail import Link, LinkPurpose, Mail, MailKind
from schediora.models.planner import (
    DashboardDailyMetric,
    DeletedSession,
    Plan,
    PlanSource,
    Session,
    SessionChanges,
    SessionStatus,
    SessionUnit,
)
from schediora.models.rate_limits import RateCount
from schediora.models.syllabus import ListSource, SyllabusList, UnitMemoryRow
from schediora.models.users import Preferences, User
from schediora.settings.loading import load

ODD = "a\tb\nc\r\\d \\N \\. 'e' \"f\" {g} 😀 e\u0301 \u202e שלום \x01\x7f\u2028 %s ?"
NOW = datetime(2026, 3, 4, 9, 0, 0, 123456, tzinfo=UTC)


def fill(url: str, data_dir: Path, *, students: int = 3) -> None:
    """Store rows in every table, with whatever a column can hold."""
    database = connect(load(overrides={"database.url": url, "data_dir": data_dir}).settings)
    with connected(database):
        for number in range(students):
            fill_student(number)
    database.close_all()


def fill_student(number: int) -> None:
    user = User.create(
        email=f"student{number}@example.com", password_hash=ODD, timezone="Asia/Jakarta" if number else None,
        day_starts_at=240, planner_revision=2**31 - 1, last_replan={"b": [1, 2.5, 1e2, None, True, ODD], "a": {}},
        created_at=NOW + timedelta(microseconds=number), email_confirmed_at=NOW if number else None,
    )  # fmt: skip
    SignIn.create(
        user=user, skipped=[[1, 2]], generation=3, rotated_at=NOW, expires_at=NOW, ends_at=NOW, created_at=NOW,
        revoked_at=NOW.replace(microsecond=0),
    )  # fmt: skip
    FamiliarAddress.create(user=user, address=ODD, day=NOW.date())
    for key, answer in (("a", None), ("b", b"\x00\xff")):
        IdempotencyKey.create(user=user, key=key, call="POST /", body_mac=ODD, begun_at=NOW, answer=answer)
    RateCount.create(key=f"{ODD}{number}", moments=[10**13, 0][:number], spent_at=NOW)
    for kind, due_at in ((MailKind.RESET, None), (MailKind.CONFIRM, NOW)):
        Mail.create(
            address=f"{ODD}{number}", kind=kind, user=user if due_at else None, asked=[1772614800], asked_at=NOW,
            due_at=due_at, tried_at=due_at,
        )  # fmt: skip
    Link.create(token_hash=f"{number:064x}", user=user, purpose=LinkPurpose.RESET, address=user.email, expires_at=NOW)
    Preferences.create(user=user, goal=ODD, daily_minutes=90, focus_topics=[ODD, ""], exams=[], updated_at=NOW)
    plan = Plan.create(
        user=user, title=ODD, topic="", source=PlanSource.AI, week_start=NOW.date(), pace_of_work=0.1 + 0.2,
        created_at=NOW,
    )  # fmt: skip
    for offset in range(4):
        done = offset % 2
        session = Session.create(
            user=user, plan=plan, title=ODD, topic="t", detail=ODD * 50, duration_minutes=45, units=[{"key": ODD}],
            status=SessionStatus.DONE if done else SessionStatus.PENDING, completed_at=NOW if done else None,
            completed_on=NOW.date() if done else None, pinned=bool(done), series_id=new_id() if done else None,
            scheduled_at=datetime(2099, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), scheduled_on=NOW.date(),
            created_at=NOW,
        )  # fmt: skip
        SessionUnit.create(user=user, session=session, unit="biology.cells")
        SessionChanges.create(session=session, changes=offset)
        DeletedSession.create(user=user, revision=offset, session_id=new_id(), deleted_at=NOW)
    UnitMemoryRow.create(
        user=user, unit=ODD, stability=1 / 3, difficulty=5e-324, last_on=NOW.date(), due_on=NOW.date(),
        last_rating="good",
    )  # fmt: skip
    SyllabusList.create(
        user=user, topic_key="k", source=ListSource.STUDENT, topic=ODD, language="en", units=[], updated_at=NOW
    )
    CalendarFeed.create(user=user, token_hash=f"{number:064}", created_at=NOW)
    BusyCalendar.create(user=user, upload=uuid4(), text=bytes(range(256)), due_at=NOW)
    BusyTime.create(user=user, starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    Job.create(
        user=user, status=JobStatus.RUNNING, goal=ODD, topic="t", week_start=NOW.date(), lease_token=uuid4(),
        lease_until=NOW, usage={"prompt_tokens": 10**12, "completion_tokens": 0}, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    DashboardDailyMetric.create(user=user, day=NOW.date(), completed_sessions=1, focus_minutes=2)
