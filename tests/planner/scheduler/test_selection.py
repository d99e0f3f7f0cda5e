"""Choosing what to place: no choice that fits is worth more, also where sessions have a first start and a last end."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler.free_time import Day, free_days
from schediora.planner.scheduler.items import FOREVER, Item, Part
from schediora.planner.scheduler.part_graph import PartGraph
from schediora.planner.scheduler.problem import Kind, Week, Window
from schediora.planner.scheduler.selection import fits, most_valuable_in
from schediora.planner.scheduler.set_selection import most_valuable

Choose = Callable[[Sequence[Item], tuple[Day, ...]], tuple[Part, ...]]

MONDAY = date(2026, 11, 23)
UTC = zone("UTC")
CELLS_A_DAY = 288
EIGHT = 96
"""The cell of a day that starts at eight o'clock."""


def days(*windows: tuple[int, int, int], daily_minutes: int = 120) -> tuple[Day, ...]:
    """Return a week's days with free time from one cell to another of some weekdays (0 is Monday)."""
    free = tuple(Window(day + 1, 5 * start, 5 * end) for day, start, end in windows)
    return free_days(Week(MONDAY, at_minute(MONDAY, 0, UTC), UTC, free, daily_minutes, 45))


def session(item: int, cells: int, topic: str = "a", *, not_before: int = 0, ends_by: int = FOREVER) -> Part:
    return Part(item, 0, True, 5 * cells, cells, topic, Kind.LEARN, None, (0,) * 7, not_before, ends_by)


def test_a_session_starts_at_its_first_cell_at_the_earliest_on_whatever_day_that_is() -> None:
    week = days((0, EIGHT, EIGHT + 12), (1, EIGHT, EIGHT + 12))
    tuesday = CELLS_A_DAY + EIGHT
    assert fits([session(0, 12, not_before=EIGHT)], week)
    assert fits([session(0, 12, not_before=EIGHT + 1)], week)
    assert fits([session(0, 12, not_before=tuesday)], week)
    assert not fits([session(0, 12, not_before=tuesday + 1)], week)
    assert fits([session(0, 11, not_before=tuesday + 1)], week)
    assert not fits([session(0, 12, not_before=EIGHT + 1), session(1, 1)], week)


def test_a_session_ends_by_its_last_cell() -> None:
    week = days((0, EIGHT, EIGHT + 12), (1, EIGHT, EIGHT + 12))
    assert fits([session(0, 6, ends_by=EIGHT + 6)], week)
    assert not fits([session(0, 6, ends_by=EIGHT + 5)], week)
    assert fits([session(0, 7), session(1, 6, ends_by=CELLS_A_DAY + EIGHT + 6)], week)
    assert not fits([session(0, 7), session(1, 6, ends_by=CELLS_A_DAY + EIGHT + 5)], week)


def in_order(items: Sequence[Item]) -> list[Item]:
    """The items, each after all before it."""
    return [replace(item, before=frozenset(range(number))) for number, item in enumerate(items)]


def chosen_in(items: Sequence[Item], week: tuple[Day, ...]) -> tuple[Part, ...]:
    found = most_valuable(PartGraph(items, range(len(items))), items, week)
    return found[0] if found else ()


def in_the_order(items: Sequence[Item], week: tuple[Day, ...]) -> tuple[Part, ...]:
    return most_valuable_in([part for item in items for part in item.parts], items, week, 1_000)


@pytest.mark.parametrize("choose", [chosen_in, in_the_order])
def test_a_choice_that_ends_earlier_is_kept_beside_one_that_is_worth_more(choose: Choose) -> None:
    week = days((0, EIGHT, EIGHT + 9), daily_minutes=45)
    items = in_order([Item((session(0, 6),), 30), Item((session(1, 3),), 16), Item((session(2, 6),), 31)])
    assert [part.item for part in choose(items, week)] == [1, 2]


@pytest.mark.parametrize("choose", [chosen_in, in_the_order])
def test_a_choice_with_fewer_minutes_on_its_day_is_kept_beside_one_that_ends_as_early(choose: Choose) -> None:
    week = days((0, EIGHT, EIGHT + 30), daily_minutes=60)
    first, second = session(0, 6), session(1, 3, not_before=EIGHT + 3)
    items = in_order([Item((first,), 20), Item((second,), 19), Item((session(2, 9),), 40)])
    assert [part.item for part in choose(items, week)] == [1, 2]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Item], tuple[Day, ...]]:
    windows = [
        (day, EIGHT + draw(st.integers(0, 2)), EIGHT + draw(st.integers(4, 12)))
        for day in range(draw(st.integers(1, 2)))
    ]
    items: list[Item] = []
    for number in range(draw(st.integers(1, 4))):
        first = draw(st.sampled_from([0, 0, EIGHT + 2, EIGHT + 6, CELLS_A_DAY + EIGHT + 1]))
        last = draw(st.sampled_from([FOREVER, FOREVER, EIGHT + 8, CELLS_A_DAY + EIGHT + 7]))
        costs = draw(st.sampled_from([(0,) * 7, (0,) * 7, (0, *[None] * 6), (None, *[0] * 6)]))
        parts = [replace(session(number, draw(st.integers(1, 5)), not_before=first, ends_by=last), day_costs=costs)]
        in_two = draw(st.booleans())
        if in_two:
            parts = [replace(parts[0], is_last=False), replace(parts[0], number=1, not_before=0)]
        after = draw(st.sets(st.integers(0, number - 1))) if number else set()
        needs = draw(st.sets(st.sampled_from(sorted(after)))) if after else set()
        before = after.union(*(items[other].before for other in after))
        items.append(Item(tuple(parts), draw(st.integers(1, 9)), frozenset(before), frozenset(needs)))
    return items, days(*windows, daily_minutes=draw(st.sampled_from([25, 45, 90])))


def best_by_trying_everything(items: list[Item], week: tuple[Day, ...]) -> int:
    best = 0
    for count in range(1, len(items) + 1):
        for chosen in combinations(range(len(items)), count):
            worth = sum(items[index].value for index in chosen)
            if worth > best and all(items[index].needs <= set(chosen) for index in chosen):
                orders = permutations([part for index in chosen for part in items[index].parts])
                if any(is_in_order(order, items) and fits(order, week) for order in orders):
                    best = worth
    return best


def is_in_order(order: Sequence[Part], items: Sequence[Item]) -> bool:
    return all(
        later.item not in items[part.item].before and (later.item != part.item or later.number > part.number)
        for place, part in enumerate(order)
        for later in order[place + 1 :]
    )


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_choice_that_fits_is_worth_more(case: tuple[list[Item], tuple[Day, ...]]) -> None:
    items, week = case
    placed = chosen_in(items, week)
    assert fits(placed, week)
    assert is_in_order(placed, items)
    assert sum(items[part.item].value for part in placed if part.number == 0) == best_by_trying_everything(items, week)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_in_a_given_order_no_choice_that_fits_is_worth_more(case: tuple[list[Item], tuple[Day, ...]]) -> None:
    items, week = in_order(case[0]), case[1]
    placed = in_the_order(items, week)
    assert fits(placed, week)
    assert sum(items[part.item].value for part in placed if part.number == 0) == best_by_trying_everything(items, week)
