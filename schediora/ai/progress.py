"""How far a student has come in a sequence of sub-topics, what comes next, and what is due to come back.

Review comes after 20 to 40 % of the time to the test (Cepeda et al. 2008): the middle, 30 %, is the gap that `due`
measures by.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schediora.ai.content.brief import DAYS_A_WEEK, Brief
from schediora.subjects.text import fingerprint

GAP_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """When one item of a sequence was last on the plan, whether it was ever done, and whether it was let pass."""

    day: date
    done: bool
    missed: bool = False


def week_index(brief: Brief) -> int:
    """Return the number of the planned week, counted without gaps across years."""
    return (brief.week_start.toordinal() - 1) // DAYS_A_WEEK


def seen_items(brief: Brief, names: Sequence[frozenset[str]], topics: frozenset[str]) -> dict[int, Seen]:
    """Return what of a sequence the recent sessions were about, by index.

    `names` are each item's fingerprints; a name that several items share tells nothing. `topics` are the session
    topics that count.
    """
    own = [[name for name in group if sum(name in other for other in names) == 1] for group in names]
    patterns = [re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in group) or r"(?!)") for group in own]
    seen: dict[int, Seen] = {}
    for session in brief.recent:
        if session.topic not in topics:
            continue
        title = fingerprint(session.title)
        for index, pattern in enumerate(patterns):
            if pattern.search(title):
                done = session.done or (index in seen and seen[index].done)
                seen[index] = Seen(session.day, done, missed=not done and session.day < brief.today)
    return seen


def upcoming(length: int, seen: dict[int, Seen], count: int, week: int, focus: Sequence[int] = ()) -> list[int]:
    """Return the next `count` of `length` items: one that was missed, one in focus, then those not met yet, in order.

    Without any history the number of the week decides, so that different weeks still go on from one another.
    """
    start = _frontier(length, seen) if seen else week * count % length
    order = [(start + offset) % length for offset in range(length)]
    missed = [index for index in order if index in seen and seen[index].missed]
    unmet = [index for index in order if index not in seen]
    met = sorted(seen, key=lambda index: (seen[index].day, index))
    wished = (
        [index for index in (*focus[week % len(focus) :], *focus[: week % len(focus)]) if index in unmet]
        if focus
        else []
    )
    chosen = list(dict.fromkeys([*missed[: min(1, count - 1)], *wished[:1], *unmet, *met]))[:count]
    return sorted(chosen, key=order.index)


def _frontier(length: int, seen: dict[int, Seen]) -> int:
    if length - 1 in seen and 0 in seen:
        return next((index for index in range(length) if index not in seen), 0)
    return (max(seen) + 1) % length


def due(seen: dict[int, Seen], today: date, days_to_test: int) -> list[int]:
    """Return the items that were done, the most overdue for review first."""
    gap = max(1.0, GAP_SHARE * days_to_test)
    done = [index for index, item in seen.items() if item.done]
    return sorted(done, key=lambda index: (-((today - seen[index].day).days / gap), index))
