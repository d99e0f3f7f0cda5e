"""Who holds a job, and what giving it up, losing it and handing it back leave behind."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from schediora.ai import leases
from schediora.ai.errors import JobFailure
from schediora.ai.jobs import Runner
from schediora.ai.leases import Lease
from schediora.db.database import Database, connected
from schediora.models.ai import Job, JobStatus
from tests.client import FrozenClock, Student

SECOND = timedelta(seconds=1)


@pytest.fixture
def job_id(student: Student) -> UUID:
    wish = {"goal": "Pass the semester exam", "topic": "Chemistry"}
    return UUID(student.post("/ai/plans/generate", wish).json["job_id"])


@pytest.fixture(autouse=True)
def _connected(database: Database, student: Student) -> Iterator[None]:
    with connected(database):
        yield


def claimed(job_id: UUID, clock: FrozenClock) -> Lease:
    lease = leases.claim(job_id, now=clock.now)
    assert lease is not None
    return lease


def row(job_id: UUID) -> Job:
    job: Job = Job.get_by_id(job_id)
    return job


def test_a_claim_is_written_down(job_id: UUID, clock: FrozenClock) -> None:
    clock.advance(seconds=3)
    lease = claimed(job_id, clock)
    job = row(job_id)
    assert (job.status, job.lease_token, job.lease_until) == (JobStatus.RUNNING, lease.token, clock.now + leases.LEASE)
    assert (job.attempts, job.rules_attempts, job.updated_at) == (1, 0, clock.now)


def test_a_job_that_is_not_there_or_over_is_not_claimed(job_id: UUID, runner: Runner, clock: FrozenClock) -> None:
    runner.run(job_id)
    clock.advance(leases.LEASE)
    assert leases.claim(job_id, now=clock.now) is None
    assert leases.claim(UUID(int=1), now=clock.now) is None
    assert row(job_id).attempts == 1


def test_of_two_that_saw_a_job_idle_one_gets_it(
    job_id: UUID, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hook only chooses the moment: after the row was read, before it is changed."""
    idle = leases._idle
    first: list[Lease | None] = []

    def idle_but_another_is_quicker(job: Job, now: datetime) -> bool:
        if not first:
            first.append(None)
            first.append(leases.claim(job_id, now=now))
        return idle(job, now)

    monkeypatch.setattr(leases, "_idle", idle_but_another_is_quicker)
    assert leases.claim(job_id, now=clock.now) is None
    quicker = first[1]
    assert quicker is not None
    assert (row(job_id).lease_token, row(job_id).attempts) == (quicker.token, 1)


@pytest.mark.parametrize(("age", "seconds"), [(0, 70), (1, 69), (59, 11), (59.9, 10.1), (60, 0), (3600, 0)])
def test_a_model_gets_the_time_that_the_app_still_has_and_none_after_a_minute(
    job_id: UUID, clock: FrozenClock, age: float, seconds: float
) -> None:
    clock.advance(seconds=age)
    assert claimed(job_id, clock).model_seconds == pytest.approx(seconds)
    assert row(job_id).rules_attempts == int(seconds == 0)


def test_after_two_claims_the_rules_write_alone(job_id: UUID, clock: FrozenClock) -> None:
    for expected in (True, True, False, False):
        lease = claimed(job_id, clock)
        assert (lease.model_seconds > 0) is expected
        leases.let_go(lease, now=clock.now)
    assert (row(job_id).attempts, row(job_id).rules_attempts) == (4, 2)
    clock.advance(seconds=1)
    assert leases.claim(job_id, now=clock.now) is None
    job = row(job_id)
    assert job.updated_at == clock.now
    assert (job.status, job.error_code, job.lease_token, job.lease_until) == (
        JobStatus.FAILED,
        JobFailure.INTERNAL_ERROR,
        None,
        None,
    )
    assert str(job.error_detail).endswith("Please ask for it again.")


def test_old_age_alone_does_not_give_a_job_up(job_id: UUID, clock: FrozenClock) -> None:
    clock.advance(days=3)
    for _ in range(leases.RULES_CLAIMS):
        leases.let_go(claimed(job_id, clock), now=clock.now)
    assert leases.claim(job_id, now=clock.now) is None
    assert (row(job_id).status, row(job_id).attempts) == (JobStatus.FAILED, leases.RULES_CLAIMS)


