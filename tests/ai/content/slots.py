"""Slots to put into words: of every subject, kind of work and length."""

from collections.abc import Iterator

from schediora.ai.curriculum.frame import Frame, Role, Slot, Why
from schediora.subjects.catalog import Subject, subjects
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

LENGTHS = {
    Role.LESSON: (15, 60, 120, 240),
    Role.PRACTICE: (15, 45, 90, 240),
    Role.MIXED: (15, 60),
    Role.RECALL: (15, 45),
    Role.REVIEW: (15, 60),
    Role.REWORK: (15, 60),
    Role.MOCK: (45, 180),
    Role.DIAGNOSTIC: (45, 180),
    Role.LIGHT_REVIEW: (15, 30),
}
SEVERAL = {Role.MIXED: 3, Role.RECALL: 4, Role.REVIEW: 3, Role.REWORK: 6, Role.MOCK: 60, Role.DIAGNOSTIC: 60}
PREPARED = {"en", "id"}


def builtin(key: str, language: str) -> Syllabus:
    """Return the built-in syllabus of a subject, with material where there is some in `language`."""
    subject = next(subject for subject in subjects() if subject.key == key)
    return _syllabus(subject, language)


def every(language: str) -> Iterator[Syllabus]:
    """Yield the syllabus of each built-in subject."""
    for subject in _unlike():
        yield _syllabus(subject, language)


def some(language: str) -> Iterator[Syllabus]:
    """Yield the syllabuses that have material in `language`; where there is none, one of each genre."""
    genres = set()
    for subject in _unlike():
        if language in PREPARED or subject.genre not in genres:
            genres.add(subject.genre)
            yield _syllabus(subject, language)


def unknown(topic: str, language: str) -> Syllabus:
    """Return what there is where a subject is unknown."""
    return Syllabus(topic, topic.casefold(), Source.GENERAL, language, "reading", 90)


def slot(role: Role, syllabus: Syllabus, minutes: int, *, first: int = 0, why: Why = Why.NEW, turn: int = 0) -> Slot:
    """Return a slot on as many units, from `first` on, as its role has."""
    count = SEVERAL.get(role, 1)
    units = syllabus.units[first : first + count] or syllabus.units[:count]
    return Slot(role, why, syllabus.topic, units, minutes, turn=turn)


def frames(syllabus: Syllabus) -> Iterator[Frame]:
    """Yield weeks of ten slots: two of each of five roles, now of the same units and now of others."""
    roles = list(Role)
    for start in range(len(roles)):
        for apart in (0, 1):
            chosen = [roles[(start + step) % len(roles)] for step in range(5)]
            yield Frame(
                tuple(
                    slot(role, syllabus, LENGTHS[role][again], first=again * apart, turn=again)
                    for role in chosen
                    for again in (0, 1)
                )
            )


def _syllabus(subject: Subject, language: str) -> Syllabus:
    units = tuple(
        SyllabusUnit(
            unit.key,
            unit.title(language),
            unit.needs,
            unit.minutes,
            unit.stage,
            unit.section,
            material=unit.material(language) if language in PREPARED else None,
        )
        for unit in subject.units
    )
    genre, minutes = subject.genre, subject.mock_minutes
    return Syllabus(subject.title(language), subject.key, Source.BUILTIN, language, genre, minutes, units)


def _unlike() -> Iterator[Subject]:
    """Yield the subjects, of the spoken languages only that of any language."""
    return (subject for subject in subjects() if "@" not in subject.key)
