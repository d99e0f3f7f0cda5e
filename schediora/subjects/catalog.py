"""The subjects that Schediora knows: their units as a graph, and for each unit the words to teach it with.

A subject is a folder of `data/`: `subject.toml` has the structure, `titles.toml` what it and its units are called, and
a file for each language what they are taught with.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from schediora.subjects.once import once

Genre = Literal["problems", "reading", "language", "instrument", "programming", "test"]
"""The kind of work that a subject is studied by."""
Stage = Literal["lower", "upper", "university"]
"""Lower secondary, upper secondary, first year of university."""

FALLBACK = "en"
_PLACE = "{language}"
"""Where the material of the spoken languages says which one is learned."""
_OF = "@"
"""Between a key and the spoken language that it is about: "spoken_language.sounds@fr"."""
_STRUCTURE, _TITLES, _ENDING = "subject.toml", "titles.toml", ".toml"


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the student, and its full answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Material:
    """What one unit is taught with, in one language.

    `points` say what to learn, in order; `example` is a task and `solution` its way, step by step; `pitfall` names the
    typical mistake; `questions` go from easy to hard.
    """

    points: tuple[str, ...]
    example: str
    solution: str
    pitfall: str
    questions: tuple[Question, ...]

    def about(self, language: str) -> "Material":
        """Return the material with the name of the `language` that it teaches in its places."""

        def told(text: str) -> str:
            return text.replace(_PLACE, language)

        return Material(
            points=tuple(map(told, self.points)),
            example=told(self.example),
            solution=told(self.solution),
            pitfall=told(self.pitfall),
            questions=tuple(Question(told(each.question), told(each.answer)) for each in self.questions),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A sub-topic. `key` is stable and unique among all subjects; `needs` are keys of units that come before it.

    It is first met at `stage` and taken up again at `further_stages`. `minutes` are those of its lessons; `names` mean
    it wherever they stand, `weak_names` only beside words of study. `languages` are those in which there is material.
    """

    key: str
    needs: tuple[str, ...]
    stage: Stage
    further_stages: tuple[Stage, ...]
    minutes: int
    section: str | None
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    languages: frozenset[str]
    _titles: Mapping[str, str] = field(repr=False)
    _folder: str = field(repr=False)
    _name: str = field(repr=False)
    _taught: Mapping[str, str] = field(repr=False, default_factory=dict)

    def title(self, language: str) -> str:
        """Return the unit's title in `language` (ISO 639-1), in English where there is none."""
        return self._titles.get(language) or self._titles[FALLBACK]

    def material(self, language: str) -> Material:
        """Return what the unit is taught with in `language`, in English where there is nothing else."""
        known = language if language in self.languages else FALLBACK
        found = _material_of(self._folder, known)[self._name]
        return found.about(self._taught[known]) if self._taught else found

    def titles(self) -> Mapping[str, str]:
        """Return what the unit is called, by language."""
        return self._titles


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A subject and its units, in an order in which they can be learned.

    `mock_minutes` is how long its paper takes, `section_minutes` how long each section of
    it does, where that is known. The spoken languages are a subject each, whose units differ in
    the language that they are about; the one without a language has the names of their units.
    `languages` are those in which there is material; titles there may be in more. `asks` are
    keys of other subjects that a test asks for as well.
    """

    key: str
    genre: Genre
    mock_minutes: int
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    sections: tuple[str, ...]
    units: tuple[Unit, ...]
    languages: frozenset[str]
    _titles: Mapping[str, str] = field(repr=False)
    _section_titles: Mapping[str, Mapping[str, str]] = field(repr=False)
    section_minutes: Mapping[str, int] = field(default_factory=dict)
    asks: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return what the subject is called in `language`, in English where there is no word."""
        return self._titles.get(language) or self._titles[FALLBACK]

    def section_title(self, section: str, language: str) -> str:
        """Return what the section of a test is called in `language`."""
        return (self._section_titles.get(language) or self._section_titles[FALLBACK])[section]

    @property
    def kin(self) -> str:
        """The key that subjects share which differ only in the language that is learned."""
        return self.key.partition(_OF)[0]


