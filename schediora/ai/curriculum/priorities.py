"""Who gets the minutes of a week, in this order: what was missed, is due, is new, and practice of the rest."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle, islice

from schediora.ai.curriculum.composition import MIXED_UNITS, MOST_RECALLED, PRACTICE_OF_LESSON, Composition
from schediora.ai.curriculum.draft import SHORTEST_SLOT, Draft, ideal_minutes, length
from schediora.ai.curriculum.frame import Role, Why
from schediora.ai.curriculum.progress import Again, Lesson
from schediora.syllabus.syllabus import SyllabusUnit

_DUE_SHARE = 0.4
"""Of minutes and steps, while the pace is not met."""
_LESSON_SHARE = 0.9
_BESIDE_LESSONS, _MANY_STEPS = 2, 8
"""So many steps stay for other work, however near the exam: what is only heard is soon forgotten."""
_AFTER_LESSONS = 3
"""So many steps of a week are kept for looking back at its lessons."""
_AFTER_LESSONS_MINUTES = 100
_MOST_ALONE = 3
"""More units that went wrong are practised together."""
_MOST_WEAK = 3
_MOCK_UNITS = 5
_BETWEEN_MOCKS = timedelta(days=7)
_REWORK_MINUTES = 45
_LONGEST_REWORK = 90
_REWORK_PLACE = -50.0
_BROAD = (Role.MOCK, Role.DIAGNOSTIC, Role.REWORK, Role.LIGHT_REVIEW)
"""Work about the whole syllabus, which keeps no unit from being recalled."""
_ROOM_FOR_AGAIN = 1.25
_SOON_DAYS = 3
"""What went wrong comes back within so many free days."""


def choose(composition: Composition, pace: int, *, further: bool = True) -> None:
    """Add the steps of a week, `pace` new lessons among them or, with `further`, more, until its minutes are used."""
    _missed(composition)
    _again(composition)
    new = [lesson for lesson in composition.progress.lessons if not (lesson.missed_on or lesson.again)]
    begun = len(composition.lessons)
    _due(composition, unmet=bool(new) and begun < pace)
    new = _new(composition, new, max(0, pace - begun))
    practised = _practice_of_lessons(composition)
    if further and not composition.progress.was_wholly_missed:
        _further(composition, new, practised)
    fill(composition)


def fill(composition: Composition) -> None:
    """Add steps that look back, at this week's lessons and at what is weakest, until the minutes are used."""
    for _ in _looking_back(composition):
        if composition.full:
            return


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
    work = [each for each in composition.progress.again if not each.is_mock]
    alone = [each for each in work if len(each.units) == 1]
    together = [[each] for each in work if len(each.units) > 1]
    if len(alone) <= _MOST_ALONE:
        together += [[each] for each in alone]
    else:
        together += [alone[start : start + MIXED_UNITS] for start in range(0, len(alone), MIXED_UNITS)]
    for group in together[: composition.slots_left]:
        _once_more(composition, group)
    if composition.progress.mock and composition.slots_left > 0 and not composition.opening:
        rework(composition)
    _soon(composition)


def _once_more(composition: Composition, work: Sequence[Again]) -> None:
    """Add practice of what went wrong in `work`, which builds on it."""
    units = tuple(unit for each in work for unit in each.units)[:MOST_RECALLED]
    draft = (composition.practice if len(units) == 1 else composition.mixed)(units, Why.AGAIN)
    sessions = [each.session.id for each in work if each.session]
    draft.builds_on = tuple(dict.fromkeys([*sessions, *draft.builds_on]))


def _soon(composition: Composition) -> None:
    """Let what went wrong come back within three free days, where these can hold it."""
    again = [draft for draft in composition.drafts if draft.why is Why.AGAIN]
    first = [day for day in composition.room.days if day.minutes >= SHORTEST_SLOT][:_SOON_DAYS]
    if again and _ROOM_FOR_AGAIN * ideal_minutes(again) <= sum(day.minutes for day in first):
        for draft in again:
            draft.latest_day = min(draft.latest_day or first[-1].day, first[-1].day)


def _why(lesson: Draft) -> Why:
    """Return why there is work after `lesson`: it was not missed itself."""
    return Why.NEW if lesson.why is Why.MISSED else lesson.why


def _due(composition: Composition, *, unmet: bool) -> None:
    narrow = [draft for draft in composition.drafts if draft.role not in _BROAD]
    taken = {unit.key for draft in narrow for unit in draft.units}
    due = [unit for unit in composition.progress.due if unit.key not in taken]
    minutes = composition.room.minutes * (_DUE_SHARE if unmet else 1)
    most = composition.room.most
    steps = max(int(most > 1), int(most * _DUE_SHARE)) if unmet else composition.slots_left - int(most > 1)
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
        if composition.slots_left <= _beside(composition) or (composition.lessons and too_long):
            return list(new[number:])
        composition.lesson(lesson, Why.NEW)
    return list(new[count:])


def _beside(composition: Composition) -> int:
    """Return how many of the steps that are left are not for lessons."""
    if not composition.lessons:
        return 0
    other = sum(draft.role is not Role.LESSON and draft.role not in _BROAD for draft in composition.drafts)
    beside = _BESIDE_LESSONS if composition.room.most >= _MANY_STEPS else 1
    return max(1, beside - other)


