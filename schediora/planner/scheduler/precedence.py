"""What must have ended before what: the graph over things to place, as indexes."""

from collections.abc import Collection, Sequence
from heapq import heapify, heappop, heappush

from schediora.planner.scheduler.problem import Step, topic_key


def after_each(steps: Sequence[Step]) -> tuple[tuple[int, ...], ...]:
    """Return, for each step, the earlier steps that it says it comes after; what is no earlier step is left out."""
    keys = [topic_key(step.topic) for step in steps]
    return tuple(
        tuple(other for other in range(index) if keys[other] == keys[index])
        if step.after is None
        else tuple(sorted({other for other in (*step.after, *step.builds_on) if 0 <= other < index}))
        for index, step in enumerate(steps)
    )


def study_order(after: Sequence[Collection[int]]) -> list[int]:
    """Return the indexes so that each comes later than all in its `after`, else as they are.

    Where some wait for each other in a circle, the lowest of them does not wait.
    """
    waiting = {index: set(before) - {index} for index, before in enumerate(after)}
    followers: dict[int, list[int]] = {index: [] for index in waiting}
    for index, before in waiting.items():
        for other in before:
            followers[other].append(index)
    ready = [index for index, before in waiting.items() if not before]
    heapify(ready)
    order: list[int] = []
    while waiting:
        index = heappop(ready) if ready else min(waiting)
        if waiting.pop(index, None) is None:
            continue
        order.append(index)
        for follower in followers[index]:
            if follower in waiting:
                waiting[follower].discard(index)
                if not waiting[follower]:
                    heappush(ready, follower)
    return order


def all_before(after: Sequence[Collection[int]]) -> tuple[frozenset[int], ...]:
    """Return all that come before each index, at one or more removes. Each `after` holds lower indexes only."""
    found: list[frozenset[int]] = []
    for before in after:
        found.append(frozenset(before).union(*(found[other] for other in before)))
    return tuple(found)