@once
def subjects() -> tuple[Subject, ...]:
    """Return every subject, by key."""
    folders = (entry for entry in files(__package__).joinpath("data").iterdir() if entry.is_dir())
    found = (subject for folder in folders for subject in _subjects(folder))
    return tuple(sorted(found, key=lambda subject: subject.key))


@once
def _by_key() -> Mapping[str, tuple[Subject, Unit]]:
    return {unit.key: (subject, unit) for subject in subjects() for unit in subject.units}


def unit_of(key: str) -> Unit | None:
    """Return the unit whose key is `key` ("biology.cells"), None when there is none."""
    found = _by_key().get(key)
    return found[1] if found else None


def subject_of(key: str) -> Subject | None:
    """Return the subject to which the unit `key` belongs, None when there is none."""
    found = _by_key().get(key)
    return found[0] if found else None


def _subjects(folder: Traversable) -> Iterator[Subject]:
    """Yield the subject of `folder`, and where it can be learned of many languages one more for each of them."""
    structure = tomllib.loads(folder.joinpath(_STRUCTURE).read_text("utf-8"))
    titles = tomllib.loads(folder.joinpath(_TITLES).read_text("utf-8"))
    names = (entry.name for entry in folder.iterdir() if entry.name not in (_STRUCTURE, _TITLES))
    taught_in = frozenset(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING))
    subject = _subject(folder.name, structure, titles, taught_in)
    if languages := structure.get("languages"):
        yield _spoken(subject, "", {each: titles[each]["language"] for each in taught_in}, subject.weak_names)
        for code, called in languages.items():
            told = {each: called[each] for each in sorted(taught_in)}
            yield _spoken(subject, _OF + code, told, (*told.values(), *called["names"]))
    else:
        yield subject


def _spoken(subject: Subject, suffix: str, called: Mapping[str, str], names: tuple[str, ...]) -> Subject:
    units = tuple(
        replace(
            unit,
            key=unit.key + suffix,
            needs=tuple(key + suffix for key in unit.needs),
            _taught=called,
        )
        for unit in subject.units
    )
    titles = {each: name[:1].upper() + name[1:] for each, name in called.items()}
    return replace(subject, key=subject.key + suffix, weak_names=names, units=units, _titles=titles)


def _subject(
    folder: str, structure: dict[str, Any], titles: Mapping[str, dict[str, Any]], taught_in: frozenset[str]
) -> Subject:
    return Subject(
        key=structure["key"],
        genre=structure["genre"],
        mock_minutes=structure["mock_minutes"],
        names=tuple(structure["names"]),
        weak_names=tuple(structure["weak_names"]),
        sections=tuple(structure["sections"]),
        units=tuple(
            Unit(
                key=f"{structure['key']}.{unit['key']}",
                needs=tuple(f"{structure['key']}.{key}" for key in unit["needs"]),
                stage=unit["stage"],
                further_stages=tuple(unit.get("further_stages", ())),
                minutes=unit["minutes"],
                section=unit["section"] or None,
                names=tuple(unit["names"]),
                weak_names=tuple(unit["weak_names"]),
                languages=taught_in,
                _titles={language: called["units"][unit["key"]] for language, called in titles.items()},
                _folder=folder,
                _name=unit["key"],
            )
            for unit in structure["units"]
        ),
        languages=taught_in,
        _titles={language: called["name"] for language, called in titles.items()},
        _section_titles={language: called.get("sections", {}) for language, called in titles.items()},
        section_minutes=structure.get("section_minutes", {}),
        asks=tuple(structure.get("asks", ())),
    )


@cache
def _material_of(folder: str, language: str) -> Mapping[str, Material]:
    """Return what the units of `folder` are taught with; read when it is asked for, as most of it never is."""
    text = files(__package__).joinpath("data", folder, language + _ENDING).read_text("utf-8")
    return {
        key: Material(
            points=tuple(unit["points"]),
            example=unit["example"],
            solution=unit["solution"],
            pitfall=unit["pitfall"],
            questions=tuple(Question(entry[0], entry[1]) for entry in unit["questions"]),
        )
        for key, unit in tomllib.loads(text)["units"].items()
    }
