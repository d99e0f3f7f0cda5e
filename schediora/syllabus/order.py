"""The order in which the units of a topic are taken up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from heapq import heapify, heappop, heappush

from schediora.subjects.recognition import recognise, topic_key
from schediora.subjects.text import compared_title
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

MOST_FOCUS_UNITS = 10


def learning_order(syllabus: Syllabus, focus: Sequence[str]) -> tuple[SyllabusUnit, ...]:
    """Return the units in the order to learn them, without those that were left out.

    What the student wants to focus on comes first; then their own list as it is, and any other list with its sections,
    or the subjects of a topic that means several, in turn, each unit behind what it needs. A need that the list itself
    puts later does not count, so that units that need each other in a circle are learned in the order of the list.
    """
    units = [unit for unit in syllabus.units if not unit.left_out]
    wanted = focus_keys(syllabus, focus)
    first = [unit for unit in units if unit.key in wanted]
    rest = [unit for unit in units if unit.key not in wanted]
    if syllabus.source is not Source.STUDENT:
        first, rest = _by_sections(first), _by_sections(rest)
    return (*first, *rest)


def needed_before(ordered: Sequence[SyllabusUnit]) -> dict[str, frozenset[str]]:
    """Return for each unit which of those before it in `ordered` it needs."""
    before: set[str] = set()
    needs = {}
    for unit in ordered:
        needs[unit.key] = frozenset(unit.needs) & before
        before.add(unit.key)
    return needs


def focus_keys(syllabus: Syllabus, focus: Iterable[str]) -> frozenset[str]:
    """Return the keys of the units that the student's focus topics mean: by subject and unit, else by equal title."""
    titles = {compared_title(unit.title): unit.key for unit in syllabus.units}
    keys = {unit.key for unit in syllabus.units}
    found: set[str] = set()
    for topic in focus:
        if title := titles.get(compared_title(topic)):
            found.add(title)
        elif meant := recognise(topic):
            found |= {unit.key for part in meant.parts if part.named for unit in part.units} & keys
    return frozenset(found) if len(found) < len(keys) else frozenset()


def focus_units(syllabus: Syllabus, focus: Iterable[str]) -> tuple[SyllabusUnit, ...]:
    """Return the student's focus topics as units of a topic that nobody knows: those that mean no subject of ours."""
    titles = {
        compared_title(topic): topic
        for topic in focus
        if compared_title(topic) and topic_key(topic) != syllabus.topic_key and not recognise(topic)
    }
    return tuple(
        SyllabusUnit(key=f"focus.{sha256(words.encode()).hexdigest()[:12]}", title=" ".join(title.split()))
        for words, title in list(titles.items())[:MOST_FOCUS_UNITS]
    )


def _by_sections(units: Sequence[SyllabusUnit]) -> list[SyllabusUnit]:
    """Return `units` with one of each section after the other, each behind what it needs of those before it."""
    needs = needed_before(units)
    seen: Counter[str] = Counter()
    ranks = {}
    for place, unit in enumerate(units):
        section = unit.section or unit.key.partition(".")[0]
        ranks[unit.key] = seen[section], place
        seen[section] += 1
    by_key = {unit.key: unit for unit in units}
    waits = {key: len(before) for key, before in needs.items()}
    followers: dict[str, list[str]] = {}
    for key, before in needs.items():
        for other in before:
            followers.setdefault(other, []).append(key)
    ready = [(ranks[key], key) for key, count in waits.items() if not count]
    heapify(ready)
    ordered = []
    while ready:
        _, key = heappop(ready)
        ordered.append(by_key[key])
        for follower in followers.get(key, ()):
            waits[follower] -= 1
            if not waits[follower]:
                heappush(ready, (ranks[follower], follower))
    return ordered
