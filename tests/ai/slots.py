"""Slots and requests for the tests of what asks a model for words: an ordinary week of Biology."""

from datetime import date
from typing import Any

from schediora.ai.curriculum.frame import Frame, Role, Slot, Why
from schediora.ai.model.passages import passages_of
from schediora.ai.model.slots import SlotRequest
from schediora.subjects.catalog import subject_of, unit_of
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

WEEK = (
    (Role.LESSON, "biology.cells", 45),
    (Role.PRACTICE, "biology.cells", 30),
    (Role.LESSON, "biology.membranes", 45),
    (Role.PRACTICE, "biology.membranes", 30),
    (Role.RECALL, "biology.cells", 20),
    (Role.RECALL, "biology.membranes", 20),
)


def unit(key: str, language: str = "en") -> SyllabusUnit:
    """Return a built-in unit as a student has it."""
    found = unit_of(key)
    assert found is not None
    return SyllabusUnit(
        found.key, found.title(language), minutes=found.minutes, stage=found.stage, material=found.material(language)
    )


def slot(role: Role, *keys: str, minutes: int = 30, **changes: Any) -> Slot:
    """Return a slot about built-in units."""
    usual: dict[str, Any] = {"why": Why.NEW, "topic": "Biology", "units": tuple(unit(key) for key in keys)}
    return Slot(role=role, minutes=minutes, **{**usual, **changes})


def week() -> Frame:
    """Return a frame of six slots about two units."""
    return Frame(tuple(slot(role, key, minutes=minutes) for role, key, minutes in WEEK))


def request(frame: Frame | None = None, *, longest: int | None = None, language: str = "en") -> SlotRequest:
    """Return the request for all words of `frame`."""
    passages = passages_of(frame or week(), longest)
    return SlotRequest(passages, language, tuple(range(len(passages))), "Pass the semester exam")


def biology(topic: str = "Biology") -> Syllabus:
    """Return the built-in syllabus of Biology in English."""
    subject = subject_of("biology.cells")
    assert subject is not None
    units = tuple(unit(found.key) for found in subject.units)
    return Syllabus(topic, "biology", Source.BUILTIN, "en", subject.genre, subject.mock_minutes, units)


MONDAY = date(2026, 11, 23)
