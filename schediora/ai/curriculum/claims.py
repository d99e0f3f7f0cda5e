"""Who gets the minutes of a week, in this order: what was missed, is due, is new, and practice of the rest."""

from collections.abc import Iterator, Sequence
from itertools import islice

from schediora.ai.curriculum.composition import MIXED_UNITS, MOST_RECALLED, Composition
from schediora.ai.curriculum.draft import Draft, length
from schediora.ai.curriculum.frame import Role, Why
from schediora.ai.curriculum.progress import Lesson
from schediora.syllabus.syllabus import SyllabusUnit

_DUE_SHARE = 0.4
"""Of minutes and steps, while the pace is not met."""
_LESSON_SHARE = 0.85
_BESIDE_LESSONS = 3
"""So many steps stay for other work, however near the exam: what is only heard is soon forgotten."""
_AFTER_LESSONS = 3
"""So many steps of a week are kept for looking back at its lessons."""
_AFTER_LESSONS_MINUTES = 100
_MOST_AGAIN = 3
_REWORK_MINUTES = 45
_LONGEST_REWORK = 90
_REWORK_PLACE = -50.0


def claim(composition: Composition, pace: int) -> None:
    """Add the steps of a week, `pace` new lessons among them, until its minutes are used."""
    _missed(composition)
    _again(composition)
    new = [lesson for lesson in composition.progress.lessons if not (lesson.missed_on or lesson.again)]
    begun = len(composition.lessons)
    _due(composition, unmet=bool(new) and begun < pace)
    new = _new(composition, new, max(0, pace - begun))
    practised = _practice_of_lessons(composition)
    _further(composition, new, practised)
    _rest(composition)


def rework(composition: Composition, mock: Draft | None = None) -> None:
    """Add the errors of `mock`, or else of the last one done, to be solved again."""
    done = composition.progress.mock
    if not mock and not done:
        return
    by_key = {unit.key: unit for unit in composition.progress.units}
    about = mock.units if mock else tuple(by_key[key] for key in done.units if key in by_key) if done else ()
    composition.add(
        Draft(
            role=Role.REWORK,
            why=Why.EXAM if composition.room.exam else Why.WEAK,
            length=length(_REWORK_MINUTES * composition.room.scale, composition.least, _LONGEST_REWORK),
            units=about,
            turn=composition.progress.turn(Role.REWORK, about),
            place=mock.place + 1 if mock else _REWORK_PLACE,
            after=[mock] if mock and mock is not composition.opening else [],
            builds_on=(done.id,) if done and not mock else (),
        )
    )


def _missed(composition: Composition) -> None:
    for lesson in composition.progress.lessons:
        if lesson.missed_on and composition.slots_left > 0:
            composition.lesson(lesson, Why.MISSED)


def _again(composition: Composition) -> None:
    for lesson in composition.progress.lessons:
        if lesson.again and not lesson.missed_on and composition.slots_left > 0:
            composition.lesson(lesson, Why.AGAIN)
    for work in composition.progress.again[:_MOST_AGAIN]:
        if composition.slots_left <= 0 or work.is_mock:
            continue
        if len(work.units) == 1:
            draft = composition.practice(work.units, Why.AGAIN)
        else:
            draft = composition.mixed(work.units, Why.AGAIN)
        if work.session:
            draft.builds_on = (work.session.id, *draft.builds_on)
    if composition.progress.mock and composition.slots_left > 0 and not composition.opening:
        rework(composition)


def _due(composition: Composition, *, unmet: bool) -> None:
    taken = {unit.key for draft in composition.drafts for unit in draft.units if draft.role is not Role.REWORK}
    due = [unit for unit in composition.progress.due if unit.key not in taken]
    minutes = composition.room.minutes * (_DUE_SHARE if unmet else 1)
    steps = max(1, int(composition.room.most * _DUE_SHARE)) if unmet else composition.slots_left - 1
    for units in islice(_groups(due), max(0, min(steps, composition.slots_left))):
        draft = composition.recall(units, Why.DUE)
        minutes -= draft.length.ideal
        if minutes < 0:
            composition.drafts.remove(draft)
            return


