"""What a generated plan is about, as its job and its sessions say: topics, units, language, coverage, and the model's
part in it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schediora.ai.author import Author, Authored, build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database, connected
from schediora.models.ai import Job
from tests.ai.authors import author_of
from tests.client import FrozenClock, Student
from tests.model_behaviours import good
from tests.model_server import ModelServer

WISH = {"goal": "Pass the semester exam", "topic": "Biology"}
PREFERENCES = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Anything"], "timezone": "UTC"}


def made(student: Student, runner: Runner, **changes: Any) -> Any:
    """Return the job of a plan that was asked for and made."""
    job_id = student.post("/ai/plans/generate", {**WISH, **changes}).json["job_id"]
    runner.run(UUID(job_id))
    return student.get(f"/ai/jobs/{job_id}").json


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        server.behave(good())
        yield server


def test_a_first_plan_begins_with_the_first_unit_and_says_how_far_that_is(student: Student, runner: Runner) -> None:
    job = made(student, runner)
    first = student.get("/sessions").json[0]
    assert (first["kind"], first["units"][0]["key"]) == ("learn", "biology.cells")
    [coverage] = job["coverage"]
    assert (coverage["topic"], coverage["learned"], coverage["weeks_left"]) == ("Biology", 0, None)
    assert coverage["units"] > 8
    assert (job["stage"], job["usage"]) == (None, None)


def test_further_topics_share_the_week_each_with_sessions_of_its_own(student: Student, runner: Runner) -> None:
    student.put("/users/preferences", PREFERENCES)
    job = made(student, runner, also=["Kimia", "World history"])
    assert job["status"] == "completed"
    assert {each["topic"] for each in student.get("/sessions").json} == {"Biology", "Kimia", "World history"}
    assert [each["topic"] for each in student.get("/plans").json] == ["Biology"]
    assert [each["topic"] for each in job["coverage"]] == ["Biology", "Kimia", "World history"]


@pytest.mark.parametrize(
    "also", [["biologi"], ["Photosynthesis"], ["Kimia", "Chemistry"], ["A", "B", "C", "D", "E"], [""], "Chemistry"]
)
def test_a_topic_named_twice_or_too_many_are_refused(student: Student, also: Any) -> None:
    answer = student.post("/ai/plans/generate", {**WISH, "also": also})
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert student.get("/ai/plans/status/weekly").json["can_generate"] is True


def test_the_only_exam_being_today_leaves_nothing_to_plan(student: Student, runner: Runner, clock: FrozenClock) -> None:
    today = clock.now.date()
    student.put("/users/preferences", {**PREFERENCES, "exams": [{"topic": "Biologi", "date": f"{today}"}]})
    job = made(student, runner)
    assert job["error"]["code"] == "no_time_available"
    assert "today" in job["error"]["detail"]
    assert len(job["feasibility"]["unplaced"]) >= 6
    assert job["feasibility"]["needed_minutes"] > 0


def test_an_exam_of_today_is_over_where_another_one_is_ahead(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    days = [clock.now.date(), clock.now.date() + timedelta(days=3)]
    exams = [{"topic": "Biology final exam", "date": f"{day}"} for day in days]
    student.put("/users/preferences", {**PREFERENCES, "exams": exams})
    assert made(student, runner)["status"] == "completed"
    assert all(each["scheduled_on"] < f"{days[1]}" for each in student.get("/sessions").json)


def test_a_topic_whose_only_exam_is_today_is_left_out_of_a_shared_week_and_that_is_said(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    exams = [{"topic": "Biology", "date": f"{clock.now.date()}"}]
    student.put("/users/preferences", {**PREFERENCES, "exams": exams})
    job = made(student, runner, also=["Chemistry"])
    assert {each["topic"] for each in student.get("/sessions").json} == {"Chemistry"}
    assert any("Biology is today" in note for note in job["feasibility"]["notes"])
    assert "Biology is today" in job["result_structured"]["summary"]


def test_everything_is_said_in_the_language_of_the_plan(student: Student, runner: Runner) -> None:
    student.put("/users/preferences", {**PREFERENCES, "daily_hours": 6, "timezone": "Asia/Jakarta"})
    job = made(student, runner, topic="Biologi", goal="Semester exam")
    assert "Pelajari" in job["result_structured"]["steps"][0]["title"]
    assert "dipelajari" in job["coverage"][0]["text"]
    assert "tempatkan" in student.get("/sessions").json[0]["reason"]["text"]
    assert job["feasibility"]["notes"] != []


class Watched(Author):
    """An author who looks at the job while writing."""

    def __init__(self, author: Author, job: Any) -> None:
        self._author = author
        self._job = job
        self.seen: list[Any] = []

    @property
    def has_model(self) -> bool:
        return False

    def write(self, *given: Any, **options: Any) -> Authored:
        self.seen.append(self._job())
        return self._author.write(*given, **options)


def test_a_running_job_says_what_it_is_at(student: Student, database: Database, clock: FrozenClock) -> None:
    job_id = student.post("/ai/plans/generate", WISH).json["job_id"]
    author = Watched(build_author(provider="rules"), lambda: student.get(f"/ai/jobs/{job_id}").json)
    Runner(database, author, default_timezone="UTC", clock=clock).run(UUID(job_id))
    [seen] = author.seen
    assert (seen["status"], seen["stage"]) == ("running", "writing")


def test_a_model_names_the_units_of_a_subject_once_and_its_tokens_are_counted(
    student: Student, database: Database, clock: FrozenClock, model: ModelServer
) -> None:
    runner = Runner(database, author_of(model.base_url), default_timezone="UTC", clock=clock)
    job = made(student, runner, topic="Bookbinding")
    assert (job["source"], job["degraded_reason"]) == ("openai:tiny", None)
    assert job["usage"]["prompt_tokens"] > 0
    syllabus = student.get("/syllabus?topic=Bookbinding").json
    assert (syllabus["source"], len(syllabus["units"])) == ("model", 10)
    assert {unit["key"] for each in student.get("/sessions").json for unit in each["units"]} <= {
        unit["key"] for unit in syllabus["units"]
    }
    calls = len(model.calls)
    clock.advance(days=6)
    made(student, runner, topic="bookbinding")
    assert len(model.calls) == calls + 1


def test_past_the_days_tokens_our_own_words_do_and_the_student_is_told(
    student: Student, database: Database, clock: FrozenClock, model: ModelServer
) -> None:
    runner = Runner(database, author_of(model.base_url), default_timezone="UTC", clock=clock, daily_tokens=100)
    first = made(student, runner)
    with connected(database):
        Job.update(week_start=clock.now.date() - timedelta(days=30)).execute()
    for plan in student.get("/plans").json:
        student.delete(f"/plans/{plan['id']}")
    calls = len(model.calls)
    second = made(student, runner)
    assert (first["source"], second["source"]) == ("openai:tiny", "rules")
    assert "allows" in second["degraded_reason"]
    assert len(model.calls) == calls
