"""Which list of units holds for a topic, and that what comes out is in order whatever was stored."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from schediora.db.database import Database
from schediora.models.syllabus import ListSource, SyllabusList
from schediora.models.users import User
from schediora.subjects.recognition import topic_key
from schediora.syllabus.lists import syllabus_of
from schediora.syllabus.syllabus import Source, Syllabus

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def user_id(database: Database) -> UUID:
    user: User = User.create(email="a@example.com", password_hash="-", created_at=NOW)
    return UUID(str(user.id))


def store(user_id: UUID, topic: str, source: ListSource, *units: dict[str, Any], genre: str | None = None) -> None:
    SyllabusList.create(
        user=user_id,
        topic_key=topic_key(topic),
        source=source,
        topic=topic,
        language="en",
        genre=genre,
        units=list(units),
        updated_at=NOW,
    )


def syllabus(user_id: UUID, topic: str, goal: str = "", language: str = "en") -> Syllabus:
    return syllabus_of(user_id, topic, goal, language=language, today=TODAY)


def test_ours_has_material_in_the_language_of_the_plan_and_needs_what_is_in_the_list(user_id: UUID) -> None:
    whole, part = syllabus(user_id, "UTS Biologi", language="id"), syllabus(user_id, "Trigonometry")
    assert (whole.source, whole.genre, whole.topic_key) == (Source.BUILTIN, "problems", "biology")
    assert all(unit.material for unit in whole.units)
    assert [(unit.key, unit.needs) for unit in part.units] == [("math.trigonometry", ())]
    assert not any(unit.material for unit in syllabus(user_id, "Mathe", language="de").units)
    both = syllabus(user_id, "Biology and Chemistry")
    assert {unit.key.split(".")[0] for unit in both.units} == {"biology", "chemistry"}
    assert (
        syllabus(user_id, "Mathematik", "Kelas 7", language="id").units
        == syllabus(user_id, "Grade 7 math", language="id").units
    )


def test_an_unknown_topic_has_no_units_but_a_genre(user_id: UUID) -> None:
    found = syllabus(user_id, "Marine knots")
    assert (found.source, found.units) == (Source.GENERAL, ())
    assert (syllabus(user_id, "Piano").genre, found.genre) == ("instrument", "reading")


def test_the_students_own_list_wins_and_a_models_serves_where_we_have_none(user_id: UUID) -> None:
    store(user_id, "Math", ListSource.STUDENT, {"key": "own.000000000001", "title": "My chapter", "known_on": None})
    store(user_id, "Knots", ListSource.MODEL, {"key": "own.000000000002", "title": "Bowline"}, genre="instrument")
    store(user_id, "Biology", ListSource.MODEL, {"key": "own.000000000003", "title": "Nothing"})
    assert [unit.title for unit in syllabus(user_id, "UTS matematika").units] == ["My chapter"]
    knots = syllabus(user_id, "knots")
    assert (knots.source, knots.genre, [unit.title for unit in knots.units]) == (
        Source.MODEL,
        "instrument",
        ["Bowline"],
    )
    assert syllabus(user_id, "Biology").source is Source.BUILTIN


def test_the_students_order_wins_over_what_is_needed_and_a_circle_is_cut(user_id: UUID) -> None:
    store(
        user_id,
        "Math",
        ListSource.STUDENT,
        {"key": "math.trigonometry", "title": "Trigonometry", "known_on": "2026-03-01", "left_out": False},
        {"key": "math.fractions", "title": "Bruchrechnen", "left_out": True},
    )
    store(
        user_id,
        "Knots",
        ListSource.MODEL,
        {"key": "own.a", "title": "A", "needs": ["own.b"], "minutes": 90},
        {"key": "own.b", "title": "B", "needs": ["own.a", "own.gone", "own.b"]},
    )
    first, second = syllabus(user_id, "Math", language="id").units
    assert (first.title, first.needs, first.known_on) == ("Trigonometri", (), date(2026, 3, 1))
    assert (second.title, second.left_out) == ("Bruchrechnen", True)
    assert second.material
    assert [(unit.needs, unit.minutes) for unit in syllabus(user_id, "Knots").units] == [((), 90), (("own.a",), 60)]
