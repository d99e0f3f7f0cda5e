import threading
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from schediora.ai import leases
from schediora.ai.author import Author, Authored
from schediora.ai.jobs import Runner
from schediora.db.database import Database, connected
from schediora.metrics.measurements import Measurements
from schediora.models.ai import Job
from schediora.planner.scheduler import placement
from tests.client import FrozenClock, Student

WISH = {"goal": "Pass the semester exam", "topic": "Chemistry"}


class Interrupted(Author):
    """An author during whose work something happens to the job."""

    def __init__(self, author: Author, during: Any) -> None:
        self._author = author
        self._during = during
        self.asked_for_model: list[bool] = []

    @property
    def has_model(self) -> bool:
        return False

    def write(self, *given: Any, model_seconds: float = 0, **options: Any) -> Authored:
        self.asked_for_model.append(model_seconds > 0)
        self._during()
        return self._author.write(*given, model_seconds=model_seconds, **options)


class Ended(Measurements):
    """Keeps how jobs ended."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str, str]] = []

    def job_ended(self, outcome: str, source: str, failure: str) -> None:
        self.jobs.append((outcome, source, failure))


def crash() -> None:
    raise RuntimeError("the worker died here")


@pytest.fixture
def job_id(student: Student) -> UUID:
    return UUID(student.post("/ai/plans/generate", WISH).json["job_id"])


def runner_with(database: Database, author: Author, clock: FrozenClock) -> Runner:
    return Runner(database, author, default_timezone="UTC", clock=clock)


def test_only_one_worker_gets_a_job(job_id: UUID, database: Database, clock: FrozenClock) -> None:
    with connected(database):
        assert leases.claim(job_id, now=clock.now) is not None
        assert leases.claim(job_id, now=clock.now) is None
        clock.advance(leases.LEASE - timedelta(seconds=1))
        assert leases.claim(job_id, now=clock.now) is None


def test_a_dead_workers_job_is_taken_up_again_when_its_lease_ran_out(
    job_id: UUID, student: Student, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    with connected(database):
        leases.claim(job_id, now=clock.now)
    clock.advance(leases.LEASE)
    runner.run(job_id)
    job = student.get(f"/ai/jobs/{job_id}").json
    assert (job["status"], job["attempts"]) == ("completed", 2)
    assert len(student.get("/plans").json) == 1


def test_a_heartbeat_keeps_a_slow_job_in_its_workers_hands(
    job_id: UUID, student: Student, author: Author, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    def slow() -> None:
        for _ in range(5):
            clock.advance(seconds=9)
            worker.holding.heartbeat()
            runner.run(job_id)

    worker: Runner = runner_with(database, Interrupted(author, slow), clock)
    worker.run(job_id)
    job = student.get(f"/ai/jobs/{job_id}").json
    assert (job["status"], job["attempts"]) == ("completed", 1)


def test_a_worker_that_slept_past_its_lease_stores_nothing(
    job_id: UUID, student: Student, author: Author, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    def sleep_while_another_finishes() -> None:
        clock.advance(leases.LEASE)
        runner.run(job_id)

    runner_with(database, Interrupted(author, sleep_while_another_finishes), clock).run(job_id)
    job = student.get(f"/ai/jobs/{job_id}").json
    assert (job["status"], job["attempts"]) == ("completed", 2)
    (plan,) = student.get("/plans").json
    assert plan["id"] == job["plan_id"]


def test_a_job_that_kills_every_worker_fails_in_the_end_and_opens_the_week_again(
    job_id: UUID, student: Student, author: Author, database: Database, clock: FrozenClock
) -> None:
    deadly, counted = Interrupted(author, crash), Ended()
    worker = Runner(database, deadly, default_timezone="UTC", clock=clock, measurements=counted)
    for _ in range(leases.MODEL_CLAIMS + leases.RULES_CLAIMS):
        assert student.get(f"/ai/jobs/{job_id}").json["status"] in ("queued", "running")
        worker.run(job_id)
    assert deadly.asked_for_model == [True, True, False, False]
    assert counted.jobs == []
    worker.run(job_id)
    worker.run(job_id)
    assert counted.jobs == [("failed", "", "internal_error")]
    job = student.get(f"/ai/jobs/{job_id}").json
    assert (job["status"], job["error"]["code"]) == ("failed", "internal_error")
    assert "the worker died here" not in str(job)
    assert student.get("/ai/plans/status/weekly").json["can_generate"] is True


def test_no_heartbeat_keeps_a_job_that_crashed(
    job_id: UUID, student: Student, author: Author, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    worker = runner_with(database, Interrupted(author, crash), clock)
    worker.run(job_id)
    clock.advance(seconds=1)
    worker.holding.heartbeat()
    assert runner.waiting(everything=False) == [job_id]
    runner.run(job_id)
    assert student.get(f"/ai/jobs/{job_id}").json["status"] == "completed"


def test_an_old_job_no_longer_asks_the_model(
    job_id: UUID, author: Author, database: Database, clock: FrozenClock
) -> None:
    writer = Interrupted(author, lambda: None)
    clock.advance(leases.MODEL_AGE)
    runner_with(database, writer, clock).run(job_id)
    assert writer.asked_for_model == [False]


def test_a_job_handed_back_counts_no_attempt(
    job_id: UUID, student: Student, author: Author, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    worker: Runner = runner_with(database, Interrupted(author, lambda: worker.holding.drain(0)), clock)
    worker.run(job_id)
    handed_back = student.get(f"/ai/jobs/{job_id}").json
    assert (handed_back["status"], handed_back["attempts"]) == ("queued", 0)
    assert student.get("/plans").json == []
    runner.run(job_id)
    assert student.get(f"/ai/jobs/{job_id}").json["attempts"] == 1


def test_a_stop_waits_for_the_job_in_flight(
    job_id: UUID, student: Student, author: Author, database: Database, clock: FrozenClock
) -> None:
    def stop_meanwhile() -> None:
        stop.start()
        stop.join(0.3)
        assert stop.is_alive()

    worker = runner_with(database, Interrupted(author, stop_meanwhile), clock)
    stop = threading.Thread(target=worker.holding.drain, args=(600,), daemon=True)
    worker.run(job_id)
    stop.join(60)
    job = student.get(f"/ai/jobs/{job_id}").json
    assert (stop.is_alive(), job["status"], job["attempts"]) == (False, "completed", 1)


def test_a_jobs_way_is_in_the_log(
    job_id: UUID, student: Student, author: Author, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    def another_finishes() -> None:
        clock.advance(leases.LEASE)
        runner.run(job_id)

    with capture_logs() as lines:
        runner_with(database, Interrupted(author, another_finishes), clock).run(job_id)
    first, second, completed, lost = lines
    assert [(line["event"], line["attempt"], line["use_model"]) for line in (first, second)] == [
        ("job_running", 1, True),
        ("job_running", 2, True),
    ]
    assert first["user_id"] == student.id
    assert (completed["event"], completed["source"], completed["unplaced"]) == ("job_completed", "rules", 0)
    assert completed["sessions"] == len(student.get("/sessions").json)
    assert (lost["event"], lost["log_level"]) == ("job_lost", "warning")


def test_the_sweeper_rings_for_what_nobody_works_on_and_not_at_every_sweep(
    job_id: UUID, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    assert runner.waiting(everything=False) == []  # it was rung for when it was accepted
    assert runner.waiting(everything=True) == [job_id]  # after a start, every hint may have died with its reader
    clock.advance(seconds=6)
    assert runner.waiting(everything=False) == [job_id]
    assert runner.waiting(everything=False) == []
    with connected(database):
        leases.claim(job_id, now=clock.now)
    clock.advance(seconds=9)
    assert runner.waiting(everything=False) == []
    clock.advance(seconds=2)
    assert runner.waiting(everything=False) == [job_id]
    runner.run(job_id)
    clock.advance(minutes=1)
    assert runner.waiting(everything=True) == []


def test_the_job_plans_from_the_moment_it_runs_even_days_later(
    job_id: UUID, student: Student, runner: Runner, clock: FrozenClock
) -> None:
    clock.advance(days=6)
    runner.run(job_id)
    assert student.get(f"/ai/jobs/{job_id}").json["status"] == "completed"
    assert [plan["week_start"] for plan in student.get("/plans").json] == ["2026-03-09"]
    assert all(session["scheduled_at"] >= "2026-03-10T09" for session in student.get("/sessions").json)


def test_a_job_of_a_deleted_account_ends_quietly(job_id: UUID, student: Student, runner: Runner) -> None:
    from schediora.models.users import User

    User.delete().where(User.id == UUID(student.id)).execute()
    runner.run(job_id)
    assert Job.select().count() == 0


def test_what_changes_while_the_plan_is_placed_is_seen_by_a_second_look_under_the_lock(
    job_id: UUID, student: Student, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hook only chooses the moment: after the planner was read, before its lock is taken."""
    choose = placement.choose_week
    looks: list[placement.Placement] = []

    def choose_and_meddle(*given: Any) -> tuple[Any, placement.Placement]:
        week, placed = choose(*given)
        looks.append(placed)
        if len(looks) == 1:
            first = min(placed.pieces, key=lambda piece: piece.starts_at)
            mine = {"title": "Mine", "topic": "Math", "scheduled_at": f"{first.starts_at:%Y-%m-%dT%H:%M:%SZ}"}
            assert student.post("/plans", {**mine, "duration_minutes": 45}).status_code == 201
        return week, placed

    monkeypatch.setattr(placement, "choose_week", choose_and_meddle)
    runner.run(job_id)
    assert len(looks) == 2
    spans = sorted(
        (datetime.fromisoformat(session["scheduled_at"]), session["duration_minutes"], session["topic"])
        for session in student.get("/sessions").json
    )
    assert {topic for *_, topic in spans} == {"Math", "Chemistry"}
    ends = [start + timedelta(minutes=minutes) for start, minutes, _ in spans]
    assert all(end <= start for end, (start, *_) in zip(ends, spans[1:], strict=False))


