"""Choosing what to place: no choice that fits is worth more, also where sessions have a first start and a last end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.localtime import at_minute, zone
from schediora.planner.scheduler.free_time import Day, free_days
from schediora.planner.scheduler.items import FOREVER, Item, Part
from schediora.planner.scheduler.problem import Kind, Week, Window
from schediora.planner.scheduler.selection import fits, most_valuable

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
    return Part(item, 0, True, 5 * cells, cells, topic, Kind.LEARN, None, None, not_before, ends_by)


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


def test_a_choice_that_ends_earlier_is_kept_beside_one_that_is_worth_more() -> None:
    week = days((0, EIGHT, EIGHT + 9), daily_minutes=45)
    items = [Item((session(0, 6),), 30), Item((session(1, 3),), 16), Item((session(2, 6),), 31)]
    (chosen,) = most_valuable([[item.parts[0] for item in items]], items, week)
    assert [part.item for part in chosen] == [1, 2]


def test_a_choice_with_fewer_minutes_on_its_day_is_kept_beside_one_that_ends_as_early() -> None:
    week = days((0, EIGHT, EIGHT + 30), daily_minutes=60)
    first, second = session(0, 6), session(1, 3, not_before=EIGHT + 3)
    items = [Item((first,), 20), Item((second,), 19), Item((session(2, 9),), 40)]
    (chosen,) = most_valuable([[first, second, items[2].parts[0]]], items, week)
    assert [part.item for part in chosen] == [1, 2]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Item], tuple[Day, ...]]:
    windows = [
        (day, EIGHT + draw(st.integers(0, 2)), EIGHT + draw(st.integers(4, 12)))
        for day in range(draw(st.integers(1, 2)))
    ]
    items: list[Item] = []
    for number in range(draw(st.integers(1, 4))):
        topic = draw(st.sampled_from("ab"))
        first = draw(st.sampled_from([0, 0, EIGHT + 2, EIGHT + 6, CELLS_A_DAY + EIGHT + 1]))
        last = draw(st.sampled_from([FOREVER, FOREVER, EIGHT + 8, CELLS_A_DAY + EIGHT + 7]))
        cells = draw(st.integers(1, 5))
        parts = [session(number, cells, topic, not_before=first, ends_by=last)]
        in_two = draw(st.booleans())
        if in_two:
            parts = [replace(parts[0], is_last=False), replace(parts[0], number=1, not_before=0)]
        before = [index for index, item in enumerate(items) if item.topic == topic]
        is_resting = draw(st.booleans())
        parent = before[-1] if before and is_resting else None
        items.append(Item(tuple(parts), draw(st.integers(1, 9)), parent=parent))
    return items, days(*windows, daily_minutes=draw(st.sampled_from([25, 45, 90])))


def mixes(one: Sequence[Part], other: Sequence[Part]) -> Iterator[list[Part]]:
    """Every common order of two chains."""
    places = range(len(one) + len(other))
    for taken in combinations(places, len(one)):
        first, second = iter(one), iter(other)
        yield [next(first) if place in taken else next(second) for place in places]


def best_by_trying_everything(items: list[Item], week: tuple[Day, ...]) -> int:
    best = 0
    for count in range(1, len(items) + 1):
        for chosen in combinations(range(len(items)), count):
            worth = sum(items[index].value for index in chosen)
            whole = all(items[index].parent is None or items[index].parent in chosen for index in chosen)
            if worth <= best or not whole:
                continue
            chains = (
                [part for index in chosen if items[index].topic == topic for part in items[index].parts]
                for topic in "ab"
            )
            if any(fits(order, week) for order in mixes(*chains)):
                best = worth
    return best


@settings(max_examples=100, deadline=None)
@given(cases())
def test_no_choice_that_fits_is_worth_more(case: tuple[list[Item], tuple[Day, ...]]) -> None:
    items, week = case
    chains = [[part for item in items if item.topic == topic for part in item.parts] for topic in "ab"]
    chosen = most_valuable([chain for chain in chains if chain], items, week)
    placed = chosen[0] if chosen else ()
    assert fits(placed, week)
    assert sum(items[part.item].value for part in placed if part.number == 0) == best_by_trying_everything(items, week)
