"""Sessions that are placed anew together, in study order, with what must have ended before each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from schediora.localtime import DAYS_A_WEEK
from schediora.planner.scheduler.day_clock import CELL
from schediora.planner.scheduler.exams import exams_ahead
from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.items import FOREVER, Item, cells_of, days_from_monday, last_learning, parts_of
from schediora.planner.scheduler.moving import Movable
from schediora.planner.scheduler.objective import LATE_DAY, LATE_FACTOR, value
from schediora.planner.scheduler.precedence import all_before, study_order
from schediora.planner.scheduler.problem import Kind, Week, topic_key
from schediora.planner.scheduler.week_search import Slot

Places = dict[int, Slot]
"""Where sessions of a batch are, by their index."""

Order = Mapping[UUID, frozenset[UUID]]
"""What each session comes after, as far as that may be moved too, by its id."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The sessions in study order. `before` are all that come before each, `builds_on` those that a reason may name;
    `learnt` is the lesson that it goes back to after a gap; `exams` are the days of those that it prepares for.
    """

    week: Week
    sessions: tuple[Movable, ...]
    topics: tuple[str, ...]
    before: tuple[frozenset[int], ...]
    builds_on: tuple[frozenset[int], ...]
    learnt: tuple[int | None, ...]
    exams: tuple[tuple[date, ...], ...]

    def worth(self, index: int) -> int:
        """Return what placing a session is worth."""
        session = self.sessions[index]
        return value(session.kind, session.minutes) * (LATE_FACTOR if session.late else 1)

    def days_of(self, index: int) -> range:
        """Return the days of the week, from 0, that leave a session before its deadline, as long as that is ahead."""
        session = self.sessions[index]
        if session.latest_day is None or session.late:
            return range(DAYS_A_WEEK)
        return range(min(DAYS_A_WEEK, (session.latest_day - self.week.monday).days + 1))

    def opens(self, index: int, days: Sequence[Day]) -> int:
        """Return the first cell of the week at which a session may start, for what it builds on and does not move."""
        instant = self.sessions[index].not_before
        number = 0 if instant is None else (self.week.day_of(instant) - self.week.monday).days
        if instant is None or not 0 <= number < len(days):
            return 0
        return days[number].first - (days[number].origin - instant) // CELL

    def items(self, days: Sequence[Day], kept: Mapping[int, Slot]) -> tuple[Item, ...]:
        """Return the sessions as items, bound by those that are `kept` where they are."""
        today = self.week.today
        start = {index: days[place.day].first + place.cell for index, place in kept.items()}
        end = {index: cell + cells_of(self.sessions[index].minutes) for index, cell in start.items()}
        items = []
        for index, session in enumerate(self.sessions):
            parts = parts_of(
                index,
                [session.minutes],
                self.topics[index],
                session.kind,
                exams=days_from_monday(self.exams[index], self.week.monday),
                first_day=max(0, (today - self.week.monday).days),
                days=self.days_of(index),
                day_cost=LATE_DAY if session.late else 0,
                not_before=max(
                    self.opens(index, days), *(end[other] for other in kept if other in self.before[index]), 0
                ),
                ends_by=min((start[other] for other in kept if index in self.before[other]), default=FOREVER),
            )
            items.append(Item(parts, self.worth(index), self.before[index], learnt=self.learnt[index]))
        return tuple(items)


def usual_order(movable: Sequence[Movable]) -> Order:
    """Return what each session comes after: what it says itself, or else what its time says."""
    given = _by_time(movable)
    after = _after_each(given, {session.id: index for index, session in enumerate(given)})
    return {
        session.id: frozenset(given[other].id for other in before) for session, before in zip(given, after, strict=True)
    }


def batch_of(movable: Sequence[Movable], week: Week, usual: Order) -> Batch:
    """Return the sessions as a batch in the order of `usual`, in whatever order they are given."""
    given = _by_time(movable)
    index_of = {session.id: index for index, session in enumerate(given)}
    after = [{index_of[other] for other in usual[session.id]} for session in given]
    order = study_order(after)
    place = {index: number for number, index in enumerate(order)}
    sessions = tuple(given[index] for index in order)
    before = [frozenset(place[other] for other in after[index] if place[other] < place[index]) for index in order]
    builds_on = tuple(
        frozenset(place[index_of[other]] for other in session.builds_on if other in index_of) & before[number]
        for number, session in enumerate(sessions)
    )
    today = week.today
    return Batch(
        week=week,
        sessions=sessions,
        topics=tuple(topic_key(session.topic) for session in sessions),
        before=all_before(before),
        builds_on=builds_on,
        learnt=_learnt(sessions, builds_on),
        exams=tuple(exams_ahead(session, week, today) for session in sessions),
    )


def _by_time(movable: Sequence[Movable]) -> list[Movable]:
    return sorted(movable, key=lambda session: (session.starts_at, session.id))


def _after_each(given: Sequence[Movable], index_of: Mapping[UUID, int]) -> list[set[int]]:
    """Return what each session comes after. The usual order of a topic gives way to what sessions say themselves."""
    after = [
        {index_of[other] for other in (*(session.after or ()), *session.builds_on) if other in index_of}
        for session in given
    ]
    for index, session in enumerate(given):
        if session.after is None:
            key = topic_key(session.topic)
            for earlier in range(index):
                if given[earlier].apart or topic_key(given[earlier].topic) != key:
                    continue
                if not _rests_on_later(earlier, index, after):
                    after[index].add(earlier)
    return after


def _rests_on_later(index: int, first: int, after: Sequence[set[int]]) -> bool:
    """Tell whether `index` comes after `first` or one that is later still, at one or more removes.

    The old time of a session that was missed then says nothing: it has to come after what lies ahead.
    """
    seen: set[int] = set()
    ahead = [index]
    while ahead:
        for before in after[ahead.pop()] - seen:
            if before >= first:
                return True
            seen.add(before)
            ahead.append(before)
    return False


def _learnt(sessions: Sequence[Movable], builds_on: Sequence[frozenset[int]]) -> tuple[int | None, ...]:
    in_order = last_learning([topic_key(session.topic) for session in sessions], [session.kind for session in sessions])
    return tuple(
        in_order[index]
        if session.after is None
        else max((other for other in builds_on[index] if sessions[other].kind is Kind.LEARN), default=None)
        for index, session in enumerate(sessions)
    )
