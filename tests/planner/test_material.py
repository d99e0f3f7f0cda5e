"""What a session is taught with, where its unit is one of ours and its plan's language has words for it."""

from typing import Any
from uuid import UUID, uuid4

from schediora.subjects.catalog import unit_of
from tests.client import Student
from tests.planner.book import PREFERENCES, append, ok, refused, week
from tests.planner.generated import CELLS, plan_of


def material(student: Student, session: dict[str, Any]) -> dict[str, Any]:
    """Ask for a session's material."""
    return dict(ok(student.get(f"/sessions/{session['id']}/material")))


def test_a_session_about_a_unit_of_ours_has_its_example_and_questions(student: Student) -> None:
    plan_of(UUID(student.id), {"units": (("own.0123456789ab", "Chapter 3"), CELLS)})
    unit = unit_of(CELLS[0])
    assert unit is not None
    ours = unit.material("en")
    shown = material(student, week(student)[0])
    assert shown["example"] == f"{ours.example}\n\n{ours.solution}"
    assert shown["questions"] == [{"question": each.question, "answer": each.answer} for each in ours.questions]
    assert len(shown["questions"]) > 2


def test_material_is_in_the_plans_language_or_not_there(student: Student) -> None:
    unit = unit_of(CELLS[0])
    assert unit is not None
    for language in ("id", "fr"):
        plan_of(UUID(student.id), {"units": (CELLS,), "title": language}, language=language)
    indonesian, french = week(student)
    assert material(student, indonesian)["questions"][0]["question"] == unit.material("id").questions[0].question
    assert material(student, french) == {"example": None, "questions": []}


def test_a_plan_that_does_not_say_its_language_is_read_by_its_words_and_its_student(student: Student) -> None:
    unit = unit_of(CELLS[0])
    assert unit is not None
    for topic in ("Biology", "Biologi", "Biologie"):
        plan_of(UUID(student.id), {"units": (CELLS,), "topic": topic}, language=None)
    english, indonesian, _ = (material(student, session) for session in week(student))
    assert english["questions"][0]["question"] == unit.material("en").questions[0].question
    assert indonesian["questions"][0]["question"] == unit.material("id").questions[0].question


def test_a_session_of_which_nothing_is_known_has_no_material(student: Student) -> None:
    ok(student.put("/users/preferences", PREFERENCES))
    plan_of(UUID(student.id), {"units": (("own.0123456789ab", "Chapter 3"),)})
    append(student, title="By hand")
    nothing: dict[str, Any] = {"example": None, "questions": []}
    assert [material(student, session) for session in week(student)] == [nothing, nothing]


def test_somebody_elses_session_has_none(student: Student, register: Any) -> None:
    plan_of(UUID(student.id), {"units": (CELLS,)})
    (session,) = week(student)
    refused(register().get(f"/sessions/{session['id']}/material"), 404, "not_found")
    refused(student.get(f"/sessions/{uuid4()}/material"), 404, "not_found")
