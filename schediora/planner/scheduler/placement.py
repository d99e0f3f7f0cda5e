"""When to study what: places the steps of an outline into a week. Pure: the same input gives the same plan.

Hard rules, never broken. Every session lies inside the availability, within the daily limit of its local day
(sessions already there counted), overlaps nothing, starts on a mark of five minutes that is not past, takes from 15
minutes to the longest session, and ends before the local day of its topic's next exam. The steps of one topic keep
their order: no session starts before every session of the topic's earlier steps, and of the earlier parts of its own
step, has ended.

A step is placed wholly or not at all. What is placed rests on what it needs: a step is placed only with the last
`learn` step before it in its topic, so a topic's `learn` steps are placed from the first on, and a step of another
kind may be left out alone. `objective` says which such choice is best, and where its sessions go; for one topic the
best is found exactly (see `arrangement`), but where days of ten sessions and more make that too much work.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from schediora.localtime import local_day
from schediora.planner.scheduler.free_time import Day, free_days
from schediora.planner.scheduler.items import Item, last_learning, parts_of
from schediora.planner.scheduler.objective import value
from schediora.planner.scheduler.order_search import Arrangement, arrange, everything_fits
from schediora.planner.scheduler.problem import (
    Busy,
    Change,
    Exam,
    Impossible,
    Kind,
    Movable,
    Move,
    Moves,
    Piece,
    Placement,
    Reason,
    Step,
    Suggestion,
    Unplaced,
    Week,
    Window,
    next_exam,
    topic_key,
)
from schediora.planner.scheduler.reasons import why_here, why_nowhere
from schediora.planner.scheduler.rescheduling import place_again
from schediora.planner.scheduler.splitting import numbered, split
from schediora.planner.scheduler.suggestion import NO_SINGLE_CHANGE, smallest_change

__all__ = [
    "Busy",
    "Change",
    "Exam",
    "Impossible",
    "Kind",
    "Movable",
    "Move",
    "Moves",
    "Piece",
    "Placement",
    "Reason",
    "Step",
    "Suggestion",
    "Unplaced",
    "Week",
    "Window",
    "choose_week",
    "place",
    "place_again",
]


def place(steps: Sequence[Step], week: Week) -> Placement:
    """Return the best placement of `steps`, given in study order, in `week`; what does not fit is listed with the
    reason.

    When something does not fit, the placement also names the one change of preferences that would make everything
    fit, found by placing with it.
    """
    return _with_suggestion(_place(steps, week), steps, week)


def choose_week(steps: Sequence[Step], this_week: Week, next_week: Week) -> tuple[Week, Placement]:
    """Return the week that the plan is for, and the placement in it.

    That is this week; when less than half of the minutes needed can be placed in what is left of it, all goes to next
    week instead, never a few stray sessions. When next week holds nothing at all, what this week holds is kept: a
    little is better than nothing.
    """
    week, placement = this_week, _place(steps, this_week)
    if 2 * placement.placed_minutes < placement.needed_minutes:
        later = _place(steps, next_week)
        if later.pieces or not placement.pieces:
            week, placement = next_week, later
    return week, _with_suggestion(placement, steps, week)


def _with_suggestion(placement: Placement, steps: Sequence[Step], week: Week) -> Placement:
    if not placement.unplaced:
        return placement
    suggestion = smallest_change(week, lambda changed: everything_fits(items_of(steps, changed), free_days(changed)))
    return replace(placement, suggestion=suggestion, note=suggestion.text if suggestion else NO_SINGLE_CHANGE)


def _place(steps: Sequence[Step], week: Week) -> Placement:
    days = free_days(week)
    items = items_of(steps, week)
    arrangement = arrange(items, days)
    return Placement(
        pieces=_pieces(steps, week, days, items, arrangement),
        unplaced=_unplaced(steps, week, days, items, arrangement),
        needed_minutes=sum(item.minutes for item in items),
        available_minutes=sum(
            day.free_minutes for day in days if not items or any(item.parts[0].allowed_on(day.index) for item in items)
        ),
    )


def items_of(steps: Sequence[Step], week: Week) -> tuple[Item, ...]:
    """Return the steps as the search takes them: rounded, split, valued, and tied to the learning that they rest on."""
    topics = [topic_key(step.topic) for step in steps]
    resting_on = last_learning(topics, [step.kind for step in steps])
    today = local_day(week.now, week.tz)
    items = []
    for index, step in enumerate(steps):
        exam = next_exam(week.exams, step.topic, today)
        parts = parts_of(
            index,
            split(step.minutes, week.session_minutes),
            topics[index],
            step.kind,
            exam_day=None if exam is None else (exam - week.monday).days,
            first_day=max(0, (today - week.monday).days),
        )
        minutes = sum(part.minutes for part in parts)
        items.append(Item(parts, value(step.kind, minutes), parent=resting_on[index], learnt=resting_on[index]))
    return tuple(items)


def _pieces(
    steps: Sequence[Step], week: Week, days: Sequence[Day], items: Sequence[Item], arrangement: Arrangement
) -> tuple[Piece, ...]:
    today = local_day(week.now, week.tz)
    last_day: dict[int, date] = {}
    seen: set[str] = set()
    pieces = []
    for part, slot in arrangement.placed:
        step, item, day = steps[part.item], items[part.item], days[slot.day]
        reason = why_here(
            step.kind,
            step.topic.strip(),
            day.day,
            part=part.number + 1,
            previous_part=last_day.get(part.item),
            learnt=None if item.learnt is None else last_day.get(item.learnt),
            exam=next_exam(week.exams, step.topic, today),
            is_first=part.topic not in seen,
        )
        seen.add(part.topic)
        last_day[part.item] = day.day
        pieces.append(
            Piece(
                step=part.item,
                part=part.number + 1,
                parts=len(item.parts),
                title=numbered(step.title, part.number + 1, len(item.parts)),
                detail=step.detail,
                topic=step.topic,
                kind=step.kind,
                minutes=part.minutes,
                starts_at=day.instant(slot.cell),
                day=day.day,
                reason=reason,
            )
        )
    return tuple(pieces)


def _unplaced(
    steps: Sequence[Step], week: Week, days: Sequence[Day], items: Sequence[Item], arrangement: Arrangement
) -> tuple[Unplaced, ...]:
    placed = {part.item for part, _ in arrangement.placed}
    today = local_day(week.now, week.tz)
    unplaced = []
    for index, (step, item) in enumerate(zip(steps, items, strict=True)):
        if index in placed:
            continue
        missing = item.parent if item.parent is not None and item.parent not in placed else None
        reason = why_nowhere(
            step.topic.strip(),
            item.minutes,
            free_minutes=sum(day.free_minutes for day in days),
            exam=next_exam(week.exams, step.topic, today),
            exam_cuts=any(day.free_minutes for day in days if not item.parts[0].allowed_on(day.index)),
            builds_on=None if missing is None else steps[missing].title,
        )
        unplaced.append(Unplaced(index, step.title, item.minutes, reason))
    return tuple(unplaced)
