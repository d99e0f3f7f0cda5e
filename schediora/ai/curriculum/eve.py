"""A plan asked for on the eve of an exam: no mock, and six short steps."""

from itertools import cycle

from schediora.ai.curriculum.composition import MOST_RECALLED, Composition
from schediora.ai.curriculum.draft import LONGEST_LIGHT_REVIEW, Draft, length
from schediora.ai.curriculum.frame import Role, Why

_LONGEST_STEP = 30
_KNOWS_ENOUGH = 8
"""Who has learned so many units looks back on the eve and begins nothing new."""


def last_evening(composition: Composition) -> None:
    """Add short steps for the day before the exam: a little of what is new, then what is learned, lightly."""
    composition.latest = composition.room.days[-1].day
    progress, steps = composition.progress, composition.room.fewest
    new = 0 if len(progress.learned) >= _KNOWS_ENOUGH else max(1, (steps - len(progress.learned) // 2) // 2)
    for lesson in progress.lessons[:new]:
        composition.lesson(lesson, Why.MISSED if lesson.missed_on else Why.NEW)
    weak = list(progress.learned)
    recalls = [weak[start : start + MOST_RECALLED] for start in range(0, len(weak), MOST_RECALLED)]
    for units in recalls[: max(0, (steps - len(composition.drafts)) // 2)]:
        composition.recall(units, Why.EXAM)
    last = composition.room.fewest > 1
    about = cycle([*composition.lessons, *((None, None) for _ in weak[:2])] or [(None, None)])
    left = iter(cycle(weak or [None]))
    while len(composition.drafts) < steps - last:
        taught, draft = next(about)
        if taught and draft:
            composition.practice((taught.unit,) if taught.unit else (), Why.EXAM, draft)
        else:
            unit = next(left)
            composition.practice((unit,) if unit else (), Why.WEAK)
    if last:
        _light_review(composition)
    for step in composition.drafts:
        step.length = length(step.length.ideal, high=_LONGEST_STEP)


def _light_review(composition: Composition) -> None:
    taught = composition.taught
    here = [unit for unit in composition.progress.units if unit.key in taught]
    units = tuple(dict.fromkeys([*here, *composition.progress.learned]))[:MOST_RECALLED]
    composition.add(
        Draft(
            role=Role.LIGHT_REVIEW,
            why=Why.EXAM,
            length=length(LONGEST_LIGHT_REVIEW, high=LONGEST_LIGHT_REVIEW),
            units=units,
            turn=composition.progress.turn(Role.LIGHT_REVIEW, units),
            place=1000.0,
            after=[taught[key] for key in [unit.key for unit in units] or [""] if key in taught],
            builds_on=composition.progress.sources(units),
        )
    )
