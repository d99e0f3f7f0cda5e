"""Keeping counts: the same in memory, in either database and in Redis."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from schediora.db.base import bound
from schediora.db.database import connected
from schediora.models.rate_limits import RateCount
from schediora.rate_limits.counts import Counts
from schediora.rate_limits.database_counts import DatabaseCounts, purge
from schediora.rate_limits.limit import Limit, LimitReached
from schediora.rate_limits.rate_limits import RateLimits
from tests.client import FrozenClock


def test_so_many_are_counted_and_each_makes_room_when_its_window_is_over(counts: Counts, clock: FrozenClock) -> None:
    for _ in range(3):
        assert counts.acquire_entry("a", 3, 60)
        clock.advance(seconds=10)
    assert not counts.acquire_entry("a", 3, 60)
    assert counts.acquire_entry("b", 3, 60)
    clock.advance(seconds=29)
    assert not counts.acquire_entry("a", 3, 60)
    clock.advance(seconds=2)
    assert [counts.acquire_entry("a", 3, 60) for _ in range(2)] == [True, False]


def test_several_are_counted_whole_or_not_at_all(counts: Counts) -> None:
    assert not counts.acquire_entry("a", 3, 60, amount=4)
    assert [counts.acquire_entry("a", 3, 60, amount=2) for _ in range(2)] == [True, False]
    assert counts.acquire_entry("a", 3, 60)


def test_a_window_is_told_as_it_stands_now(counts: Counts, clock: FrozenClock) -> None:
    first = clock.now.timestamp()
    counts.acquire_entry("a", 9, 60)
    clock.advance(seconds=30)
    counts.acquire_entry("a", 9, 60, amount=2)
    assert counts.get_moving_window("a", 9, 60) == (first, 3)
    clock.advance(seconds=31)
    assert counts.get_moving_window("a", 9, 60) == (first + 30, 2)
    clock.advance(seconds=30)
    assert counts.get_moving_window("a", 9, 60) == counts.get_moving_window("never", 9, 60) == (first + 91, 0)


def test_what_is_given_back_or_cleared_counts_no_more(counts: Counts) -> None:
    for key in ("a", "b", "c"):
        assert counts.acquire_entry(key, 3, 60, amount=3)
    counts.give_back("a", 2)
    counts.give_back("b", 9)
    counts.give_back("never counted", 1)
    counts.clear("c")
    counts.clear("never counted")
    assert [counts.get_moving_window(key, 3, 60)[1] for key in ("a", "b", "c")] == [1, 0, 0]
    assert [counts.acquire_entry("a", 3, 60) for _ in range(3)] == [True, True, False]
    assert counts.check()


def test_counting_at_once_gives_no_more_than_there_is(counts: Counts, kept_in: str) -> None:
    def count(_: int) -> bool:
        if not isinstance(counts, DatabaseCounts):
            return counts.acquire_entry("a", 20, 60)
        with connected(bound()):
            return counts.acquire_entry("a", 20, 60)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(count, range(80))) == 20


def test_of_several_limits_all_are_counted_or_none(counts: Counts, clock: FrozenClock) -> None:
    limits = RateLimits(clock, shared=counts)
    wide, narrow = Limit("a wide one", 9, 60, shared=True), Limit("narrow", 2, 60, shared=True)
    for _ in range(2):
        limits.take_all((narrow, "n"), (wide, "w"))
    for _ in range(3):
        with pytest.raises(LimitReached) as caught:
            limits.take_all((wide, "w"), (narrow, "n"))
        assert caught.value.limit is narrow
    for _ in range(7):
        limits.take(wide, "w")
    limits.give_back_all((wide, "w"), (narrow, "n"))
    limits.take_all((wide, "w"), (narrow, "n"))
    limits.lift(narrow, "n")
    limits.take(narrow, "n", cost=2)


@pytest.mark.parametrize("kept_in", ["sqlite", "postgres"], indirect=True)
def test_counts_in_the_database_name_nobody_and_go_once_they_are_spent(counts: Counts, clock: FrozenClock) -> None:
    limits = RateLimits(clock, shared=counts, key=b"k" * 32)
    for key in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        limits.take(Limit("some", 9, 60, shared=True), key)
    rows = list(RateCount.select())
    assert len(rows) == 3
    assert not any("192.0.2" in row.key for row in rows)
    assert purge(clock.now + timedelta(seconds=59), rows=2) == 0
    assert [purge(clock.now + timedelta(seconds=60), rows=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("kept_in", ["sqlite", "postgres"], indirect=True)
def test_a_clock_that_was_put_back_does_not_prolong_the_wait_in_the_database(
    counts: Counts, clock: FrozenClock
) -> None:
    assert counts.acquire_entry("a", 3, 60, amount=2)
    clock.advance(days=-1)
    assert counts.acquire_entry("a", 3, 60)
    clock.advance(seconds=60)
    assert counts.acquire_entry("a", 3, 60, amount=3)
