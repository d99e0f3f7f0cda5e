"""Counting in windows that move: what passes, when there is room again, and what is forgotten."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.rate_limits.limit import Limit, LimitReached
from schediora.rate_limits.memory_counts import MOST_KEYS, MemoryCounts
from schediora.rate_limits.rate_limits import RateLimits
from tests.client import FrozenClock

THREE_A_MINUTE = Limit("three", 3, 60)


@pytest.fixture
def limits(clock: FrozenClock) -> RateLimits:
    return RateLimits(clock)


def passes(limits: RateLimits, key: str, *, limit: Limit = THREE_A_MINUTE, cost: int = 1) -> bool:
    try:
        limits.take(limit, key, cost=cost)
    except LimitReached:
        return False
    return True


def test_so_many_pass_and_each_makes_room_when_its_window_is_over(limits: RateLimits, clock: FrozenClock) -> None:
    for _ in range(3):
        assert passes(limits, "a")
        clock.advance(seconds=10)
    assert not passes(limits, "a")
    assert passes(limits, "b")
    with pytest.raises(LimitReached) as caught:
        limits.take(THREE_A_MINUTE, "a")
    assert caught.value.retry_after == 30
    clock.advance(seconds=29, milliseconds=999)
    with pytest.raises(LimitReached) as caught:
        limits.take(THREE_A_MINUTE, "a")
    assert caught.value.retry_after == 1
    clock.advance(milliseconds=1)
    assert passes(limits, "a")
    assert not passes(limits, "a")


def test_a_window_moves_on_whatever_else_was_counted_before(limits: RateLimits, clock: FrozenClock) -> None:
    for key in ("long", "longer", "longest"):
        assert passes(limits, key, limit=Limit("an hour", 1, 3600))
    assert passes(limits, "a", cost=3)
    clock.advance(seconds=60)
    assert passes(limits, "a", cost=3)


def test_what_is_refused_is_not_counted(limits: RateLimits, clock: FrozenClock) -> None:
    assert [passes(limits, "a") for _ in range(9)] == [True] * 3 + [False] * 6
    clock.advance(seconds=60)
    assert [passes(limits, "a") for _ in range(4)] == [True] * 3 + [False]


def test_a_cost_is_counted_whole_or_not_at_all(limits: RateLimits) -> None:
    assert passes(limits, "a", cost=2)
    assert not passes(limits, "a", cost=2)
    assert passes(limits, "a")
    assert not passes(limits, "b", cost=4)


def test_who_asks_for_much_is_told_when_there_is_room_for_it(limits: RateLimits, clock: FrozenClock) -> None:
    for _ in range(3):
        limits.take(THREE_A_MINUTE, "a")
        clock.advance(seconds=10)
    for cost, wait in [(1, 30), (2, 40), (3, 50), (4, 50)]:
        with pytest.raises(LimitReached) as caught:
            limits.take(THREE_A_MINUTE, "a", cost=cost)
        assert caught.value.retry_after == wait


def test_limits_of_two_names_count_apart(limits: RateLimits) -> None:
    assert passes(limits, "a", cost=3)
    assert passes(limits, "a", cost=3, limit=Limit("other", 3, 60))


def test_what_is_given_back_makes_room_at_once(limits: RateLimits) -> None:
    for _ in range(9):
        assert passes(limits, "a", cost=3)
        limits.give_back(THREE_A_MINUTE, "a", cost=3)
    limits.give_back(THREE_A_MINUTE, "a")
    assert [passes(limits, "a") for _ in range(4)] == [True] * 3 + [False]
    limits.give_back(THREE_A_MINUTE, "a")
    assert [passes(limits, "a") for _ in range(2)] == [True, False]


def test_switched_off_everything_passes(clock: FrozenClock) -> None:
    limits = RateLimits(clock, enabled=False)
    assert all(passes(limits, "a") for _ in range(9))
    limits.give_back(THREE_A_MINUTE, "a")


def test_a_clock_that_was_put_back_does_not_prolong_the_wait(limits: RateLimits, clock: FrozenClock) -> None:
    assert passes(limits, "a", cost=3)
    clock.advance(days=-1)
    assert not passes(limits, "a")
    clock.advance(seconds=60)
    assert passes(limits, "a", cost=3)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "in a few seconds."),
        (60, "in a minute."),
        (61, "in 2 minutes."),
        (600, "in 10 minutes."),
        (7141, "in 2 hours."),
    ],
)
def test_the_sentence_says_how_long_to_wait(limits: RateLimits, seconds: int, words: str) -> None:
    limit = Limit("one", 1, seconds)
    limits.take(limit, "a")
    with pytest.raises(LimitReached, match=words):
        limits.take(limit, "a")


def test_memory_is_bounded_and_the_longest_untouched_is_forgotten_first(clock: FrozenClock) -> None:
    counts = MemoryCounts(clock, most_keys=3)
    for key in ("a", "b", "c", "a", "d"):
        assert counts.acquire_entry(key, 9, 60)
    assert [counts.get_moving_window(key, 9, 60)[1] for key in "abcd"] == [2, 0, 1, 1]
    assert MemoryCounts(clock)._most_keys == MOST_KEYS == 50_000


def test_a_window_that_was_looked_at_when_it_had_run_out_is_in_nobodys_way(clock: FrozenClock) -> None:
    counts = MemoryCounts(clock)
    assert counts.acquire_entry("old", 3, 60)
    clock.advance(minutes=1)
    assert not counts.acquire_entry("old", 3, 60, amount=4)
    assert counts.get_moving_window("old", 3, 60)[1] == 0
    assert counts.acquire_entry("new", 3, 60)
    assert counts.reset() == 1


def test_windows_that_ran_out_leave_the_memory(clock: FrozenClock) -> None:
    counts = MemoryCounts(clock)
    for number in range(100):
        counts.acquire_entry(f"old {number}", 9, 60)
    clock.advance(minutes=1)
    for _ in range(50):
        counts.acquire_entry("new", 9, 60)
    assert counts.reset() == 1
    assert counts.reset() == 0


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=60))
def test_no_window_of_a_minute_holds_more_than_the_limit(steps: list[tuple[int, bool]]) -> None:
    """Whatever the pauses, in seconds, and whether an attempt is given back."""
    clock = FrozenClock()
    limits, passed = RateLimits(clock), list[datetime]()
    for pause, back in steps:
        clock.advance(seconds=pause)
        recent = [moment for moment in passed if moment > clock.now - timedelta(seconds=60)]
        assert passes(limits, "a") == (len(recent) < 3)
        if len(recent) < 3:
            passed.append(clock.now)
            if back:
                limits.give_back(THREE_A_MINUTE, "a")
                passed.pop()
