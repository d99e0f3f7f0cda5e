"""The rules of rotation as pure functions; tests of the calls are beside this file."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schediora.auth.rotation import GRACE, MAX_SKIPPED_RANGES, Generations, Verdict

LATER = GRACE + timedelta(microseconds=1)
FRESH = Generations(current=1, used=0, replaced=0, skipped=[])


def test_the_current_generation_is_exchanged_for_the_next() -> None:
    assert FRESH.judge(1, since_rotation=LATER) is Verdict.EXCHANGE
    assert FRESH.exchanged(1) == Generations(current=2, used=1, replaced=1, skipped=[])


def test_the_replaced_generation_gets_the_current_pair_again_for_ten_seconds() -> None:
    chain = Generations(current=5, used=5, replaced=4, skipped=[])
    assert chain.judge(4, since_rotation=timedelta(seconds=10)) is Verdict.REPEAT
    assert chain.judge(4, since_rotation=LATER) is Verdict.REUSE


def test_the_used_generation_is_exchanged_anew_while_newer_ones_were_never_used() -> None:
    chain = Generations(current=5, used=4, replaced=4, skipped=[])
    assert chain.judge(4, since_rotation=LATER) is Verdict.EXCHANGE
    assert chain.exchanged(4) == Generations(current=6, used=4, replaced=4, skipped=[(5, 5)])


def test_answers_lost_in_a_row_are_one_skipped_range() -> None:
    chain = FRESH.exchanged(1).exchanged(1).exchanged(1)
    assert chain == Generations(current=4, used=1, replaced=1, skipped=[(2, 3)])
    assert chain.exchanged(4).skipped == [(2, 3)]


def test_beyond_thirty_two_ranges_the_oldest_two_are_merged_and_no_lost_pair_comes_back() -> None:
    """A phone that loses every second answer: generations 2, 4, 6, ... die unused, 1, 3, 5, ... arrive."""
    chain = FRESH
    for held in range(1, 2 * MAX_SKIPPED_RANGES, 2):
        chain = chain.exchanged(held).exchanged(held)
    ranges = [(number, number) for number in range(2, 2 * MAX_SKIPPED_RANGES + 1, 2)]
    assert (MAX_SKIPPED_RANGES, chain.current) == (32, 65)
    assert chain.skipped == ranges
    chain = chain.exchanged(65).exchanged(65)
    assert chain.skipped == [(2, 4), *ranges[2:], (66, 66)]
    assert [generation for generation in range(1, 68) if chain.accepts(generation)] == [1, *range(5, 66, 2), 67]
    chain = chain.exchanged(67).exchanged(67)
    assert chain.skipped == [(2, 6), *ranges[3:], (66, 66), (68, 68)]


def test_every_other_generation_is_reuse() -> None:
    chain = Generations(current=6, used=4, replaced=4, skipped=[(5, 5)])
    verdicts = [chain.judge(generation, since_rotation=LATER) for generation in (0, 1, 3, 5, 7)]
    assert set(verdicts) == {Verdict.REUSE}


def test_an_access_token_is_good_when_current_or_not_newer_than_the_used_one() -> None:
    chain = Generations(current=6, used=4, replaced=4, skipped=[(2, 2), (5, 5)])
    assert [generation for generation in range(8) if chain.accepts(generation)] == [0, 1, 3, 4, 6]


@given(st.lists(st.sampled_from(["arrives", "is lost", "is used"]), max_size=200))
def test_a_phone_that_loses_answers_stays_signed_in_and_lost_pairs_stay_dead(answers: list[str]) -> None:
    chain, held, lost = FRESH, 1, set[int]()
    for answer in answers:
        assert chain.judge(held, since_rotation=LATER) is Verdict.EXCHANGE
        chain = chain.exchanged(held)
        if answer == "is lost":
            lost.add(chain.current)
            continue
        held = chain.current
        if answer == "is used":
            chain = Generations(chain.current, held, chain.replaced, chain.skipped)
        assert chain.accepts(held)
        assert not any(chain.accepts(dead) for dead in lost)
        assert all(chain.judge(dead, since_rotation=LATER) is Verdict.REUSE for dead in lost)
    assert len(chain.skipped) <= MAX_SKIPPED_RANGES


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_thief_and_the_phone_cannot_both_go_on(by_phone: int, by_thief: int) -> None:
    """Both hold generation 1; whoever comes second with a generation that the other has moved past is found out."""
    chain, held = FRESH, 1
    for _ in range(by_thief):
        chain = chain.exchanged(held)
        held = chain.current
    phone = chain.judge(1, since_rotation=LATER)
    assert phone is (Verdict.EXCHANGE if by_thief == 1 else Verdict.REUSE)
    if phone is Verdict.EXCHANGE:
        chain, own = chain.exchanged(1), chain.current + 1
        for _ in range(by_phone):
            assert chain.judge(own, since_rotation=LATER) is Verdict.EXCHANGE
            chain, own = chain.exchanged(own), chain.current + 1
        assert chain.judge(held, since_rotation=LATER) is Verdict.REUSE
