"""The API against its own document: every operation, called with what the schemas allow and forbid."""

import os
from collections.abc import Callable
from uuid import UUID

import pytest

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database, connected
from schediora.mail import links
from schediora.models.mail import LinkPurpose
from tests.client import FrozenClock, Student
from tests.conformance import World, conform

pytestmark = [pytest.mark.no_cover, pytest.mark.many_calls]
"""So many calls are for what they answer, not for which lines they reach."""

CASES = int(os.environ.get("SCHEDIORA_TEST_CASES", "1000"))
"""On each engine; `.ci/fuzz` asks for more."""
NEEDS_A_MOVE = {"undoReplan"}
"""What cannot be guessed."""
PREFERENCES = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"], "timezone": "Asia/Jakarta"}
SESSION = {"title": "Cell division", "topic": "Biology", "duration_minutes": 45}
WISH = {"goal": "Pass the exam", "topic": "Biology"}


def test_every_answer_is_one_that_the_document_promises(
    register: Callable[..., Student], database: Database, clock: FrozenClock
) -> None:
    by_hand, by_job, _ = students = [register() for _ in range(3)]
    newcomer = register()
    for path in ("/plans", "/plans", "/plans", "/plans", *["/plans/current/sessions"] * 4):
        assert by_hand.post(path, SESSION).status_code == 201
    assert by_job.put("/users/preferences", PREFERENCES).status_code == 200
    job_id = by_job.post("/ai/plans/generate", WISH).json["job_id"]
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    Runner(database, author, default_timezone="UTC", clock=clock).run(UUID(job_id))

    def link(student: Student, purpose: str) -> str:
        with connected(database):
            return links.make(UUID(student.id), LinkPurpose(purpose), student.email, now=clock.now)

    met = conform(World(students, newcomer, [job_id], link), cases=CASES)

    print(*(f"{number:6} {name} {status}" for (name, status), number in sorted(met.items())), sep="\n")
    assert met.total() >= CASES
    operations = {name for name, _ in met}
    assert len(operations) >= 39
    # Not only refusals: each operation was brought to do what it is for.
    assert operations - {name for name, status in met if status < 400} <= NEEDS_A_MOVE
