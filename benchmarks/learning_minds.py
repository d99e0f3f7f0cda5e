"""Two laws by which a simulated student forgets; neither is told how a planner thinks they forget.

A mind draws for each review whether the unit is remembered: paired, so that the same unit on the same day draws the
same number whichever plan is followed.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from math import exp
from typing import Protocol

from fsrs import Card, Scheduler
from fsrs import Rating as Grade
from fsrs.scheduler import DEFAULT_PARAMETERS

INITIAL_STABILITIES = 4
"""So many of FSRS-6's parameters are the stabilities after a first review; the student's factor multiplies them."""
LONGEST_INITIAL_DAYS = 100.0
FIRST_DAYS = 2.3
"""The exponential law's days from a lesson until recall falls to 90 %: what FSRS-6 takes after a good first review."""
GROWTH = 2.5
"""By which a review that comes in time multiplies those days (SM-2's usual ease, Wozniak 1990)."""
IN_TIME = 0.9
LESSON_MINUTES = 30
"""A unit is learned once lessons of it have lasted so long."""
QUESTION_MINUTES = 3
"""A session that has less time than this for each of its units brings none of them back."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a plan has on the local day `day`: `kind` and `units` as sessions have them, and its minutes."""

    day: date
    kind: str
    units: tuple[str, ...]
    minutes: float


class Law(Protocol):
    """How one student forgets one unit after another."""

    def learn(self, unit: str, day: date) -> None:
        """Take in the first review of `unit`, its lesson."""
        ...

    def recall(self, unit: str, day: date) -> float:
        """Return the probability, 0 to 1, that the learned `unit` is recalled on `day`."""
        ...

    def review(self, unit: str, day: date, *, remembered: bool) -> None:
        """Take in a later review of `unit`."""
        ...


class Fsrs:
    """FSRS-6 with the first stabilities multiplied by `factor`."""

    def __init__(self, factor: float) -> None:
        initial, others = DEFAULT_PARAMETERS[:INITIAL_STABILITIES], DEFAULT_PARAMETERS[INITIAL_STABILITIES:]
        parameters = (*(min(LONGEST_INITIAL_DAYS, days * factor) for days in initial), *others)
        self._scheduler = Scheduler(parameters, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
        self._cards: dict[str, Card] = {}

    def learn(self, unit: str, day: date) -> None:
        """Take in the first review of `unit`, its lesson."""
        self._cards[unit], _ = self._scheduler.review_card(Card(card_id=0, due=_noon(day)), Grade.Good, _noon(day))

    def recall(self, unit: str, day: date) -> float:
        """Return the probability, 0 to 1, that the learned `unit` is recalled on `day`."""
        return float(self._scheduler.get_card_retrievability(self._cards[unit], _noon(day)))

    def review(self, unit: str, day: date, *, remembered: bool) -> None:
        """Take in a later review of `unit`."""
        grade = Grade.Good if remembered else Grade.Again
        self._cards[unit], _ = self._scheduler.review_card(self._cards[unit], grade, _noon(day))


class Exponential:
    """Recall halves in equal times (Ebbinghaus's simplest form), and a review helps the more, the later it comes.

    One that comes when recall has fallen to 90 % or less multiplies the time by `GROWTH`, one on the next day hardly
    helps (spacing, Cepeda et al. 2008), and one that fails starts again.
    """

    def __init__(self, factor: float) -> None:
        self._first = FIRST_DAYS * factor
        self._units: dict[str, tuple[float, date]] = {}

    def learn(self, unit: str, day: date) -> None:
        """Take in the first review of `unit`, its lesson."""
        self._units[unit] = self._first, day

    def recall(self, unit: str, day: date) -> float:
        """Return the probability, 0 to 1, that the learned `unit` is recalled on `day`."""
        days, last = self._units[unit]
        return float(IN_TIME ** ((day - last).days / days))

    def review(self, unit: str, day: date, *, remembered: bool) -> None:
        """Take in a later review of `unit`."""
        days, _ = self._units[unit]
        late = min(1.0, (1 - self.recall(unit, day)) / (1 - IN_TIME))
        self._units[unit] = (days * (1 + (GROWTH - 1) * late) if remembered else self._first), day


@dataclass(slots=True)
class Mind:
    """A student who learns by sessions and forgets by `law`; `seed` decides what they remember on which day."""

    law: Law
    seed: int
    _taught: dict[str, float] = field(default_factory=dict)
    _last: dict[str, date] = field(default_factory=dict)

    def study(self, session: Session) -> bool:
        """Take in a session that was done and return whether all of its learned units were remembered.

        What is not learned can be taught by a lesson alone, and only the first session of a day counts for a unit.
        """
        share = session.minutes / len(session.units)
        remembered = True
        for unit in session.units:
            if unit in self._last:
                if self._last[unit] < session.day and share >= QUESTION_MINUTES:
                    remembered &= self._review(unit, session.day)
            elif session.kind == "learn":
                self._taught[unit] = self._taught.get(unit, 0.0) + share
                if self._taught[unit] >= LESSON_MINUTES:
                    self._last[unit] = session.day
                    self.law.learn(unit, session.day)
        return remembered

    def recalled(self, units: Iterable[str], day: date) -> float:
        """Return the share of `units` that is expected to be recalled on `day`; one never learned counts 0."""
        chances = [self.law.recall(unit, day) if unit in self._last else 0.0 for unit in units]
        return sum(chances) / len(chances)

    def _review(self, unit: str, day: date) -> bool:
        drawn = random.Random(f"{self.seed} {unit} {day}").random()
        remembered = drawn < self.law.recall(unit, day)
        self.law.review(unit, day, remembered=remembered)
        self._last[unit] = day
        return remembered


LAWS: Mapping[str, type[Fsrs] | type[Exponential]] = {"FSRS": Fsrs, "exponential": Exponential}


def factor_of(seed: int, spread: float) -> float:
    """Return how much longer than others this student remembers: lognormal, with median 1."""
    return exp(random.Random(f"{seed} factor").gauss(0.0, spread))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
