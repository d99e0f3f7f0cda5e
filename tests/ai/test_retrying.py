"""An operator has a plan made that could not be, as if the student had asked again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from schediora.ai.author import Author, Authored
from schediora.ai.errors import JobNotFound, NotRetryable, WeeklyPlanExists
from schediora.ai.jobs import Runner
from schediora.ai.model.slots import UnitList
from schediora.ai.model.usage import Usage
from schediora.ai.queries import newest_jobs
from schediora.ai.service import retry
from schediora.auth import students
from schediora.db.database import Database, connected
from schediora.models.ai import Job, JobStatus
from schediora.models.planner import Plan
from schediora.models.users import User
from schediora.syllabus.syllabus import ListedUnit
from tests.client import FrozenClock, Student

WISH = {"goal": "Pass the semester exam", "topic": "Chemistry", "also": ["Biology"]}


@pytest.fixture
def again(database: Database, clock: FrozenClock) -> Any:
    """Tries a job again; returns the job and the ids that were hinted at."""

    def _again(job_id: str) -> tuple[Job, list[UUID]]:
        hinted: list[UUID] = []
        with connected(database):
            return retry(UUID(job_id), default_timezone="UTC", now=clock.now, hint=hinted.append), hinted

    return _again


def ask(student: Student, database: Database, *, fail: bool = True, **wish: str) -> str:
    job_id = str(student.post("/ai/plans/generate", WISH | wish).json["job_id"])
    if fail:
        with connected(database):
            Job.update(status=JobStatus.FAILED, error_code="internal_error").where(Job.id == UUID(job_id)).execute()
    return job_id


@pytest.mark.parametrize("week", ["current", "next"])
def test_a_failed_job_is_asked_for_again_in_its_own_week(
    week: str, student: Student, database: Database, runner: Runner, again: Any
) -> None:
    failed = ask(student, database, week=week)
    made, hinted = again(failed)
    assert hinted == [made.id]
    assert (made.topic, made.also, made.goal) == (WISH["topic"], WISH["also"], WISH["goal"])
    runner.run(made.id)
    assert student.get(f"/ai/jobs/{made.id}").json["status"] == "completed"
    assert student.get(f"/ai/plans/status/weekly?week={week}").json["has_generated_this_week"]
    assert student.get(f"/ai/jobs/{failed}").json["status"] == "failed"


def test_one_that_waits_is_hinted_at_and_nothing_is_added(student: Student, database: Database, again: Any) -> None:
    waiting = ask(student, database, fail=False)
    made, hinted = again(waiting)
    assert (str(made.id), [str(key) for key in hinted]) == (waiting, [waiting])
    with connected(database):
        assert Job.select().count() == 1


def test_what_is_done_or_over_or_unknown_is_refused(
    student: Student, database: Database, runner: Runner, clock: FrozenClock, again: Any
) -> None:
    failed = ask(student, database)
    done, _ = again(failed)
    runner.run(done.id)
    with pytest.raises(NotRetryable, match="completed"):
        again(str(done.id))
    with pytest.raises(WeeklyPlanExists):
        again(failed)
    clock.advance(timedelta(weeks=1))
    with pytest.raises(NotRetryable, match="over"):
        again(failed)
    with pytest.raises(JobNotFound):
        again(str(UUID(int=7)))


def test_jobs_are_found_by_status_and_student_the_newest_first(student: Student, database: Database) -> None:
    failed = ask(student, database)
    waiting = ask(student, database, fail=False)
    with connected(database):
        found = [
            [str(job.id) for job in newest_jobs(status, of, limit=9)]
            for status, of in ((None, None), (JobStatus.FAILED, None), (None, UUID(int=7)))
        ]
        assert newest_jobs(None, None, limit=1)[0].user.email == student.email
    assert found == [[waiting, failed], [failed], []]


class DeletesTheStudent(Author):
    """An author who, at work, sees its student deleted: while it writes, or while it names the units of a subject."""

    def __init__(self, author: Author, database: Database, student: Student, *, at: str) -> None:
        self._author, self._database, self._student, self._at = author, database, student, at

    @property
    def has_model(self) -> bool:
        return self._at == "units"

    def list_units(self, topic: str, language: str, *, seconds: float = 0) -> UnitList | None:
        self._delete()
        return UnitList(tuple(ListedUnit(f"Part {number}") for number in range(8)), Usage(1, 1))

    def write(self, *given: Any, **options: Any) -> Authored:
        if self._at == "words":
            self._delete()
        return self._author.write(*given, **options)

    def _delete(self) -> None:
        with connected(self._database):
            students.delete(UUID(self._student.id))


@pytest.mark.parametrize(("at", "topic"), [("words", "Chemistry"), ("units", "Bookbinding")])
def test_a_running_job_of_a_deleted_student_finishes_into_nothing(
    at: str, topic: str, student: Student, database: Database, author: Author, clock: FrozenClock
) -> None:
    job_id = UUID(student.post("/ai/plans/generate", {"goal": "Pass", "topic": topic}).json["job_id"])
    author = DeletesTheStudent(author, database, student, at=at)
    runner = Runner(database, author, default_timezone="UTC", clock=clock)
    with capture_logs() as lines:
        runner.run(job_id)
        runner.holding.heartbeat()
        runner.run(job_id)
    assert [line for line in lines if line["log_level"] in ("warning", "error")] == []
    with connected(database):
        assert [model.select().count() for model in (User, Job, Plan)] == [0, 0, 0]
        assert runner.waiting(everything=True) == []
