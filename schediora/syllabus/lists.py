"""A topic's units as one student has them: their own list, ours, the one that a model made for them, or openly none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, get_args
from uuid import UUID

from schediora.models.syllabus import ListSource
from schediora.subjects.catalog import Genre, Unit, unit_of
from schediora.subjects.genres import genre_of, usual_paper_minutes
from schediora.subjects.recognition import Recognised, recognise, topic_key
from schediora.subjects.text import compared_title
from schediora.syllabus.queries import StoredList, lists_of
from schediora.syllabus.schemas import MOST_UNITS
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

_TOPICS_KEPT = 2048
OWN_UNIT_MINUTES = 60
"""The minutes of lessons of a unit of which nothing but the title is known."""


def syllabus_of(user_id: UUID, topic: str, goal: str, *, language: str, today: date) -> Syllabus:
    """Return what there is to learn in `topic` for the student, titles and material in `language` where there are any.

    `goal` may only name the stage. `today` is the student's local day, before which they can have said to know a unit.
    """
    found, key = recognise(topic, goal), topic_key(topic)
    stored = lists_of(user_id, key)
    genre = found.parts[0].subject.genre if found else genre_of(topic)
    paper = max(part.subject.mock_minutes for part in found.parts) if found else usual_paper_minutes(genre)
    own = tuple(_stored_units(stored.get(ListSource.STUDENT), language, today))
    if own:
        return Syllabus(topic, key, Source.STUDENT, language, genre, paper, own)
    if found:
        return Syllabus(topic, key, Source.BUILTIN, language, genre, paper, _built_in_of(topic, goal, language))
    if asked := tuple(_stored_units(stored.get(ListSource.MODEL), language, today)):
        genre = _genre(stored[ListSource.MODEL].genre) or genre
        paper = usual_paper_minutes(genre)
        return Syllabus(topic, key, Source.MODEL, language, genre, paper, asked)
    return Syllabus(topic, key, Source.GENERAL, language, genre, paper)


@lru_cache(maxsize=_TOPICS_KEPT)
def _built_in_of(topic: str, goal: str, language: str) -> tuple[SyllabusUnit, ...]:
    """Return what `built_in_units` does for a topic that is known; many students study the same."""
    found = recognise(topic, goal)
    return built_in_units(found, language) if found else ()


def built_in_units(found: Recognised, language: str) -> tuple[SyllabusUnit, ...]:
    """Return the units that a topic means, in learning order; what they need outside of these counts as there."""
    return _in_order(_built_in(unit, unit.title(language), language) for unit in found.units)


def listed(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the entries of a stored list that are in it; those that were taken out are only remembered."""
    return [entry for entry in entries if not entry.get("removed")]


def shown_title(key: str, title: str, language: str) -> str:
    """Return what a unit is called in `language`: its own title, or ours where the student took ours as it is."""
    unit = unit_of(key)
    if unit and compared_title(title) in map(compared_title, unit.titles().values()):
        return unit.title(language)
    return title


def _genre(said: str | None) -> Genre | None:
    return next((genre for genre in get_args(Genre) if genre == said), None)


def _stored_units(row: StoredList | None, language: str, today: date) -> Iterator[SyllabusUnit]:
    return iter(_in_order(_stored(entry, language, today) for entry in listed(row.units)[:MOST_UNITS]) if row else ())


def _stored(entry: Mapping[str, Any], language: str, today: date) -> SyllabusUnit:
    key, said = entry["key"], entry.get("known_on")
    known_on = min(date.fromisoformat(said), today) if said else None
    title = shown_title(key, entry["title"], language)
    left_out = bool(entry.get("left_out"))
    if unit := unit_of(key):
        return _built_in(unit, title, language, known_on=known_on, left_out=left_out)
    return SyllabusUnit(
        key=key,
        title=title,
        needs=tuple(entry.get("needs") or ()),
        minutes=entry.get("minutes") or OWN_UNIT_MINUTES,
        known_on=known_on,
        left_out=left_out,
    )


def _built_in(
    unit: Unit, title: str, language: str, *, known_on: date | None = None, left_out: bool = False
) -> SyllabusUnit:
    return SyllabusUnit(
        key=unit.key,
        title=title,
        needs=unit.needs,
        minutes=unit.minutes,
        stage=unit.stage,
        section=unit.section,
        known_on=known_on,
        left_out=left_out,
        material=unit.material(language) if language in unit.languages else None,
    )


def _in_order(units: Iterable[SyllabusUnit]) -> tuple[SyllabusUnit, ...]:
    """Return the units, each needing only those that stand before it: the order of a list wins over what is needed, and
    no circle is left.
    """
    ordered: list[SyllabusUnit] = []
    for unit in units:
        before = {each.key for each in ordered}
        ordered.append(_needing(unit, tuple(key for key in unit.needs if key in before)))
    return tuple(ordered)


def _needing(unit: SyllabusUnit, needs: tuple[str, ...]) -> SyllabusUnit:
    return unit if needs == unit.needs else replace(unit, needs=needs)
