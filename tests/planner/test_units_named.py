"""A session of the student's own that names a unit and a deadline. It is Wednesday 2026-03-04, 09:00."""

from datetime import date
from typing import Any

from schediora.models.planner import SessionUnit
from tests.client import Student
from tests.planner.book import PREFERENCES, SESSION, append, make_plan, ok, refused, tick, week
from tests.planner.generated import memories

UNITS: dict[str, Any] = {"topic": "Knots", "units": [{"title": "Bowline"}, {"title": "Splices", "left_out": True}]}


def keys(student: Student, topic: str) -> dict[str, str]:
    """Return the titles of a topic's units by key."""
    listed = ok(student.get("/syllabus", params={"topic": topic}))["units"]
    return {unit["key"]: unit["title"] for unit in listed}


def test_a_unit_of_ours_is_learned_in_a_session_that_names_it(student: Student) -> None:
    key, title = next(iter(keys(student, "Biology").items()))
    make_plan(student, unit=key, due_on="2026-03-04")
    (session,) = week(student)
    assert session["units"] == [{"key": key, "title": title}]
    assert (session["due_on"], session["late"], session["kind"]) == ("2026-03-04", False, None)
    tick(student, session)
    assert memories(student.id)[key].learned_on == date(2026, 3, 4)
    assert student.get(f"/sessions/{session['id']}/material").status_code == 200


def test_a_unit_of_the_students_own_list_is_named_also_when_it_is_left_out(student: Student) -> None:
    ok(student.put("/syllabus", UNITS))
    make_plan(student)
    for key, title in keys(student, "knots").items():
        added = append(student, topic="Knots", unit=key)
        assert added["units"] == [{"key": key, "title": title}]
    assert SessionUnit.select().count() == 2


def test_each_session_of_a_series_is_about_the_unit_and_has_the_deadline(student: Student) -> None:
    key = next(iter(keys(student, "Biology")))
    make_plan(student, unit=key, due_on="2026-03-07", repeat={"every": "day", "until": "2026-03-06"})
    assert {(session["units"][0]["key"], session["due_on"]) for session in week(student)} == {(key, "2026-03-07")}
    assert SessionUnit.select().count() == len(week(student)) == 3


def test_a_unit_that_is_none_and_a_deadline_that_is_past_change_nothing(student: Student) -> None:
    ok(student.put("/users/preferences", PREFERENCES))
    ok(student.put("/syllabus", UNITS))
    removed, _ = keys(student, "Knots")
    ok(student.put("/syllabus", UNITS | {"units": [{"title": "Splices"}]}))
    make_plan(student)
    before = week(student), ok(student.get("/plans"))
    biology = next(iter(keys(student, "Biology")))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"unit": "biology.no-such"}, "/unit"),
        ({"unit": ""}, "/unit"),
        ({"unit": None}, "/unit"),
        ({"unit": "x" * 300}, "/unit"),
        ({"topic": "Physics", "unit": biology}, "/unit"),
        ({"topic": "Knots", "unit": removed}, "/unit"),
        ({"topic": "Quilting", "unit": biology}, "/unit"),
        ({"due_on": "2026-03-03"}, "/due_on"),
        ({"due_on": None}, "/due_on"),
        ({"due_on": "2026-13-01"}, "/due_on"),
    ]
    for path in ("/plans", "/plans/current/sessions"):
        for fields, pointer in wrong:
            problem = refused(student.post(path, SESSION | fields), 422, "validation_failed")
            assert [fault["pointer"] for fault in problem["errors"]] == [pointer], fields
    assert (week(student), ok(student.get("/plans"))) == before
