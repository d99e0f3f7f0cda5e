"""A generated plan as it is lived with: its sessions know what they are about, are remembered, and are placed anew in
the order in which they build on each other. It is Wednesday 2026-03-04.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from schediora.ai.jobs import Runner
from schediora.models.planner import Plan, Session
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, change, ok, tick, travel, week
from tests.planner.generated import memories, replayed
from tests.planner.replanning import apply, preview

SHORT_WINDOWS = [
    {"weekday": weekday, "start": start, "end": f"{start[:3]}20"}
    for weekday in range(1, 8)
    for start in ("16:00", "18:00", "20:00")
]


@pytest.fixture
def planned(student: Student, runner: Runner) -> Student:
    """A student of Indonesian biology whose windows are so short that steps are split."""
    ok(student.put("/users/preferences", PREFERENCES | {"availability": SHORT_WINDOWS}))
    job = ok(student.post("/ai/plans/generate", {"goal": "Semester exam", "topic": "Biologi"}), 202)
    runner.run(UUID(job["job_id"]))
    assert ok(student.get(f"/ai/jobs/{job['job_id']}"))["status"] == "completed"
    return student


@pytest.mark.parametrize("said", [True, False], ids=["said", "started and ticked off"])
def test_a_plan_follows_how_long_sessions_take_and_goes_on_doing_so(
    student: Student, runner: Runner, clock: FrozenClock, said: bool
) -> None:
    paces = []
    for monday in ("2026-03-09", "2026-03-16", "2026-03-23"):
        travel(student, clock, f"{monday}T00:30:00Z")
        job = ok(student.post("/ai/plans/generate", {"goal": "Semester exam", "topic": "Biology"}), 202)
        runner.run(UUID(job["job_id"]))
        plan: Any = Plan.get_by_id(UUID(ok(student.get(f"/ai/jobs/{job['job_id']}"))["plan_id"]))
        paces.append(round(plan.pace_of_work, 1))
        for session in week(student):
            took = round(1.5 * session["duration_minutes"] / plan.pace_of_work)
            if said:
                change(student, session, status="done", actual_minutes=took)
            else:
                change(student, session, status="in_progress")
                clock.advance(minutes=took)
                tick(student, session)
    assert paces == [1, 1.5, 1.5]


def out_of_order() -> list[tuple[str, str]]:
    """Return the titles of sessions that start before one that they build on has ended."""
    by_id: dict[UUID, Any] = {session.id: session for session in Session.select()}
    return [
        (session.title, earlier.title)
        for session in by_id.values()
        for earlier in (by_id[UUID(key)] for key in session.builds_on or ())
        if earlier.scheduled_at + timedelta(minutes=earlier.duration_minutes) > session.scheduled_at
    ]


def test_every_session_knows_its_units_its_role_and_the_parts_before_it(planned: Student) -> None:
    plan: Any = Plan.get()
    assert plan.language == "id"
    sessions: list[Any] = list(Session.select().order_by(Session.scheduled_at))
    assert all(session.units and session.role for session in sessions)
    parts = [session for session in sessions if session.title.startswith("Pelajari") and len(session.units) == 1]
    steps = {session.units[0]["key"]: [each for each in parts if each.units == session.units] for session in parts}
    assert max(map(len, steps.values())) > 2
    for of_step in steps.values():
        for earlier, later in pairwise(of_step):
            assert str(earlier.id) in later.builds_on
    assert out_of_order() == []


def test_a_missed_plan_is_placed_anew_in_its_order_and_stays_there(planned: Student, clock: FrozenClock) -> None:
    longer = [{"weekday": weekday, "start": "08:00", "end": "22:00"} for weekday in range(1, 8)]
    ok(planned.put("/users/preferences", PREFERENCES | {"availability": longer, "daily_hours": 4}))
    travel(planned, clock, "2026-03-06T07:00:00+00:00")
    shown = preview(planned)
    assert len(shown["moved"]) >= 6
    assert shown["impossible"] == []
    apply(planned, shown["revision"])
    assert out_of_order() == []
    assert preview(planned)["moved"] == []


def test_what_is_ticked_off_is_remembered_and_has_material(planned: Student) -> None:
    for session in week(planned):
        done = tick(planned, session)
        assert done["units"]
        assert ok(planned.get(f"/sessions/{session['id']}/material"))["example"]
    assert memories(planned.id) == replayed(planned.id)
    assert any(memory.learned_on for memory in memories(planned.id).values())
