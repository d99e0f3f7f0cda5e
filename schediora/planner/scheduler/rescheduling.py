"""Placing sessions of a plan anew: those that were missed, and those that stand in the way, around what stays.

The hard rules are those of `placement`, except that a session keeps its length, and that one without a place takes no
other down with it.

Moving as little as possible comes first among equals. Three ways are looked at, and the first that places the most
value is taken: all sessions stay whose time is still good, and the others find room around them; the same, but the
topics that lack room are placed wholly anew; everything is placed anew. A session without room stays where it was,
and as long as that lies ahead nothing else is put there.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schediora.planner.scheduler.batch import Batch, Order, Places, batch_of, usual_order
from schediora.planner.scheduler.day_clock import CELL
from schediora.planner.scheduler.free_time import Calendar, Day
from schediora.planner.scheduler.items import cells_of
from schediora.planner.scheduler.moving import Movable, Moves
from schediora.planner.scheduler.moving_answer import moves_of
from schediora.planner.scheduler.objective import exam_cost
from schediora.planner.scheduler.order_search import Effort, arrange, worth_placing
from schediora.planner.scheduler.problem import Busy, Week
from schediora.planner.scheduler.selection import fits
from schediora.planner.scheduler.week_search import Slot

_ROUNDS = 6
"""How often the result is placed again until nothing changes: in practice once."""

_CHOICES = 6
_ARRANGEMENTS = 2
_EFFORT = Effort(choice=1_500, order=500, sessions=40)
"""How often what is left alone is settled by a choice alone, and then by a whole arrangement, and how much each does:
less than for a new plan, as somebody is waiting for the answer."""


def place_again(movable: Sequence[Movable], week: Week) -> Moves:
    """Return where each session goes, or that there is no room for it.

    No session starts before those that it comes after have ended. `week.busy` holds what does not move: what is done
    and what is pinned. Placing the result again changes nothing.

    The order of a topic, where its sessions say nothing themselves, is that of their times. What has moved beside what
    stays without room may turn it, but only once there is no room for more as it was.
    """
    calendar = Calendar(week)
    there, order = list(movable), usual_order(movable)
    for _ in range(_ROUNDS):
        turned = usual_order(there)
        found = _placed(there, turned, calendar)
        if turned != order and found.there != there:
            as_it_was = _placed(there, order, calendar)
            found, turned = (as_it_was, order) if as_it_was.there != there else (found, turned)
        settled = found.there == there
        there, order = found.there, turned
        if settled:
            break
    return moves_of(movable, found.batch, found.places, calendar.days())


@dataclass(frozen=True, slots=True)
class _Placed:
    """Sessions as a batch, where those with room are placed, and all of them there."""

    batch: Batch
    places: Places
    there: list[Movable]


def _placed(sessions: Sequence[Movable], order: Order, calendar: Calendar) -> _Placed:
    batch, days = batch_of(sessions, calendar.week, order), calendar.days()
    places = _best_places(batch, calendar)
    starts = {batch.sessions[index].id: days[place.day].instant(place.cell) for index, place in places.items()}
    there = [replace(session, starts_at=starts.get(session.id, session.starts_at)) for session in sessions]
    return _Placed(batch, places, there)


def _best_places(batch: Batch, calendar: Calendar) -> Places:
    """Return a place for as much as has room: the best of the three ways."""
    starts = [session.starts_at for session in batch.sessions]
    most = _worth(batch, _with_any_place(batch, calendar))
    good = _still_good(batch, starts, calendar)
    best = _around(good, batch, starts, calendar)
    without_room = {topic for index, topic in enumerate(batch.topics) if index not in best}
    other_topics = {index: place for index, place in good.items() if batch.topics[index] not in without_room}
    for kept in (other_topics, {}):
        if _worth(batch, best) == most:
            break
        found = _around(kept, batch, starts, calendar)
        if _worth(batch, found) > _worth(batch, best):
            best = found
    return best


def _with_any_place(batch: Batch, calendar: Calendar) -> frozenset[int]:
    """Return the sessions that have a place when nothing else is placed."""
    days = calendar.days()
    items = batch.items(days, {})
    return frozenset(index for index, item in enumerate(items) if fits(item.parts, days))


def _worth(batch: Batch, places: Iterable[int]) -> int:
    return sum(batch.worth(index) for index in places)


def _still_good(batch: Batch, starts: Sequence[datetime], calendar: Calendar) -> Places:
    """Return the sessions that can stay, together, where they are."""
    days, week = calendar.days(), calendar.week
    alone = {
        index: place
        for index, session in enumerate(batch.sessions)
        if (place := _free_place(days, index, starts[index], batch)) is not None
    }
    good: Places = {}
    busy: list[Busy] = []
    for index in sorted(_in_order(alone, batch), key=lambda index: (starts[index], index)):
        if _free_place(calendar.days(busy), index, starts[index], batch) is not None:
            good[index] = alone[index]
            busy.append(_busy(batch.sessions[index], starts[index], week))
    return good


def _in_order(places: Places, batch: Batch) -> list[int]:
    """Return sessions whose times are in the order that they must have: without those, one after the other, that
    stand in the way of more than they are worth.
    """
    in_the_way: dict[int, set[int]] = {index: set() for index in places}
    for index, place in places.items():
        for other in batch.before[index]:
            if other in places and _end(places[other], batch.sessions[other]) > (place.day, place.cell):
                in_the_way[index].add(other)
                in_the_way[other].add(index)
    while any(in_the_way.values()):
        worst = max(
            (index for index, others in in_the_way.items() if others),
            key=lambda index: (_worth(batch, in_the_way[index]) - batch.worth(index), index),
        )
        for other in in_the_way.pop(worst):
            in_the_way[other].discard(worst)
    return list(in_the_way)


def _end(place: Slot, session: Movable) -> tuple[int, int]:
    return place.day, place.cell + cells_of(session.minutes)


def _free_place(days: Sequence[Day], index: int, start: datetime, batch: Batch) -> Slot | None:
    """Return the place of a session that starts at `start`, if that breaks no rule for this session by itself."""
    session, week = batch.sessions[index], batch.week
    number = (week.day_of(start) - week.monday).days
    exams = [(exam - week.monday).days for exam in batch.exams[index]]
    if number not in batch.days_of(index) or exam_cost(exams, number, 0) is None:
        return None
    day = days[number]
    cell, off_mark = divmod(start - day.origin, CELL)
    end = cell + cells_of(session.minutes)
    if off_mark or session.minutes > day.left_minutes or day.first + cell < batch.opens(index, days):
        return None
    fits = any(span.start <= cell and end <= span.end for span in day.layout.spans)
    return Slot(number, cell) if fits else None


def _around(kept: Places, batch: Batch, starts: Sequence[datetime], calendar: Calendar) -> Places:
    """Return places for the sessions that are not `kept`, as far as there is room, together with those.

    What has no room and still lies ahead stays where it is, so that nothing else may be put there.
    """
    week = calendar.week
    items = batch.items(calendar.days(), kept)
    left_alone: frozenset[int] = frozenset()
    for _ in range(_CHOICES):
        days, fixed = _around_these(kept, left_alone, batch, starts, calendar)
        ahead = _ahead(kept.keys() | worth_placing(items, days, fixed, _EFFORT), batch, starts, week)
        if ahead <= left_alone:
            break
        left_alone |= ahead
    places: Places = {}
    for _ in range(_ARRANGEMENTS):
        days, fixed = _around_these(kept, left_alone, batch, starts, calendar)
        arrangement = arrange(items, days, fixed, _EFFORT)
        places = kept | {part.item: slot for part, slot in arrangement.placed}
        ahead = _ahead(places, batch, starts, week)
        if ahead <= left_alone:
            return places
        left_alone |= ahead
    return _apart(places, kept, batch, starts, calendar)


def _around_these(
    kept: Places,
    left_alone: frozenset[int],
    batch: Batch,
    starts: Sequence[datetime],
    calendar: Calendar,
) -> tuple[tuple[Day, ...], dict[int, int | None]]:
    """Return the days without the time of what is kept or left alone, and what of that has its place, with its day."""
    there = [_busy(batch.sessions[index], starts[index], calendar.week) for index in sorted(left_alone | kept.keys())]
    return calendar.days(there), {index: place.day for index, place in kept.items()} | dict.fromkeys(left_alone)


def _ahead(placed: Collection[int], batch: Batch, starts: Sequence[datetime], week: Week) -> frozenset[int]:
    """Return the sessions that are not placed and not over where they are."""
    return frozenset(
        index
        for index, session in enumerate(batch.sessions)
        if index not in placed and starts[index] + timedelta(minutes=session.minutes) > week.now
    )


def _apart(places: Places, kept: Places, batch: Batch, starts: Sequence[datetime], calendar: Calendar) -> Places:
    """Return `places` without those, of what is not kept, that are where a session without a place is left."""
    days, week = calendar.days(), calendar.week
    found = dict(places)
    while True:
        left = [_busy(batch.sessions[index], starts[index], week) for index in _ahead(found, batch, starts, week)]
        in_the_way = {
            index
            for index, place in found.items()
            if index not in kept and _overlaps(days[place.day].instant(place.cell), batch.sessions[index].minutes, left)
        }
        if not in_the_way:
            return found
        found = {index: place for index, place in found.items() if index not in in_the_way}


def _overlaps(start: datetime, minutes: int, others: Sequence[Busy]) -> bool:
    end = start + timedelta(minutes=minutes)
    return any(other.starts_at < end and start < other.starts_at + timedelta(minutes=other.minutes) for other in others)


def _busy(session: Movable, start: datetime, week: Week) -> Busy:
    return Busy(start, session.minutes, week.day_of(start), session.topic)
