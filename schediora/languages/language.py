"""How a language says a date, a weekday, a length of time or a number: a file of `data/` each, pure.

The forms of plurals and the order of a date follow Unicode CLDR 47.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

FALLBACK = "en"
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "id", "ja", "ko", "pt", "ru", "zh")
"""ISO 639-1."""

Noun = Literal["days", "hours", "minutes", "units"]
"""What can be counted."""
Plural = Literal["zero", "one", "two", "few", "many", "other"]

_TRADITIONAL = re.compile(r"zh-(?:hant|tw|hk|mo)\b", re.IGNORECASE)
_MINUTES_AN_HOUR = 60
_FAR = timedelta(days=300)


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language's words for the calendar and for what is counted. `code` is its ISO 639-1 code."""

    code: str
    _weekdays: tuple[str, ...] = field(repr=False)
    _months: tuple[str, ...] = field(repr=False)
    _date: str = field(repr=False)
    _day: str = field(repr=False)
    _day_of_year: str = field(repr=False)
    _first_day: str = field(repr=False)
    _decimal_mark: str = field(repr=False)
    _thousands_mark: str = field(repr=False)
    _nouns: Mapping[str, Mapping[str, str]] = field(repr=False)

    def weekday(self, day: date) -> str:
        """Return the name of the weekday of `day`."""
        return self._weekdays[day.weekday()]

    def day(self, day: date, *, today: date) -> str:
        """Return `day` without its weekday: 18 December; with its year where it is far from `today`."""
        pattern = self._day_of_year if abs(day - today) > _FAR else self._day
        return pattern.format(day=self._number_of(day), month=self._months[day.month - 1], year=day.year)

    def _number_of(self, day: date) -> str:
        return self._first_day if day.day == 1 else str(day.day)

    def date(self, day: date) -> str:
        """Return `day` as it is said: Wednesday 25 November."""
        return self._date.format(weekday=self.weekday(day), day=self._number_of(day), month=self._months[day.month - 1])

    def count(self, noun: Noun, number: float) -> str:
        """Return the number with the right form of the noun: 1 day, 3 days, 2.5 hours."""
        forms = self._nouns[noun]
        form = forms.get(plural_of(self.code, number)) or forms["other"]
        return form.replace("{n}", f"{number:g}".replace(".", self._decimal_mark))

    def number(self, number: int) -> str:
        """Return a whole number with its thousands apart: 20,000."""
        return f"{number:,}".replace(",", self._thousands_mark)

    def hours(self, minutes: int) -> str:
        """Return a length in hours: 1 hour, 2.5 hours."""
        return self.count("hours", minutes / _MINUTES_AN_HOUR)


@cache
def written_in(tag: str) -> Language:
    """Return the language in which a student of `tag` (BCP 47) is written to: English where there is no other.

    Chinese of Traditional characters is another way of writing than ours, so it gets English.
    """
    code = re.split("[-_]", tag.casefold())[0]
    if code not in LANGUAGES or _TRADITIONAL.match(tag.replace("_", "-")):
        code = FALLBACK
    document = tomllib.loads(files(__package__).joinpath("data", f"{code}.toml").read_text("utf-8"))
    return Language(
        code=code,
        _weekdays=tuple(document["weekdays"]),
        _months=tuple(document["months"]),
        _date=document["date"],
        _day=document["day"],
        _day_of_year=document["day_of_year"],
        _first_day=document.get("first_day", "1"),
        _decimal_mark=document["decimal_mark"],
        _thousands_mark=document["thousands_mark"],
        _nouns=document["nouns"],
    )


def plural_of(code: str, number: float) -> Plural:
    """Return which form a noun takes beside `number` (0 or more) in the language `code`."""
    rule = _RULES.get(code)
    return rule(number) if rule else "other"


def _one(number: float) -> Plural:
    return "one" if number == 1 else "other"


def _one_below_two(number: float) -> Plural:
    return "one" if number < 2 else "other"


def _one_up_to_one(number: float) -> Plural:
    return "one" if number <= 1 else "other"


def _russian(number: float) -> Plural:
    if number % 1:
        return "other"
    tens, ones = number // 10 % 10, number % 10
    if tens != 1 and ones == 1:
        return "one"
    return "few" if tens != 1 and ones in (2, 3, 4) else "many"


def _arabic(number: float) -> Plural:
    if number in (0, 1, 2):
        return ("zero", "one", "two")[int(number)]
    if number % 1 or number % 100 < 3:
        return "other"
    return "few" if number % 100 <= 10 else "many"


_RULES: Mapping[str, Callable[[float], Plural]] = {
    "ar": _arabic,
    "de": _one,
    "en": _one,
    "es": _one,
    "fr": _one_below_two,
    "hi": _one_up_to_one,
    "pt": _one_below_two,
    "ru": _russian,
}
"""The languages whose nouns change; the others have one form."""
