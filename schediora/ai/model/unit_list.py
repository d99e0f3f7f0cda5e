"""Which of the units that a model lists are fit to be a subject's: distinct, plain, without circles, 8 to 40."""

from collections.abc import Iterable, Mapping
from typing import Any

from schediora.ai.content.moments import moments
from schediora.ai.content.safety import harms
from schediora.ai.content.spoken import foreign
from schediora.ai.content.wording import Given, unfit, vague
from schediora.ai.model.reading import on_one_line
from schediora.subjects.text import fingerprint, plain
from schediora.syllabus.syllabus import ListedUnit

FEWEST, MOST = 8, 40
TITLE_LENGTH = 120
SHORTEST_MINUTES, LONGEST_MINUTES, USUAL_MINUTES = 30, 180, 60
MARK_MINUTES = 15


def units_of(entries: Iterable[Mapping[str, Any]], topic: str, language: str) -> tuple[ListedUnit, ...]:
    """Return the fit units of `topic` among `entries`, at most 40; none when fewer than 8 are fit, or in `language`.

    A unit needs only units that stand before it, whatever was said: so nothing can go round in a circle.
    """
    units: list[ListedUnit] = []
    titles: dict[str, str] = {}
    for entry in entries:
        title = on_one_line(entry["title"], TITLE_LENGTH).strip(" .:;-")
        key = fingerprint(title)
        if not _is_fit(title, topic) or key in titles or not key:
            continue
        units.append(ListedUnit(title, _needs(entry.get("needs"), titles), _minutes(entry.get("minutes"))))
        titles[key] = title
        if len(units) == MOST:
            break
    together = ". ".join(unit.title for unit in units)
    return () if len(units) < FEWEST or foreign(together, language) else tuple(units)


def _is_fit(title: str, topic: str) -> bool:
    if not 0 < len(title) <= TITLE_LENGTH or fingerprint(title) == fingerprint(topic) or vague(title):
        return False
    # What the student calls the topic excuses nothing but itself: "First aid on Sundays" may have its Sunday.
    given = Given.of_words([topic])
    rest = given.removed_from(title)
    dated = any(moments(plain(rest), lambda _: False))
    return not dated and not any(unfit(given.excused_in(title))) and not any(harms(plain(rest).casefold(), frozenset()))


def _needs(value: Any, titles: Mapping[str, str]) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    keys = dict.fromkeys(fingerprint(need[:TITLE_LENGTH]) for need in listed if isinstance(need, str))
    return tuple(titles[key] for key in keys if key in titles)


def _minutes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
        return USUAL_MINUTES
    marked = round(value / MARK_MINUTES) * MARK_MINUTES
    return min(LONGEST_MINUTES, max(SHORTEST_MINUTES, marked))