def test_a_planner_that_never_stands_still_ends_the_job_and_not_the_worker(
    job_id: UUID, student: Student, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    student.post("/plans", {"title": "Mine", "topic": "Math", "duration_minutes": 45})
    session = student.get("/sessions").json[0]["id"]
    choose = placement.choose_week
    lengths = count(15)

    def choose_and_meddle(*given: Any) -> tuple[Any, placement.Placement]:
        assert student.patch(f"/sessions/{session}", {"duration_minutes": next(lengths)}).status_code == 200
        return choose(*given)

    monkeypatch.setattr(placement, "choose_week", choose_and_meddle)
    runner.run(job_id)
    job = student.get(f"/ai/jobs/{job_id}").json
    assert (job["status"], job["error"]["code"]) == ("failed", "internal_error")
    assert "kept changing" in job["error"]["detail"]
    assert len(student.get("/plans").json) == 1


def test_the_claim_of_a_plan_for_next_week_moves_there(
    job_id: UUID, student: Student, runner: Runner, database: Database, clock: FrozenClock
) -> None:
    clock.set(datetime(2026, 3, 8, 21, 30, tzinfo=UTC))
    runner.run(job_id)
    with connected(database):
        assert Job.get_by_id(job_id).week_start == date(2026, 3, 9)
    (plan,) = student.get("/plans").json
    assert plan["week_start"] == "2026-03-09"
    student.delete(f"/plans/{plan['id']}")
    clock.set(datetime(2026, 3, 9, 8, tzinfo=UTC))
    # Without its plan the job alone says that this week is taken.
    assert student.post("/ai/plans/generate", WISH).json["code"] == "weekly_plan_exists"
