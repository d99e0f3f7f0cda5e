"""What could come next: what is due goes first, then the next new unit, and nothing that is open already."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from schediora.http.caller import Caller
from schediora.localtime import zone
from schediora.models.ai import Job
from schediora.models.planner import Plan
from schediora.models.users import User
from schediora.subjects.recognition import recognise
from schediora.syllabus.service import store_model_list
from schediora.syllabus.syllabus import ListedUnit
from schediora.syllabus.up_next import up_next
from tests.client import FrozenClock, Student
from tests.planner.book import (
    PREFERENCES,
    SESSION,
    append,
    change,
    make_plan,
    ok,
    refused,
    summary,
    tick,
    travel,
    week,
)
from tests.planner.generated import plan_of

OWN = [{"title": title} for title in ("First steps", "Second steps", "Third steps")]


def shown(student: Student, clock: FrozenClock) -> list[dict[str, Any]]:
    caller = Caller(User.get(User.email == student.email).id, zone("UTC"))
    return [view.model_dump(mode="json") for view in up_next(caller, clock())]


def keys(student: Student, clock: FrozenClock) -> list[str]:
    return [unit["key"] for unit in shown(student, clock)]


def titles(student: Student, clock: FrozenClock) -> list[str]:
    return [unit["title"] for unit in shown(student, clock)]


def lesson(key: str, **fields: Any) -> dict[str, Any]:
    return {"units": ((key, key),)} | fields


def unit_keys(student: Student, topic: str = "Biology") -> list[str]:
    return [unit["key"] for unit in ok(student.get("/syllabus", params={"topic": topic}))["units"]]


def test_nobody_knows_what_comes_next_for_a_student_without_topics_or_with_unknown_ones(
    student: Student, clock: FrozenClock
) -> None:
    assert shown(student, clock) == []
    make_plan(student, topic="Marine knots")
    assert shown(student, clock) == []


def test_the_first_new_unit_of_the_weeks_topic_comes_next(student: Student, clock: FrozenClock) -> None:
    make_plan(student, topic="Biology")
    (unit,) = shown(student, clock)
    assert unit == {"topic": "Biology", "key": "biology.cells", "title": unit["title"], "state": "new"}


def test_each_topic_of_the_week_has_its_next_unit_and_each_spelling_is_one(
    student: Student, clock: FrozenClock
) -> None:
    plan_of(UUID(student.id), lesson("biology.cells"), {"topic": "Physics"}, {"topic": "UTS Biologi"}, {"topic": "Gym"})
    assert [unit["topic"] for unit in shown(student, clock)] == ["Biology", "Physics"]


def test_a_week_without_a_plan_names_the_focus_topics_else_those_of_the_last_plan(
    student: Student, clock: FrozenClock
) -> None:
    plan_of(UUID(student.id), lesson("biology.cells"), {"topic": "Physics"})
    for session in week(student):
        tick(student, session)
    travel(student, clock, "2026-03-25T09:00:00Z")
    assert [unit["topic"] for unit in shown(student, clock)][:2] == ["Biology", "Biology"]
    assert {unit["topic"] for unit in shown(student, clock)} == {"Biology", "Physics"}
    ok(student.put("/users/preferences", PREFERENCES | {"focus_topics": ["Chemistry"]}))
    assert {unit["topic"] for unit in shown(student, clock)} == {"Chemistry"}


def test_due_units_go_first_the_most_overdue_before_the_others(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/syllabus", {"topic": "Biology", "units": OWN}))
    first, second, third = unit_keys(student)
    plan_of(UUID(student.id), lesson(first), lesson(second))
    one, two = week(student)
    tick(student, two)
    travel(student, clock, "2026-03-05T09:00:00Z")
    tick(student, one)
    assert [unit["state"] for unit in shown(student, clock)] == ["new"]
    travel(student, clock, "2026-06-10T09:00:00Z")
    assert [(unit["key"], unit["state"]) for unit in shown(student, clock)] == [
        (second, "due"),
        (first, "due"),
        (third, "new"),
    ]


def test_what_went_wrong_comes_back_until_it_is_repeated(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/syllabus", {"topic": "Biology", "units": OWN}))
    first, second, _ = unit_keys(student)
    plan_of(UUID(student.id), lesson(first))
    (session,) = week(student)
    change(student, session, status="done", rating="again")
    assert [(unit["key"], unit["state"]) for unit in shown(student, clock)] == [(first, "new"), (second, "new")]
    change(student, session, rating="good")
    assert keys(student, clock) == [second]


def test_what_is_in_an_open_session_of_this_week_or_later_is_not_named_again(
    student: Student, clock: FrozenClock
) -> None:
    ok(student.put("/syllabus", {"topic": "Biology", "units": OWN}))
    first, second, third = unit_keys(student)
    ahead = datetime(2026, 3, 11, 9, tzinfo=UTC)
    plan_of(UUID(student.id), lesson(first), lesson(second, scheduled_at=ahead, scheduled_on=ahead.date()))
    assert keys(student, clock) == [third]
    tick(student, week(student)[0])
    assert keys(student, clock) == [third]


def test_a_unit_waits_for_what_it_needs(student: Student, clock: FrozenClock) -> None:
    units = [ListedUnit("Bowline"), ListedUnit("Double bowline", needs=("Bowline",)), ListedUnit("Splices")]
    make_plan(student, topic="Marine knots")
    assert titles(student, clock) == []
    store_model_list(UUID(student.id), "Marine knots", units, language="en", genre=None, now=clock())
    assert titles(student, clock) == ["Bowline"]
    bowline = unit_keys(student, "Marine knots")[0]
    plan_of(UUID(student.id), lesson(bowline, topic="Marine knots"))
    of_knots = [unit["title"] for unit in shown(student, clock) if unit["topic"] == "Marine knots"]
    assert of_knots == ["Splices"]


def test_what_the_student_knows_is_due_after_two_weeks_and_what_they_left_out_never(
    student: Student, clock: FrozenClock
) -> None:
    entries = [OWN[0] | {"known": True}, OWN[1] | {"left_out": True}, OWN[2]]
    ok(student.put("/syllabus", {"topic": "Biology", "units": entries}))
    make_plan(student, topic="Biology")
    assert titles(student, clock) == ["Third steps"]
    travel(student, clock, "2026-03-18T09:00:00Z")
    assert [(unit["title"], unit["state"]) for unit in shown(student, clock)] == [
        ("First steps", "known"),
        ("Third steps", "new"),
    ]


def test_five_at_most(student: Student, clock: FrozenClock) -> None:
    own = [{"title": f"Step {number}", "known": True} for number in range(1, 10)]
    ok(student.put("/syllabus", {"topic": "Biology", "units": own}))
    make_plan(student, topic="Biology")
    travel(student, clock, "2026-03-25T09:00:00Z")
    assert titles(student, clock) == [f"Step {number}" for number in range(1, 6)]


def test_titles_are_in_the_plans_language(student: Student, clock: FrozenClock) -> None:
    plan_of(UUID(student.id), {}, language="id")
    (unit,) = shown(student, clock)
    assert unit["title"] == "Sel dan organelnya", unit


def test_an_exam_brings_what_is_known_back_in_its_last_week(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/syllabus", {"topic": "Biology", "units": [OWN[0] | {"known": True}]}))
    make_plan(student, topic="Biology")
    assert titles(student, clock) == []
    exams = [{"topic": "Biology", "date": date(2026, 3, 9).isoformat()}]
    ok(student.put("/users/preferences", PREFERENCES | {"focus_topics": ["Biology"], "exams": exams}))
    assert titles(student, clock) == ["First steps"]


def test_what_is_named_after_a_finished_week_is_added_as_it_is(student: Student, clock: FrozenClock) -> None:
    plan_of(UUID(student.id), lesson("biology.cells"))
    (session,) = week(student)
    tick(student, session)
    dashboard = summary(student)
    assert dashboard["week_done"] is True
    (unit,) = dashboard["up_next"]
    assert unit["state"] == "new"
    added = append(student, topic=unit["topic"], title=unit["title"], unit=unit["key"])
    assert added["units"] == [{"key": unit["key"], "title": unit["title"]}]
    assert summary(student)["week_done"] is False
    assert unit["key"] not in keys(student, clock)
    tick(student, added)
    state = {each["key"]: each["state"] for each in ok(student.get("/syllabus", params={"topic": "Biology"}))["units"]}
    assert state[unit["key"]] == "learning"


def test_the_goal_of_a_plan_says_which_stage_is_learned(student: Student, clock: FrozenClock) -> None:
    plan = plan_of(UUID(student.id), {"topic": "Math"})
    Plan.update(topic="Math").where(Plan.id == plan.id).execute()
    job = {"user": student.id, "goal": "First year university course", "topic": "Math", "status": "completed"}
    Job.create(**job, plan=plan, week_start=date(2026, 3, 2), created_at=clock(), updated_at=clock())
    done = recognise("Math", "First year university course")
    assert done
    later = next(unit for unit in done.units if unit.key == "math.complex_numbers")
    assert shown(student, clock)[0]["key"] == done.units[0].key
    assert append(student, topic="Math", unit=later.key)["units"][0]["key"] == later.key
    assert refused(student.post("/plans/current/sessions", SESSION | {"unit": later.key}), 422, "validation_failed")