def _new(composition: Composition, new: Sequence[Lesson], count: int) -> list[Lesson]:
    """Add up to `count` lessons, as many as the minutes can hold; return those that are left."""
    room = composition.room
    for number, lesson in enumerate(new[:count]):
        _, low = composition.lesson_minutes(lesson)
        too_long = composition.slack - low < (1 - _LESSON_SHARE) * room.minutes
        if composition.slots_left <= _BESIDE_LESSONS or (composition.lessons and too_long):
            return list(new[number:])
        composition.lesson(lesson, Why.NEW)
    return list(new[count:])


def _practice_of_lessons(composition: Composition) -> int:
    """Add practice of this week's lessons, in their order; return of how many."""
    lessons = composition.lessons
    steps = composition.slots_left - 1
    if steps < len(lessons) and not composition.progress.by_points:
        units = [lesson.unit for lesson, _ in lessons if lesson.unit]
        for group in islice(_groups(units, MIXED_UNITS), max(0, steps)):
            if len(group) > 1:
                composition.mixed(group, Why.NEW)
            else:
                composition.practice(group, Why.NEW, composition.taught[group[0].key])
        if composition.slots_left > 0:
            composition.recall(units[:MOST_RECALLED], Why.DUE)
        return 0
    for count, (lesson, draft) in enumerate(lessons):
        if composition.full or composition.slots_left <= 1:
            return count
        composition.practice((lesson.unit,) if lesson.unit else (), draft.why, draft)
    return len(lessons)


def _further(composition: Composition, new: Sequence[Lesson], practised: int) -> None:
    """Add further lessons, each with practice, while there is time to look back at them too."""
    if practised < len(composition.lessons):
        return
    for lesson in new:
        ideal, _ = composition.lesson_minutes(lesson)
        enough = composition.spare >= 1.6 * ideal + _AFTER_LESSONS_MINUTES
        if composition.slots_left < _AFTER_LESSONS + 2 or not enough:
            return
        draft = composition.lesson(lesson, Why.NEW)
        composition.practice((lesson.unit,) if lesson.unit else (), Why.NEW, draft)


def _rest(composition: Composition) -> None:
    for _ in _looking_back(composition):
        if composition.full:
            return


def _looking_back(composition: Composition) -> Iterator[Draft]:
    """Add one step after the other that looks back: at this week's lessons, then at what is weakest."""
    if composition.full:
        return
    progress = composition.progress
    here = [lesson.unit for lesson, _ in composition.lessons if lesson.unit]
    here = list(dict.fromkeys(here))
    taken = {key for draft in composition.drafts if draft.role is Role.RECALL for key in draft.key[1]}
    weak = [unit for unit in progress.learned if unit not in here]
    if not progress.units:
        yield from _general(composition)
        return
    if here:
        yield composition.recall(here[:2], Why.DUE)
    if len(here) + len(weak) > 1:
        yield composition.mixed(_alternating(here, weak), Why.WEAK)
        yield composition.review(here or weak, Why.WEAK)
    if here[2:]:
        yield composition.recall(here[2 : 2 + MOST_RECALLED], Why.DUE)
    for unit in weak[:3]:
        yield composition.practice((unit,), Why.WEAK)
    for units in _groups([unit for unit in weak if unit.key not in taken]):
        yield composition.recall(units, Why.WEAK)
    for unit in weak[3:]:
        yield composition.practice((unit,), Why.WEAK)
    while about := here or weak or list(progress.units):
        for unit in about:
            yield composition.practice((unit,), Why.WEAK, composition.taught.get(unit.key))


def _general(composition: Composition) -> Iterator[Draft]:
    while True:
        yield composition.recall((), Why.DUE)
        yield composition.mixed((), Why.WEAK)
        yield composition.review((), Why.WEAK)
        yield composition.practice((), Why.WEAK, composition.taught.get(""))


def _alternating(one: Sequence[SyllabusUnit], other: Sequence[SyllabusUnit]) -> list[SyllabusUnit]:
    """Return the units of both, one of each in turn."""
    longest = max(len(one), len(other))
    pairs = [units[place] for place in range(longest) for units in (one, other) if place < len(units)]
    return list(dict.fromkeys(pairs))


def _groups(units: Sequence[SyllabusUnit], most: int = MOST_RECALLED) -> Iterator[tuple[SyllabusUnit, ...]]:
    """Return `units` in order, in as few groups of at most `most` as can be, all about as large."""
    count = -(-len(units) // most)
    start = 0
    for number in range(count):
        size = len(units) // count + (number < len(units) % count)
        yield tuple(units[start : start + size])
        start += size
