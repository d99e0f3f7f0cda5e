"""Which week a plan is for: the rest of this one or the next, whichever holds more that still helps before an exam."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from schediora.ai.curriculum.draft import LONGEST_LIGHT_REVIEW, SHORTEST_SLOT
from schediora.ai.curriculum.load import EVE_MINUTES
from schediora.planner.scheduler import placement
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.problem import Placement, Step, Week

WORTH_STARTING_MINUTES = 150
"""With less of this week left, and less than half of a whole one, a plan is written for a whole week instead."""

_DAY = timedelta(days=1)
_EVE_ENDS = 21 * 60
"""The eve of an exam ends in good time for sleep, in wall-clock minutes, where the student's hours allow it."""


def week_to_plan(this_week: Week, next_week: Week | None, exams: Sequence[Collection[date]]) -> Week:
    """Return the week that a plan is written for; `exams` are the coming days of each topic's.

    That is this week, unless too little of it is left to start in; and then too where an exam leaves no more of the
    next one, or the next one is None: not open to it.
    """
    if next_week is None:
        return this_week
    left, whole = (sum(_free(week).values()) for week in (this_week, next_week))
    if left >= min(WORTH_STARTING_MINUTES, whole / 2):
        return this_week
    return this_week if _useful(next_week, exams) <= _useful(this_week, exams) else next_week


def placed_in(steps: Sequence[Step], planned: Week, this_week: Week, next_week: Week | None) -> tuple[Week, Placement]:
    """Return the week that holds `steps`, which were written for the week `planned`, and their places in it.

    What was written for next week is placed there, unless nothing has a place. Where next week is None, not open to
    them, this week holds what fits.
    """
    if next_week is None:
        return this_week, placement.place(steps, this_week)
    if planned.monday == next_week.monday:
        placed = placement.place(steps, next_week)
        if placed.pieces:
            return next_week, placed
    return placement.choose_week(steps, this_week, next_week)


def with_light_eves(week: Week, exams: Sequence[Collection[date]]) -> Week:
    """Return `week` with the eves of the exams kept light: half an hour, or two hours where no other day of it is left
    before, and an early end.
    """
    eves = {day - _DAY for days in exams for day in days}
    free = _free(week)
    return replace(
        week,
        day_caps={eve: LONGEST_LIGHT_REVIEW if _another_before(eve, free) else EVE_MINUTES for eve in eves},
        day_ends=dict.fromkeys(eves, _EVE_ENDS),
    )


def _another_before(eve: date, free: Collection[date]) -> bool:
    return any(day < eve for day in free) or eve not in free


def _free(week: Week) -> dict[date, int]:
    """Return the free minutes of the days that have enough for a step."""
    return {day.day: day.free_minutes for day in free_days(week) if day.free_minutes >= SHORTEST_SLOT}


def _useful(week: Week, exams: Sequence[Collection[date]]) -> int:
    """Return the free minutes on the days that are before an exam of one of the topics, or in a topic without one."""
    return sum(minutes for day, minutes in _free(week).items() if any(not days or day < max(days) for days in exams))
