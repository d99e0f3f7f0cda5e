"""The app gives up on a job after 90 s: whatever a model does, its job has ended by then."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schediora.ai import leases
from schediora.ai.author import Author
from schediora.ai.jobs import Runner
from schediora.ai.model.patience import MODEL_SECONDS
from schediora.db.database import Database
from schediora.worker import SWEEP_SECONDS
from tests.ai.authors import Hanging
from tests.client import FrozenClock, Student

WISHES: list[dict[str, Any]] = [
    {"goal": "Pass the semester exam", "topic": "Chemistry"},
    {"goal": "Pass the semester exam", "topic": "Heraldry", "also": ["Falconry", "Bookbinding", "Knitting", "Sailing"]},
]
"""A subject of ours, and some whose units a model would be asked for first."""


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("waited", [0, 8, 20, 59, 61, 75])
def test_with_the_longest_time_out_a_job_ends_within_the_apps_90_seconds(
    student: Student, database: Database, clock: FrozenClock, waited: int, wish: dict[str, Any]
) -> None:
    job_id = UUID(student.post("/ai/plans/generate", wish).json["job_id"])

    def monotonic() -> float:
        return clock.now.timestamp()

    asked_at = clock.now
    author = Author(
        Hanging(lambda seconds: clock.advance(seconds=seconds)),
        timeout_seconds=60,
        tries=5,
        monotonic=monotonic,
        sleep=lambda seconds: clock.advance(seconds=seconds),
    )
    clock.advance(seconds=waited)
    Runner(database, author, default_timezone="UTC", clock=clock).run(job_id)
    assert student.get(f"/ai/jobs/{job_id}").json["status"] == "completed"
    assert clock.now - asked_at <= max(leases.MODEL_UNTIL, timedelta(seconds=waited))


def test_a_worker_that_dies_at_the_end_of_the_models_time_leaves_enough_to_end_the_job() -> None:
    sweep, rules_and_placing = timedelta(seconds=SWEEP_SECONDS), timedelta(seconds=5)
    assert leases.MODEL_UNTIL + leases.LEASE + sweep + rules_and_placing < timedelta(seconds=90)
    assert timedelta(seconds=MODEL_SECONDS) <= leases.MODEL_UNTIL
