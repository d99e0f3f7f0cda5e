"""The memory of one unit, computed by replaying its reviews: the same reviews give the same memory, in any order.

The model is FSRS-6 (Ye, Su and Cao 2022, "A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition
Scheduling", KDD), as its authors' library computes it, without random spread and without steps of minutes: a session
is a day's work, and only the first review of a day counts for long-term memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from fsrs import Card, Scheduler, State
from fsrs import Rating as Grade

WANTED_RECALL = 0.9
"""A unit is due when it would be recalled with less than this probability."""
SOLID_DAYS = 21
"""A unit that need not come back for so long is solid."""

_NOON = time(12)
_LESSONS = ("learn", None)
"""The kinds that teach a unit: a lesson, and a session of the student's own that names it."""


class Rating(StrEnum):
    """How well a session went, worst first, in the student's words."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


_GRADES = {Rating.AGAIN: Grade.Again, Rating.HARD: Grade.Hard, Rating.GOOD: Grade.Good, Rating.EASY: Grade.Easy}
_WORST_FIRST = {rating: place for place, rating in enumerate(Rating)}


@dataclass(frozen=True, slots=True)
class Review:
    """A done session of a unit: its local day, the instant of its tick (aware), its id, kind and rating.

    `units` is how many units the session was about.
    """

    day: date
    completed_at: datetime
    id: UUID
    kind: str | None
    rating: Rating | None
    units: int = 1


@dataclass(frozen=True, slots=True)
class UnitMemory:
    """What is known of a unit after its reviews.

    `stability` is the number of days in which recall falls to 90 %, `difficulty` lies between 1 and 10, `last_on` is
    the local day of the last review that counted, `learned_on` that of the lesson with which it was learned (None: not
    learned), `due_on` the day from which it should come back, `last_rating` what the last review was rated, good where
    nothing was said.
    """

    stability: float
    difficulty: float
    last_on: date
    learned_on: date | None
    due_on: date
    last_rating: Rating


def replay(reviews: Iterable[Review]) -> UnitMemory | None:
    """Return the memory that `reviews` of one unit leave, None when none of them counts.

    A mock, and a session about several units, counts only when it was rated, and never makes a unit learned. Of
    several reviews on one day the worst counts.
    """
    counted = sorted(
        (review for review in reviews if _counts(review)), key=lambda each: (each.day, each.completed_at, each.id)
    )
    if not counted:
        return None
    scheduler = _scheduler()
    card = Card(card_id=0, due=_noon(counted[0].day))
    learned_on: date | None = None
    rating = Rating.GOOD
    for day, of_day in groupby(counted, key=lambda review: review.day):
        reviews_of_day = list(of_day)
        rating = min((_rating(review) for review in reviews_of_day), key=_WORST_FIRST.__getitem__)
        card, _ = scheduler.review_card(card, _GRADES[rating], _noon(day))
        lessons = [_rating(review) for review in reviews_of_day if review.kind in _LESSONS and review.units == 1]
        if lessons:
            learned_on = None if Rating.AGAIN in lessons else learned_on or day
    return UnitMemory(
        stability=card.stability or 0.0,
        difficulty=card.difficulty or 0.0,
        last_on=counted[-1].day,
        learned_on=learned_on,
        due_on=max(card.due.date(), counted[-1].day + timedelta(days=1)),
        last_rating=rating,
    )


def recall(memory: UnitMemory, on: date) -> float:
    """Return the probability, 0 to 1, that the unit is recalled on the local day `on` without another review."""
    card = Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_noon(memory.due_on),
        last_review=_noon(memory.last_on),
    )
    return float(_scheduler().get_card_retrievability(card, _noon(max(on, memory.last_on))))


def _scheduler() -> Scheduler:
    return Scheduler(desired_retention=WANTED_RECALL, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _counts(review: Review) -> bool:
    return review.rating is not None or (review.kind != "mock" and review.units == 1)


def _rating(review: Review) -> Rating:
    return review.rating or Rating.GOOD


def _noon(day: date) -> datetime:
    # The library counts whole days of 24 hours between reviews: at noon of its day each is as far as the dates are.
    return datetime.combine(day, _NOON, tzinfo=UTC)
