"""The sentences that our own words are made of, in each language: a file of `phrases/` each."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from schediora.languages.language import FALLBACK, written_in

_FOLDER = "phrases"
_AND = " + "
"""What joins the names in a title: a comma may be part of a name."""
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """One language's sentences, by section and key."""

    language: str
    _document: Mapping[str, Any] = field(repr=False)

    def say(self, section: str, key: str, **values: str) -> str:
        """Return the sentence `key` of `section`, filled."""
        return self.fill(self._document[section][key], **values)

    def fill(self, template: str, **values: str) -> str:
        """Return `template` with its {braces} filled from `values`; what the values hold is never filled again."""
        return _SLOT.sub(lambda match: values[match[1]], template)

    def ways(self, section: str, key: str) -> tuple[str, ...]:
        """Return the sentences under `key` of `section` that are taken in turn."""
        return tuple(self._document[section][key])

    def text(self, role: str, turn: int) -> tuple[str, Sequence[str], int] | None:
        """Return title and sentences of the step `turn` (from 0) of `role` in a topic whose parts are unknown, and
        how often all of its texts have been used before.

        The first lesson, a map, comes once. None where the role has no texts of its own.
        """
        listed = self._document["topic"].get(role)
        if listed is None:
            return None
        again = listed[1:] if role == "lesson" else listed
        round_, place = divmod(turn - len(listed), len(again))
        title, *sentences = listed[turn] if turn < len(listed) else again[place]
        return title, sentences, 0 if turn < len(listed) else round_ + 1

    def label(self, role: str, turn: int, repeats: int, part: int, parts: int) -> str:
        """Return what stands before the colon of a title: "Learn (1 of 2)".

        Labels come in `turn`; one that stands before the same name again, after so many `repeats`, is numbered.
        """
        labels = self._document["labels"][role]
        label: str = labels[turn % len(labels)]
        if round_ := repeats // len(labels):
            label = self.fill(self._document["round"], label=label, round=str(round_ + 1))
        if parts == 1:
            return label
        return self.fill(self._document["part"], label=label, part=str(part + 1), parts=str(parts))

    def part_of(self, title: str, part: int, parts: int) -> str:
        """Return `title` with the number of its part in front."""
        number = self.fill(self._document["part"], label="", part=str(part + 1), parts=str(parts))
        return f"{number.strip()} {title}"

    def number(self, count: int) -> str:
        """Return `count` as a word where the language uses them beside nouns of any kind, else in figures."""
        words: Sequence[str] = self._document.get("numbers", ())
        return words[count - 1] if 0 < count <= len(words) else str(count)

    def quoted(self, names: Sequence[str], most: int = 12) -> str:
        """Return names in quotation marks, `most` of them and how many more there are."""
        return self._row([self._document["quote"].replace("{}", name) for name in names], most, self.comma)

    def together(self, names: Sequence[str], most: int) -> str:
        """Return names as they stand in a title, `most` of them and how many more there are."""
        return self._row(names, most, _AND)

    def listed(self, names: Sequence[str]) -> str:
        """Return names in a row."""
        return self.comma.join(names)

    def _row(self, names: Sequence[str], most: int, between: str) -> str:
        rest = len(names) - most
        if rest <= 1:
            return between.join(names)
        return between.join(names[:most]) + self.fill(self._document["more"], count=str(rest))

    @property
    def comma(self) -> str:
        """What stands between the entries of a list."""
        return str(self._document["comma"])

    @property
    def space(self) -> str:
        """What stands between two sentences."""
        return str(self._document.get("space", " "))

    @property
    def colon(self) -> str:
        """What stands between a title's label and its name."""
        return str(self._document.get("colon", ": "))

    @property
    def dash(self) -> str:
        """What stands between a title and what of it comes now."""
        return str(self._document["dash"])

    @property
    def nameless(self) -> str:
        """What a topic without a single visible character is called."""
        return str(self._document["nameless"])

    def further(self, turn: int, units: str) -> str:
        """Return what is worth doing with whatever was studied before: one task, and two once all had their `turn`."""
        tasks = self._document["further"]
        round_, place = divmod(turn, len(tasks))
        chosen = tasks[place : place + 1] if not round_ else (tasks[place], tasks[(place + round_) % len(tasks)])
        return self.space.join(self.fill(task, units=units) for task in chosen)

    def sentences(self) -> Iterator[str]:
        """Yield every sentence, unfilled."""
        return _texts(self._document)


def _texts(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping | list):
        for part in document.values() if isinstance(document, Mapping) else document:
            yield from _texts(part)


@cache
def _all() -> Mapping[str, Phrases]:
    folder = files(__package__).joinpath(_FOLDER)
    return {
        (language := entry.name.removesuffix(".toml")): Phrases(language, tomllib.loads(entry.read_text("utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def phrases_in(language: str) -> Phrases:
    """Return the sentences for `language` (BCP 47), English ones where there are none."""
    known = _all()
    return known.get(written_in(language).code, known[FALLBACK])


def languages() -> frozenset[str]:
    """Return the languages (ISO 639-1) in which we have words."""
    return frozenset(_all())
