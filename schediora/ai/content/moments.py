"""What says when in a text: dates, weekdays, times of day. A plan's words never do: code places the steps.

Every pattern is linear: what it repeats is bounded.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from schediora.ai.content.judging import section

_OLD_YEAR = re.compile(r"^\W{0,3}(?:de |del |of |tahun )?(?:1\d{3}|20[01]\d)\b|^年")
"""A date with a year that is over belongs to history, not to a calendar."""
_YEARS_BEFORE = re.compile(r"(?:1\d{3}|20[01]\d)[\s年./-]{0,2}$")


def moments(text: str, excused: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield a code and a complaint for each kind of moment in the plain `text`.

    `excused` tells of a stretch of it that the unit itself is about: "Monday" where weekdays are taught.
    """
    for code, pattern, complaint in _patterns():
        for match in pattern.finditer(text):
            if code == "date" and (_OLD_YEAR.match(text[match.end() :]) or _YEARS_BEFORE.search(text[: match.start()])):
                continue
            if code == "date" and re.search(r"\b1\d{3}\b|\b200\d\b", match[0]):
                continue
            if not excused(match[0]):
                yield code, complaint
                break


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    listed = section("moments")
    months = listed["months"]
    spoken = (
        rf"\b[0-3]?\d(?:st|nd|rd|th|er|\.|º|°)?(?: de| of)? (?:{months})\b",
        rf"\b(?:{listed['months_before_days']})\.? [0-3]?\d(?:st|nd|rd|th)?\b(?![.,:]\d|[\d%])",
        rf"\b(?:{months})\.?,? (?:de |del |tahun )?20[2-9]\d\b",
    )
    times = [*listed["clock"], *listed["relative"], *listed["countdown"]]
    return (
        ("weekday", _any(listed["weekdays"]), "names a weekday; say what to do, never when"),
        ("date", _any([*listed["dates"], *spoken]), "names a date; say what to do, never when"),
        (
            "clock",
            _any(times),
            "names a time of day; say what to do, never when",
        ),
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)
