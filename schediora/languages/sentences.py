"""Sentences by key in every language: a folder of files, one a language, whose {places} say how a value is told.

`{name}` is the value as it is, `{name:days}` counts something, `{name:hours}` tells minutes in hours, `{name:date}` and
`{name:weekday}` a day, `{name:clock}` a minute of the day, `{name:number}` a number with its thousands apart,
`{name:inner}` words that no longer begin a sentence, and any other word after the colon is a table of the same file in
which the value is looked up.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from schediora.languages.language import Language, Noun, written_in
from schediora.localtime import clock_of

Value = str | float | date

_PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<form>\w+))?\}")
_NOUNS: Mapping[str, Noun] = {"days": "days", "minutes": "minutes", "units": "units"}


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of the `folder` of a package; plain and cheap, each file is read once a process."""

    package: str
    folder: str = "sentences"

    def say(self, key: str, language: str, /, **values: Value) -> str:
        """Return the sentence `key` in `language` (BCP 47) with `values`, in English where it is none of ours.

        What a value holds is never filled in itself. Raise KeyError for a key or a place without its value.
        """
        spoken = written_in(language)
        document = _document(self.package, self.folder, spoken.code)
        template: str = document["sentences"][key]
        return _PLACE.sub(lambda place: _told(values[place["name"]], place["form"], spoken, document), template)

    def places(self, key: str, language: str) -> frozenset[str]:
        """Return the names of the values that the sentence `key` tells in `language`."""
        document = _document(self.package, self.folder, written_in(language).code)
        return frozenset(place["name"] for place in _PLACE.finditer(document["sentences"][key]))

    def keys(self, language: str) -> frozenset[str]:
        """Return the keys that `language` has a sentence for."""
        return frozenset(_document(self.package, self.folder, written_in(language).code)["sentences"])


@lru_cache(maxsize=256)
def _document(package: str, folder: str, code: str) -> Mapping[str, Any]:
    return tomllib.loads(files(package).joinpath(folder, f"{code}.toml").read_text("utf-8"))


def _told(value: Value, form: str | None, spoken: Language, document: Mapping[str, Any]) -> str:
    match form, value:
        case None, _:
            return str(value)
        case (("date" | "weekday"), date()):
            return spoken.date(value) if form == "date" else spoken.weekday(value)
        case "hours", int():
            return spoken.hours(value)
        case "clock", int():
            return clock_of(value)
        case "inner", str():
            return value[:1].lower() + value[1:]
        case "number", int():
            return spoken.number(value)
        case _, (int() | float()) if form in _NOUNS:
            return spoken.count(_NOUNS[form], value)
    told: str = document[str(form)][str(value)]
    return told
