"""The memory of a unit: the same reviews, in any order, give the same memory, and nothing is read from a clock."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.memory.replay import Rating, Review, recall, replay
from schediora.memory.state import UnitState, due_for, known_until, state_of

DAY = date(2026, 3, 2)


def review(
    days: int,
    kind: str | None = "learn",
    rating: Rating | None = None,
    *,
    number: int = 1,
    units: int = 1,
    hour: int = 9,
) -> Review:
    day = DAY + timedelta(days=days)
    return Review(day, datetime(day.year, day.month, day.day, hour, tzinfo=UTC), UUID(int=number), kind, rating, units)


reviews = st.lists(
    st.builds(
        review,
        st.integers(0, 120),
        st.sampled_from(["learn", "practice", "recall", "review", "mock", None]),
        st.sampled_from([None, *Rating]),
        number=st.integers(1, 10**6),
        units=st.integers(1, 3),
    ),
    max_size=20,
    unique_by=lambda each: each.id,
)


@given(reviews, st.randoms(use_true_random=False))
def test_the_order_in_which_reviews_are_read_makes_no_difference(lived: list[Review], chance: random.Random) -> None:
    shuffled = list(lived)
    chance.shuffle(shuffled)
    assert replay(shuffled) == replay(lived)


def test_a_lesson_teaches_and_each_good_review_lengthens_what_follows() -> None:
    intervals = []
    lived = [review(0)]
    for _ in range(4):
        memory = replay(lived)
        assert memory is not None
        assert memory.learned_on == DAY
        intervals.append((memory.due_on - memory.last_on).days)
        lived.append(review((memory.due_on - DAY).days, "recall", Rating.GOOD))
    assert intervals == sorted(intervals)
    assert intervals[0] >= 1
    assert intervals[-1] > 4 * intervals[0]


def test_a_lesson_rated_again_is_not_learned_until_it_is_repeated() -> None:
    failed = replay([review(0, rating=Rating.AGAIN)])
    assert failed is not None
    assert failed.learned_on is None
    assert state_of(failed, DAY) is UnitState.NEW
    repeated = replay([review(0, rating=Rating.AGAIN), review(2, number=2)])
    assert repeated is not None
    assert repeated.learned_on == DAY + timedelta(days=2)


@pytest.mark.parametrize(("kind", "units"), [("mock", 1), ("review", 3), ("practice", 2)])
def test_a_mock_and_a_session_of_several_units_count_only_when_rated(kind: str, units: int) -> None:
    assert replay([review(0, kind, units=units)]) is None
    rated = replay([review(0, kind, Rating.GOOD, units=units)])
    assert rated is not None
    assert rated.learned_on is None


def test_of_one_day_the_worst_review_counts_once() -> None:
    worst_only = replay([review(0), review(4, "recall", Rating.HARD)])
    both = replay([review(0), review(4, "recall", Rating.EASY, number=2), review(4, "practice", Rating.HARD, number=3)])
    assert both == worst_only


def test_recall_falls_with_time_to_nine_tenths_on_the_day_it_is_due() -> None:
    memory = replay([review(0), review(3, "recall", number=2)])
    assert memory is not None
    chances = [recall(memory, memory.last_on + timedelta(days=days)) for days in range(0, 200, 5)]
    assert chances[0] == pytest.approx(1)
    assert chances == sorted(chances, reverse=True)
    assert recall(memory, memory.due_on) == pytest.approx(0.9, abs=0.02)
    assert due_for(memory.due_on + timedelta(days=10), memory, 0.9)
    assert not due_for(memory.last_on, memory, 0.9)


def test_a_unit_is_due_from_its_day_on_and_solid_when_it_need_not_come_back_for_three_weeks() -> None:
    memory = replay([review(0)])
    assert memory is not None
    assert state_of(memory, memory.due_on - timedelta(days=1)) is UnitState.LEARNING
    assert state_of(memory, memory.due_on) is UnitState.DUE
    firm = replay(
        [review(0), review(3, "recall", number=2), review(12, "recall", number=3), review(40, "recall", number=4)]
    )
    assert firm is not None
    assert state_of(firm, firm.last_on) is UnitState.SOLID
    assert state_of(None, DAY) is UnitState.NEW


def test_what_the_student_knows_comes_back_after_two_weeks_or_in_the_week_before_the_exam() -> None:
    assert known_until(DAY, None) == DAY + timedelta(days=14)
    assert known_until(DAY, DAY + timedelta(days=60)) == DAY + timedelta(days=14)
    assert known_until(DAY, DAY + timedelta(days=10)) == DAY + timedelta(days=3)
    assert known_until(DAY, DAY + timedelta(days=2)) == DAY
