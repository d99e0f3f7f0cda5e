"""A topic's units in the order to learn them, as one student has them."""

from dataclasses import dataclass
from datetime import date

from schediora.subjects.catalog import Genre, Material, Stage
from schediora.syllabus.schemas import Source as Source


@dataclass(frozen=True, slots=True)
class SyllabusUnit:
    """A unit as the student has it. `needs` are keys of units of the same list that come before it.

    `known_on` is the local day on which the student said that they know it, None when they did not. `material` is None
    for a unit that is not ours, and in a language for which there are no words of ours.
    """

    key: str
    title: str
    needs: tuple[str, ...] = ()
    minutes: int = 60
    stage: Stage | None = None
    section: str | None = None
    known_on: date | None = None
    left_out: bool = False
    material: Material | None = None


@dataclass(frozen=True, slots=True)
class Syllabus:
    """What there is to learn in `topic`, in the student's words; `topic_key` is what two spellings of it share.

    `units` are in the order to learn them, those that were left out included; there are none where the subject is
    unknown (`Source.GENERAL`). `mock_minutes` is how long the real paper takes.
    """

    topic: str
    topic_key: str
    source: Source
    language: str
    genre: Genre
    mock_minutes: int
    units: tuple[SyllabusUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit as a model lists it; `needs` are titles of units that come before it, `minutes` those of its lessons."""

    title: str
    needs: tuple[str, ...] = ()
    minutes: int = 60