@pytest.mark.parametrize("minutes", [0, 2])
def test_a_job_handed_back_is_as_it_was_and_hinted_at_by_the_next_sweep(
    job_id: UUID, runner: Runner, clock: FrozenClock, minutes: int
) -> None:
    clock.advance(minutes=minutes)
    assert runner.waiting(everything=True) == [job_id]
    lease = claimed(job_id, clock)
    clock.advance(seconds=1)
    leases.hand_back(lease, now=clock.now)
    job = row(job_id)
    assert (job.status, job.lease_token, job.lease_until) == (JobStatus.QUEUED, None, None)
    assert (job.attempts, job.rules_attempts, job.hinted_at, job.updated_at) == (0, 0, None, clock.now)
    assert runner.waiting(everything=False) == [job_id]


def test_handing_back_never_wears_a_job_out(job_id: UUID, runner: Runner, clock: FrozenClock) -> None:
    clock.advance(minutes=2)
    for _ in range(3 * leases.RULES_CLAIMS):
        leases.hand_back(claimed(job_id, clock), now=clock.now)
    runner.run(job_id)
    assert row(job_id).status == JobStatus.COMPLETED


def test_a_job_let_go_after_a_crash_is_hinted_at_by_the_next_sweep_and_can_be_claimed_at_once(
    job_id: UUID, runner: Runner, clock: FrozenClock
) -> None:
    assert runner.waiting(everything=True) == [job_id]
    lease = claimed(job_id, clock)
    clock.advance(seconds=1)
    leases.let_go(lease, now=clock.now)
    assert (row(job_id).attempts, row(job_id).hinted_at, row(job_id).updated_at) == (1, None, clock.now)
    clock.advance(seconds=0.001)
    assert runner.waiting(everything=False) == [job_id]
    assert claimed(job_id, clock).job.id == job_id


def test_only_what_is_still_ours_is_renewed(job_id: UUID, clock: FrozenClock) -> None:
    lost = claimed(job_id, clock)
    clock.advance(leases.LEASE)
    held = claimed(job_id, clock)
    clock.advance(seconds=4)
    leases.renew([lost.token], now=clock.now)
    assert row(job_id).lease_until == clock.now - 4 * SECOND + leases.LEASE
    leases.renew([lost.token, held.token], now=clock.now)
    assert row(job_id).lease_until == clock.now + leases.LEASE


def test_whoever_lost_a_job_changes_nothing_more(job_id: UUID, clock: FrozenClock) -> None:
    lost = claimed(job_id, clock)
    clock.advance(leases.LEASE)
    held = claimed(job_id, clock)
    before = row(job_id).__data__
    later = clock.now + SECOND
    leases.hand_back(lost, now=later)
    leases.let_go(lost, now=later)
    assert leases.fail(lost, JobFailure.NO_TIME_AVAILABLE, "Late.", now=later) is False
    assert row(job_id).__data__ == before
    assert leases.fail(held, JobFailure.NO_TIME_AVAILABLE, "There is no time.", now=later) is True
    job = row(job_id)
    assert (job.status, job.error_code, job.error_detail) == (
        JobStatus.FAILED,
        JobFailure.NO_TIME_AVAILABLE,
        "There is no time.",
    )
    assert (job.lease_token, job.lease_until, job.updated_at) == (None, None, later)


def test_one_job_is_changed_and_no_other(job_id: UUID, register: Callable[..., Student], clock: FrozenClock) -> None:
    other = register()
    wish = {"goal": "Pass", "topic": "Physics"}
    others = UUID(other.post("/ai/plans/generate", wish).json["job_id"])
    lease = claimed(others, clock)
    before = row(others).__data__
    for give_up in (leases.let_go, leases.hand_back):
        give_up(claimed(job_id, clock), now=clock.now)
    leases.fail(claimed(job_id, clock), JobFailure.INTERNAL_ERROR, "No.", now=clock.now)
    assert row(others).__data__ == before
    assert lease.token == row(others).lease_token
