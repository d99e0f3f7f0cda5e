"""The benchmark of learning in small: its students forget as they should, and the curriculum helps them."""

from datetime import timedelta
from statistics import mean

import pytest

from benchmarks.learning import interval, recalled
from benchmarks.learning_minds import LAWS, Mind, Session
from benchmarks.learning_plans import learners, ours, present, round_robin

STUDENTS = 5


def test_students_know_more_on_the_exam_day_than_by_the_plans_before_and_by_a_round_robin() -> None:
    for law in LAWS:
        shares = {
            study: [recalled(learner, law, study, seed=1, spread=0.5) for learner in learners()[:STUDENTS]]
            for study in (ours, present, round_robin)
        }
        assert mean(shares[ours]) > mean(shares[present]) + 0.1, law
        assert mean(shares[ours]) > mean(shares[round_robin]), law


@pytest.mark.parametrize("law", LAWS)
def test_a_mind_learns_by_lessons_alone_and_forgets_less_after_each_review(law: str) -> None:
    learner = learners()[0]
    unit, day = learner.units[0], learner.starts_on
    mind = Mind(LAWS[law](1.0), seed=1)
    mind.study(Session(day, "practice", (unit,), 45))
    mind.study(Session(day, "learn", (unit,), 15))
    assert mind.recalled([unit], day) == 0
    mind.study(Session(day, "learn", (unit,), 15))
    assert mind.recalled([unit], day) == 1
    assert mind.recalled([unit, "other"], day) == 0.5
    month = day + timedelta(days=30)
    before = mind.recalled([unit], month)
    mind.study(Session(day + timedelta(days=2), "recall", (unit, *learner.units[1:20]), 20))
    assert mind.recalled([unit], month) == before
    mind.study(Session(day + timedelta(days=1), "recall", (unit,), 20))
    assert before < mind.recalled([unit], month) < 1


def test_every_plan_that_was_recorded_fits_its_student() -> None:
    for learner in learners():
        assert len(learner.present) == len(learner.attended) == 12
        for week in learner.present:
            assert 6 <= len(week) <= 10
            assert {unit for session in week for unit in session.units} <= set(learner.units)
        assert set(learner.units) <= {unit.key for unit in learner.subject.units}


def test_an_interval_holds_the_mean_of_the_differences() -> None:
    middle, low, high = interval([0.1, 0.2, 0.3])
    assert low < middle < high
    assert middle == pytest.approx(0.2)
