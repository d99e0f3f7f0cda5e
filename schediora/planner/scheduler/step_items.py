"""The steps of a plan as the search takes them: split, valued, bound to their days and to what comes before."""

from collections.abc import Sequence
from datetime import date, timedelta

from schediora.localtime import DAYS_A_WEEK, START_MARK_MINUTES
from schediora.planner.scheduler.exams import exams_ahead
from schediora.planner.scheduler.items import Item, days_from_monday, last_learning, parts_of
from schediora.planner.scheduler.objective import value
from schediora.planner.scheduler.precedence import after_each, all_before
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES, Kind, Step, Week, topic_key
from schediora.planner.scheduler.splitting import split


def items_of(steps: Sequence[Step], week: Week, longest: Sequence[int] | None = None) -> tuple[Item, ...]:
    """Return the steps as items. `longest` is the longest session of each step in minutes, `week.session_minutes` when
    left out.

    A step needs the lessons that it comes after, and a mock test that it builds on; it goes back to the last lesson
    that it builds on. One without `after` goes back to the last lesson before it in its topic, and needs that one and
    what it does not come after itself.
    """
    after = after_each(steps)
    before = all_before(after)
    topics = [topic_key(step.topic) for step in steps]
    in_order = last_learning(topics, [step.kind for step in steps])
    today = week.today
    items = []
    for index, step in enumerate(steps):
        lengths = _lengths(step, week.session_minutes if longest is None else longest[index])
        parts = parts_of(
            index,
            lengths,
            topics[index],
            step.kind,
            exams=days_from_monday(exams_ahead(step, week, today), week.monday),
            first_day=max(0, (today - week.monday).days),
            days=_days(step, week.monday) if max(lengths) <= week.session_minutes else (),
        )
        learnt = in_order[index]
        needs = {other for other in after[index] if steps[other].kind is Kind.LEARN}
        if step.after is None and learnt is not None:
            needs -= before[learnt]
        if step.after is not None:
            learnt = max((other for other in needs if other in step.builds_on), default=None)
            needs |= {other for other in after[index] if other in step.builds_on and steps[other].kind is Kind.MOCK}
        minutes = sum(part.minutes for part in parts)
        items.append(Item(parts, value(step.kind, minutes), before[index], frozenset(needs), learnt))
    return tuple(items)


def _lengths(step: Step, longest: int) -> tuple[int, ...]:
    if step.whole:
        return (max(SHORTEST_SESSION_MINUTES, -(-step.minutes // START_MARK_MINUTES) * START_MARK_MINUTES),)
    return split(step.minutes, longest)


def _days(step: Step, monday: date) -> list[int]:
    """Return the days of the week between the step's earliest and latest."""
    return [
        number
        for number in range(DAYS_A_WEEK)
        for day in [monday + timedelta(days=number)]
        if (step.earliest_day is None or step.earliest_day <= day)
        and (step.latest_day is None or day <= step.latest_day)
    ]
