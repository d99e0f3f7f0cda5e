"""The tokens of a day are counted from what the jobs say that a model took."""

from datetime import timedelta
from uuid import UUID

from schediora.ai.queries import tokens_of_day
from schediora.db.database import Database, connected
from schediora.models.ai import Job
from tests.client import FrozenClock, Student

WISH = {"goal": "Pass the semester exam", "topic": "Chemistry"}


def test_only_the_jobs_of_the_utc_day_count(student: Student, database: Database, clock: FrozenClock) -> None:
    job_id = UUID(student.post("/ai/plans/generate", WISH).json["job_id"])
    with connected(database):
        assert tokens_of_day(clock.now) == 0
        Job.update(usage={"prompt_tokens": 900, "completion_tokens": 450}).where(Job.id == job_id).execute()
        assert tokens_of_day(clock.now) == 1350
        assert tokens_of_day(clock.now + timedelta(days=1)) == 0
