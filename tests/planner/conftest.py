"""What replanning is tried on."""

import pytest

from tests.client import Student
from tests.planner.book import append, change, make_plan


@pytest.fixture
def missed(student: Student) -> Student:
    """A student who missed two sessions, has done one, and has pinned and planned one each for later."""
    make_plan(student, title="Missed one", scheduled_at="2026-03-02T10:00:00Z")
    append(student, title="Missed two", scheduled_at="2026-03-03T10:00:00Z")
    done = append(student, title="Done", scheduled_at="2026-03-02T12:00:00Z")
    change(student, done, status="done", completed_on="2026-03-02")
    change(student, append(student, title="Pinned"), scheduled_at="2026-03-05T10:00:00Z")
    append(student, title="Planned", topic="Math", scheduled_at="2026-03-06T10:00:00Z")
    return student
