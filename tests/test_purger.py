"""Deleting what nobody needs any more: all of it, in small batches, and nothing that lives."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from schediora.db.database import Database
from schediora.models.ai import Job, JobStatus
from schediora.models.auth import FamiliarAddress, SignIn
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from schediora.purger import BATCH_ROWS, Purger
from schediora.users.locking import count_up
from tests.client import PASSWORD, Api, FrozenClock, Student

WEEK = timedelta(weeks=1)


@pytest.fixture
def purger(database: Database, clock: FrozenClock) -> Purger:
    return Purger(database, clock)


def purge_all(purger: Purger) -> int:
    total = 0
    while gone := purger.step():
        total += gone
    return total


def add_job(student: Student, now: datetime, *, status: JobStatus = JobStatus.COMPLETED, **columns: object) -> UUID:
    """Store a job as it was left at `now`, for its local week unless another is named."""
    monday = now.date() - timedelta(days=now.weekday())
    lease = {"lease_token": UUID(int=1), "lease_until": now} if status is JobStatus.RUNNING else {}
    error = {"error_code": "internal_error"} if status is JobStatus.FAILED else {}
    row = {"user": UUID(student.id), "status": status, "goal": "Pass", "topic": "Math", "week_start": monday}
    dates = {"created_at": now, "updated_at": now}
    return UUID(str(Job.create(**(row | dates | lease | error | columns)).id))


def test_nothing_that_lives_is_deleted(student: Student, api: Api, purger: Purger, clock: FrozenClock) -> None:
    """A student who refreshes now and then, over the half year that a sign-in lasts at the most."""
    refresh_token, first = student.refresh_token, clock.now
    student.post("/plans", {"title": "Exam", "topic": "Math", "duration_minutes": 45})
    while clock.now < first + timedelta(days=175):
        clock.advance(days=25)
        answer = api.post("/auth/refresh", {"refresh_token": refresh_token})
        refresh_token = answer.json["refresh_token"]
        assert purge_all(purger) == 0
        assert api.get("/users/me", token=answer.json["access_token"]).status_code == 200
    assert [table.select().count() for table in (User, SignIn, FamiliarAddress, Plan, Session)] == [1] * 5


def test_sign_ins_go_a_week_after_they_ended(student: Student, api: Api, purger: Purger, clock: FrozenClock) -> None:
    clock.advance(days=20)
    young = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
    clock.advance(days=17, seconds=-1)
    assert purge_all(purger) == 0
    clock.advance(seconds=3600)
    assert purge_all(purger) == 1
    assert api.get("/users/me", token=student.token).status_code == 401
    refreshed = api.post("/auth/refresh", {"refresh_token": student.refresh_token})
    assert refreshed.json["code"] == "invalid_refresh_token"
    assert api.post("/auth/refresh", {"refresh_token": young["refresh_token"]}).status_code == 200
    assert SignIn.select().count() == 1


def test_addresses_go_once_they_are_strange(student: Student, purger: Purger, clock: FrozenClock) -> None:
    user = UUID(student.id)
    for number, days_ago in enumerate((0, 30, 37, 38, 300)):
        FamiliarAddress.create(user=user, address=str(number), day=clock.now.date() - timedelta(days=days_ago))
    assert purge_all(purger) == 2
    kept = {row.address for row in FamiliarAddress.select()}
    assert {"0", "1", "2"} < kept
    assert len(kept) == 4


def test_jobs_go_ninety_days_after_they_were_finished(student: Student, purger: Purger, clock: FrozenClock) -> None:
    now = clock.now
    old, older = now - timedelta(days=90), now - timedelta(days=97, seconds=1)
    kept = {
        add_job(student, old),
        add_job(student, now - WEEK),
        add_job(student, older, status=JobStatus.RUNNING),
        add_job(student, older, updated_at=now, week_start=older.date() - 2 * WEEK),
        add_job(student, older, week_start=now.date()),
    }
    gone = {add_job(student, older, status=JobStatus.FAILED), add_job(student, older - WEEK)}
    assert len(kept | gone) == 7
    assert purge_all(purger) == 2
    assert {job.id for job in Job.select(Job.id)} == kept


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Jakarta"])
def test_the_week_that_a_finished_job_closes_is_closed_whatever_the_zone(
    student: Student, purger: Purger, clock: FrozenClock, zone: str
) -> None:
    """Also by a job that was left long ago, as after a clock ran wrong."""
    wish = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Math"], "timezone": zone}
    assert student.put("/users/preferences", wish).status_code == 200
    week_start = date.fromisoformat(student.get("/ai/plans/status/weekly").json["week_start"])
    add_job(student, clock.now - timedelta(days=400), week_start=week_start)
    count_up([UUID(student.id)])  # as completing it did
    assert purge_all(purger) == 0
    assert student.get("/ai/plans/status/weekly").json["has_generated_this_week"] is True


def test_a_deleted_job_leaves_its_plan(student: Student, purger: Purger, clock: FrozenClock) -> None:
    plan = student.post("/plans", {"title": "Exam", "topic": "Math", "duration_minutes": 45}).json
    add_job(student, clock.now - timedelta(days=100), plan=UUID(plan["id"]))
    assert purge_all(purger) == 1
    assert [found["id"] for found in student.get("/plans").json] == [plan["id"]]


def test_it_goes_in_small_batches_and_rests_for_an_hour(student: Student, purger: Purger, clock: FrozenClock) -> None:
    ended = clock.now - timedelta(days=8)
    dates = dict.fromkeys(("rotated_at", "created_at", "expires_at", "ends_at"), ended)
    rows = [{"user": UUID(student.id), "skipped": [], **dates} for _ in range(BATCH_ROWS + 50)]
    SignIn.insert_many(rows).execute()
    assert [purger.step() for _ in range(3)] == [BATCH_ROWS, 50, 0]
    SignIn.insert_many(rows[:1]).execute()
    assert purger.step() == 0
    clock.advance(minutes=59, seconds=59)
    assert purger.step() == 0
    clock.advance(seconds=1)
    assert purger.step() == 1
    assert student.get("/users/me").status_code == 200
