"""When to study what: places the steps of an outline into a week. Pure: the same input gives the same plan.

Hard rules, never broken. Every session lies inside the availability, within the daily limit of its local day
(sessions already there counted), overlaps nothing, starts on a mark of five minutes that is not past, takes from 15
minutes to the longest session, and lies on no day of an exam that concerns it nor after the last of these. No session
starts before every session of the steps that its own comes after, and of the earlier parts of its own step, has ended.
A step that is whole is one session; others are split further where free time is shorter than a session.

A step is placed wholly or not at all. What is placed rests on what it needs: a step is placed only with the lessons
that it comes after, and with the mock test that it builds on. `objective` says which such choice is best, and where its
sessions go; the best is found exactly where the order of all steps is given (see `order_search`), but where days of ten
sessions and more make that too much work.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from schediora.localtime import START_MARK_MINUTES
from schediora.planner.scheduler.answer import Case, pieces, unplaced
from schediora.planner.scheduler.free_time import Day, free_days
from schediora.planner.scheduler.moving import Impossible, Movable, Move, Moves
from schediora.planner.scheduler.objective import value
from schediora.planner.scheduler.obstacles import obstacle
from schediora.planner.scheduler.order_search import Effort, arrange, everything_fits, worth_placing
from schediora.planner.scheduler.problem import (
    SHORTEST_SESSION_MINUTES,
    Busy,
    Change,
    Exam,
    Kind,
    Obstacle,
    Piece,
    Placement,
    Reason,
    Since,
    Step,
    Suggestion,
    Unplaced,
    Week,
    Window,
)
from schediora.planner.scheduler.rescheduling import place_again
from schediora.planner.scheduler.sentences import Phrase, sentence
from schediora.planner.scheduler.step_items import items_of
from schediora.planner.scheduler.suggestion import smallest_change

__all__ = [
    "Busy",
    "Change",
    "Exam",
    "Impossible",
    "Kind",
    "Movable",
    "Move",
    "Moves",
    "Obstacle",
    "Piece",
    "Placement",
    "Reason",
    "Since",
    "Step",
    "Suggestion",
    "Unplaced",
    "Week",
    "Window",
    "arranged",
    "choose_week",
    "place",
    "place_again",
]


_SHORTER_LENGTHS = 3
"""How many lengths shorter than the longest session are tried where free time is that short."""

_BRIEF = Effort(choice=12_000, order=0)


def place(steps: Sequence[Step], week: Week) -> Placement:
    """Return the best placement of `steps`, given in study order, in `week`; what does not fit is listed with the
    reason.

    When something does not fit, the placement also names the one change of preferences that would make everything
    fit, found by placing with it; when nothing does, what is in the way.
    """
    return _explained(_place(steps, week), steps, week)


def choose_week(steps: Sequence[Step], this_week: Week, next_week: Week) -> tuple[Week, Placement]:
    """Return the week that the plan is for, and the placement in it.

    That is this week; when less than half of the minutes needed can be placed in what is left of it, all goes to next
    week instead, never a few stray sessions, unless next week holds less. Where an exam cuts next week off, only what
    next week could hold counts as needed: the rest would not help before the exam.
    """
    now = _place(steps, this_week)
    if 2 * now.placed_minutes >= now.needed_minutes:
        return this_week, _explained(now, steps, this_week)
    later = _place(steps, next_week)
    useful = now.needed_minutes
    if _cut_off(steps, next_week):
        useful = max(now.placed_minutes, later.placed_minutes)
    if now.pieces and (2 * now.placed_minutes >= useful or later.placed_minutes < now.placed_minutes):
        return this_week, _explained(now, steps, this_week)
    return next_week, _explained(later, steps, next_week)


def _cut_off(steps: Sequence[Step], week: Week) -> bool:
    """Tell whether exams leave a step not all days of a week."""
    return any(not part.allowed_on(len(part.day_costs) - 1) for item in items_of(steps, week) for part in item.parts)


def _explained(placement: Placement, steps: Sequence[Step], week: Week) -> Placement:
    """Return the placement with what is in the way and what would help, when something has no place."""
    if not placement.unplaced:
        return placement
    suggestion = smallest_change(week, lambda changed: _everything_fits(steps, changed, placement.needed_minutes))
    help_ = suggestion.text if suggestion else sentence(Phrase.NO_SINGLE_CHANGE, week.language, week=week.which)
    if placement.pieces:
        return replace(placement, suggestion=suggestion, note=help_)
    what, why = obstacle(steps, week)
    return replace(
        placement, suggestion=suggestion, note=f"{why} {suggestion.text}" if suggestion else why, obstacle=what
    )


def _place(steps: Sequence[Step], week: Week) -> Placement:
    case = arranged(steps, week)
    return Placement(
        pieces=pieces(case),
        unplaced=unplaced(case),
        needed_minutes=sum(item.minutes for item in case.items),
        available_minutes=sum(
            day.free_minutes
            for day in case.days
            if not steps or any(item.parts[0].allowed_on(day.index) for item in case.items)
        ),
    )


def arranged(steps: Sequence[Step], week: Week) -> Case:
    """Return the best arrangement of `steps` in `week`, as the search sees it."""
    days = free_days(week)
    items = items_of(steps, week, _longest_of_each(steps, week, days))
    return Case(steps, items, week, days, arrange(items, days))


def _longest_of_each(steps: Sequence[Step], week: Week, days: Sequence[Day]) -> list[int]:
    """Return the longest session of each step with which most is placed: the longest that there is room for, or,
    where that leaves steps without a place, shorter ones for these or for all.
    """
    first, *shorter = _lengths(week, days)
    best = [first] * len(steps)
    placed = worth_placing(items_of(steps, week, best), days, {}, _BRIEF)
    for length in shorter:
        if len(placed) == len(steps):
            break
        for longest in (
            [old if index in placed else length for index, old in enumerate(best)],
            [length] * len(steps),
        ):
            found = worth_placing(items_of(steps, week, longest), days, {}, _BRIEF)
            if _worth(steps, found) > _worth(steps, placed):
                best, placed = longest, found
    return best


def _lengths(week: Week, days: Sequence[Day]) -> list[int]:
    """Return lengths of sessions to try, the longest first: what there is room for, within the longest wanted."""
    rooms = {
        min((span.end - span.start) * START_MARK_MINUTES, day.left_minutes // START_MARK_MINUTES * START_MARK_MINUTES)
        for day in days
        for span in day.layout.spans
    }
    useful = sorted(room for room in rooms if SHORTEST_SESSION_MINUTES <= room < week.session_minutes)
    first = week.session_minutes
    if useful and max(rooms) < first:
        first = useful.pop()
    count = min(_SHORTER_LENGTHS, len(useful))
    evenly = {useful[number * (len(useful) - 1) // max(1, count - 1)] for number in range(count)}
    return [first, *sorted(evenly, reverse=True)]


def _worth(steps: Sequence[Step], placed: Iterable[int]) -> int:
    return sum(value(steps[index].kind, steps[index].minutes) for index in placed)


def _everything_fits(steps: Sequence[Step], week: Week, needed_minutes: int) -> bool:
    """Tell whether all steps can be placed, in sessions of the lengths that `_place` would choose, and in all at least
    as long as they were.
    """
    days = free_days(week)

    def fit(longest: Sequence[int]) -> bool:
        items = items_of(steps, week, longest)
        return sum(item.minutes for item in items) >= needed_minutes and everything_fits(items, days)

    # To choose the lengths takes longer than to see that none of them would do.
    return any(fit([length] * len(steps)) for length in _lengths(week, days)) and fit(
        _longest_of_each(steps, week, days)
    )
