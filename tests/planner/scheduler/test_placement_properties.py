"""No hard rule is ever broken: over random weeks, zones, preferences, sessions and outlines."""

import os
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schediora.planner.scheduler.placement import Movable, Moves, Step, Week, choose_week, place, place_again
from schediora.planner.scheduler.suggestion import with_change
from tests.planner.scheduler.placement_rules import broken_by_moves, broken_rules
from tests.planner.scheduler.placement_strategies import graphs, outlines, plans, weeks

TIMES = int(os.environ.get("SCHEDIORA_TEST_EXAMPLES", "1"))
"""So many times as many examples as usual are tried."""
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def tried(examples: int) -> settings:
    """Return settings for so many random examples, which may take as long as they like."""
    return settings(PATIENT, max_examples=TIMES * examples)


@tried(40)
@given(graphs() | outlines(), weeks())
def test_no_hard_rule_is_broken_and_every_step_is_answered_for(steps: list[Step], week: Week) -> None:
    assert broken_rules(steps, week, place(steps, week)) == []


@tried(6)
@given(graphs(), weeks())
def test_the_same_input_gives_the_same_plan(steps: list[Step], week: Week) -> None:
    assert place(steps, week) == place(steps, replace(week, busy=week.busy[::-1], windows=week.windows[::-1]))


@tried(16)
@given(graphs() | outlines(), weeks())
def test_a_suggestion_makes_everything_fit_and_shortens_nothing(steps: list[Step], week: Week) -> None:
    placement = place(steps, week)
    assert bool(placement.note) == bool(placement.unplaced)
    if placement.suggestion is not None:
        changed = with_change(week, placement.suggestion)
        after = place(steps, changed)
        assert after.unplaced == ()
        assert after.placed_minutes >= placement.needed_minutes
        assert broken_rules(steps, changed, after) == []


@tried(8)
@given(outlines(), weeks(), weeks())
def test_the_week_chosen_is_this_one_when_it_holds_half_or_the_other_holds_less(
    steps: list[Step], this_week: Week, next_week: Week
) -> None:
    week, placement = choose_week(steps, this_week, next_week)
    assert placement == place(steps, week)
    now, later = place(steps, this_week), place(steps, next_week)
    if 2 * now.placed_minutes >= now.needed_minutes or later.placed_minutes < now.placed_minutes:
        assert week == this_week
    elif not now.pieces or not next_week.exams:
        assert week == next_week


def applied(movable: list[Movable], moves: Moves) -> list[Movable]:
    starts = {move.id: move.starts_at for move in moves.moves}
    return [replace(session, starts_at=starts.get(session.id, session.starts_at)) for session in movable]


@tried(70)
@given(plans())
def test_moving_breaks_no_hard_rule_and_a_second_time_changes_nothing(plan: tuple[list[Movable], Week]) -> None:
    movable, week = plan
    moves = place_again(movable, week)
    assert broken_by_moves(movable, week, moves) == []
    after = applied(movable, moves)
    again = place_again(after, week)
    assert applied(after, again) == after
    assert [impossible.id for impossible in again.impossible] == [impossible.id for impossible in moves.impossible]
    assert all(move.kept for move in again.moves)


@tried(30)
@given(plans(), st.randoms(use_true_random=False))
def test_moving_does_not_depend_on_the_order_in_which_sessions_are_given(
    plan: tuple[list[Movable], Week], random: Random
) -> None:
    movable, week = plan
    shuffled = movable.copy()
    random.shuffle(shuffled)
    assert place_again(shuffled, week).moves == place_again(movable, week).moves