def _practice_of_lessons(composition: Composition) -> int:
    """Add practice of this week's lessons, in their order; return of how many."""
    lessons = composition.lessons
    steps = max(composition.slots_left - 1, min(1, composition.slots_left))
    units = [lesson.unit for lesson, _ in lessons if lesson.unit]
    hurried = composition.spare < sum(draft.length.ideal for _, draft in lessons) * PRACTICE_OF_LESSON / 2
    if not composition.progress.by_points and len(units) > 1 and (hurried or steps < len(units)):
        for group in islice(_groups(units, MIXED_UNITS), max(0, steps)):
            if len(group) > 1:
                composition.mixed(group, Why.NEW)
            else:
                composition.practice(group, Why.NEW, composition.taught[group[0].key])
        if composition.slots_left > 0 and len(composition.room.days) > _SOON_DAYS:
            composition.recall(units[:MOST_RECALLED], Why.DUE)
        return 0
    for count, (lesson, draft) in enumerate(lessons):
        if composition.full or composition.slots_left <= min(1, count):
            return count
        if lesson.unit is None and count % 2:
            continue  # Where nobody knows the subject, more ways of looking back help more than more of one.
        composition.practice((lesson.unit,) if lesson.unit else (), _why(draft), draft)
    return len(lessons)


def _further(composition: Composition, new: Sequence[Lesson], practised: int) -> None:
    """Add further lessons, each with practice, while there is time to look back at them too."""
    if practised < len(composition.lessons):
        return
    for lesson in new:
        ideal, _ = composition.lesson_minutes(lesson)
        # A test is for all its sections, each week: one that is still missing needs no more than its two steps.
        missing = _is_missing_section(composition, lesson)
        minutes = ideal * (1 + PRACTICE_OF_LESSON) + (0 if missing else _AFTER_LESSONS_MINUTES)
        if composition.slots_left < 2 + (0 if missing else _AFTER_LESSONS) or composition.spare < minutes:
            return
        draft = composition.lesson(lesson, Why.NEW)
        composition.practice((lesson.unit,) if lesson.unit else (), Why.NEW, draft)


def _is_missing_section(composition: Composition, lesson: Lesson) -> bool:
    sections = {unit.section for draft in composition.drafts if draft.role not in _BROAD for unit in draft.units}
    return lesson.unit is not None and lesson.unit.section is not None and lesson.unit.section not in sections


def _looking_back(composition: Composition) -> Iterator[Draft]:
    """Add one step after the other that looks back."""
    progress = composition.progress
    if composition.full:
        return
    if not progress.units:
        yield from _general(composition)
    here = list(dict.fromkeys(lesson.unit for lesson, _ in composition.lessons if lesson.unit))
    weak = [unit for unit in progress.learned if unit not in here]
    recalled, practised = (_about(composition, role) for role in (Role.RECALL, Role.PRACTICE))
    fresh = [unit for unit in here if unit.key not in recalled]
    several = len(here) + len(weak) > 1
    if fresh:
        yield composition.recall(fresh[:2], Why.DUE)
    if several and not _about(composition, Role.MIXED):
        yield composition.mixed(_alternating(here, weak)[:MIXED_UNITS], Why.WEAK)
    for unit in here:
        if unit.key not in practised:
            yield composition.practice((unit,), Why.NEW, composition.taught[unit.key])
    if several:
        yield composition.review(here or weak, Why.WEAK)
    if fresh[2:]:
        yield composition.recall(fresh[2 : 2 + MOST_RECALLED], Why.DUE)
    for unit in weak[:_MOST_WEAK]:
        yield composition.practice((unit,), Why.WEAK)
    yield from _ordinary_mock(composition)
    for units in _groups([unit for unit in weak if unit.key not in recalled]):
        yield composition.recall(units, Why.WEAK)
    for unit in weak[_MOST_WEAK:]:
        yield composition.practice((unit,), Why.WEAK)
    # Where every unit has its lesson still to come, before this week, its practice is all that is left.
    for unit in cycle([*here, *weak] or progress.units):
        yield composition.practice((unit,), Why.WEAK, composition.taught.get(unit.key))
        if not several and (here or weak):
            yield composition.recall((unit,), Why.WEAK)
            yield composition.review((unit,), Why.WEAK)


def _about(composition: Composition, role: Role) -> set[str]:
    """Return the keys of the units that the steps of this kind of work are about so far."""
    return {unit.key for draft in composition.drafts if draft.role is role for unit in draft.units}


def _ordinary_mock(composition: Composition) -> Iterator[Draft]:
    """Add a whole paper and its errors for who has learned everything, far from any exam: one a week at most."""
    progress, room = composition.progress, composition.room
    recent = progress.mock_on and room.days and room.days[0].day - progress.mock_on < _BETWEEN_MOCKS
    held = room.paper <= room.longest and room.paper <= max((day.minutes for day in room.days), default=0)
    enough = composition.slots_left >= 2 and composition.spare >= room.paper and held
    if progress.lessons or len(progress.units) < _MOCK_UNITS or composition.latest or recent or not enough:
        return
    mock = Draft(Role.MOCK, Why.WEAK, length(room.paper, room.paper, room.paper), progress.units, whole=True)
    mock.turn = progress.turn(mock.role, mock.units)
    mock.place = len(composition.drafts)
    yield composition.add(mock)
    rework(composition, mock)
    yield composition.drafts[-1]


def _general(composition: Composition) -> Iterator[Draft]:
    while composition.lessons or composition.progress.taught_by:
        yield composition.recall((), Why.DUE)
        yield composition.mixed((), Why.WEAK)
        yield composition.review((), Why.WEAK)
        yield composition.recall((), Why.DUE)
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
