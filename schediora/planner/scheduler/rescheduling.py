"""Placing sessions of a plan anew: those that were missed, and those that stand in the way, around what stays.

The hard rules are those of `placement`, except that a session keeps its length, and that one without a place takes no
other down with it.

Moving as little as possible comes first among equals. Three ways are looked at, and the first that places the most
value is taken: all sessions stay whose time is still good, and the others find room around them; the same, but the
topics that lack room are placed wholly anew; everything is placed anew. A session without room stays where it was,
and as long as that lies ahead nothing else is put there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from schediora.localtime import DAYS_A_WEEK, local_day
from schediora.planner.scheduler.free_time import CELL, Calendar, Day
from schediora.planner.scheduler.items import FOREVER, Item, cells_of, last_learning, parts_of
from schediora.planner.scheduler.objective import value
from schediora.planner.scheduler.order_search import arrange, worth_placing
from schediora.planner.scheduler.problem import (
    Busy,
    Impossible,
    Movable,
    Move,
    Moves,
    Reason,
    ReasonCode,
    Week,
    next_exam,
    topic_key,
)
from schediora.planner.scheduler.reasons import why_here, why_nowhere
from schediora.planner.scheduler.selection import fits
from schediora.planner.scheduler.week_search import Slot

_ROUNDS = 6
"""How often the result is placed again until nothing changes: the value placed grows each time, in practice once."""

_CHOICES = 6
_ARRANGEMENTS = 2
_LABELS = 1_500
_WORK = 150
"""How often what is left alone is settled by a choice alone, and then by a whole arrangement, and the labels and work
of each: less than for a new plan, as somebody is waiting for the answer."""

_Places = dict[int, Slot]


def place_again(movable: Sequence[Movable], week: Week) -> Moves:
    """Return where each session goes, or that there is no room for it.

    Sessions of one topic keep the order of their `sequence`. `week.busy` holds what does not move: what is done and
    what is pinned. Placing the result again changes nothing.
    """
    sessions = sorted(movable, key=lambda session: (session.sequence, session.starts_at, session.id))
    calendar = Calendar(week)
    days = calendar.days()
    most = _worth(sessions, _with_any_place(sessions, calendar))
    places: _Places | None = None
    again = _best_places(sessions, [session.starts_at for session in sessions], calendar, most)
    rounds = 0
    while again != places and rounds < _ROUNDS:
        places, rounds = again, rounds + 1
        starts = [
            days[places[index].day].instant(places[index].cell) if index in places else session.starts_at
            for index, session in enumerate(sessions)
        ]
        again = _best_places(sessions, starts, calendar, most)
    return _moves(movable, sessions, again, days, week)


def _best_places(sessions: Sequence[Movable], starts: Sequence[datetime], calendar: Calendar, most: int) -> _Places:
    """Return a place for as much as has room, when the sessions are at `starts` now: the best of the three ways.

    No way places more than is worth `most`.
    """
    good = _still_good(sessions, starts, calendar)
    best = _around(good, sessions, starts, calendar)
    without_room = {topic_key(session.topic) for index, session in enumerate(sessions) if index not in best}
    other_topics = {
        index: place for index, place in good.items() if topic_key(sessions[index].topic) not in without_room
    }
    for kept in (other_topics, {}):
        if _worth(sessions, best) == most:
            break
        found = _around(kept, sessions, starts, calendar)
        if _worth(sessions, found) > _worth(sessions, best):
            best = found
    return best


def _with_any_place(sessions: Sequence[Movable], calendar: Calendar) -> frozenset[int]:
    """Return the sessions that have a place when nothing else is placed."""
    days = calendar.days()
    items = _items(sessions, {}, days, calendar.week)
    return frozenset(index for index, item in enumerate(items) if fits(item.parts, days))


def _worth(sessions: Sequence[Movable], places: Iterable[int]) -> int:
    return sum(value(sessions[index].kind, sessions[index].minutes) for index in places)


def _still_good(sessions: Sequence[Movable], starts: Sequence[datetime], calendar: Calendar) -> _Places:
    """Return the sessions that can stay, together, where they are."""
    days, week = calendar.days(), calendar.week
    alone = {
        index: place
        for index, session in enumerate(sessions)
        if (place := _free_place(days, session, starts[index], week)) is not None
    }
    good: _Places = {}
    busy: list[Busy] = []
    for index in sorted(_in_order(alone, sessions), key=lambda index: (starts[index], index)):
        if _free_place(calendar.days(busy), sessions[index], starts[index], week) is not None:
            good[index] = alone[index]
            busy.append(_busy(sessions[index], starts[index], week))
    return good


def _in_order(places: _Places, sessions: Sequence[Movable]) -> list[int]:
    """Return, of each topic, the sessions worth most whose times are in the order of their sequence."""
    best: dict[str, list[tuple[int, list[int]]]] = {}
    for index, place in sorted(places.items()):
        worth = value(sessions[index].kind, sessions[index].minutes)
        chains = best.setdefault(topic_key(sessions[index].topic), [(0, [])])
        before = [
            chain
            for chain in chains
            if not chain[1] or _end(places[chain[1][-1]], sessions[chain[1][-1]]) <= (place.day, place.cell)
        ]
        longest = max(before, key=lambda chain: chain[0])
        chains.append((longest[0] + worth, [*longest[1], index]))
    return [index for chains in best.values() for index in max(chains, key=lambda chain: chain[0])[1]]


def _end(place: Slot, session: Movable) -> tuple[int, int]:
    return place.day, place.cell + cells_of(session.minutes)


def _free_place(days: Sequence[Day], session: Movable, start: datetime, week: Week) -> Slot | None:
    """Return the place of a session that starts at `start`, if that breaks no rule for this session by itself."""
    number = (local_day(start, week.tz) - week.monday).days
    exam = next_exam(week.exams, session.topic, local_day(week.now, week.tz))
    if not 0 <= number < DAYS_A_WEEK or (exam is not None and days[number].day >= exam):
        return None
    day = days[number]
    cell, off_mark = divmod(start - day.origin, CELL)
    end = cell + cells_of(session.minutes)
    if off_mark or session.minutes > day.left_minutes:
        return None
    fits = any(span.start <= cell and end <= span.end for span in day.layout.spans)
    return Slot(number, cell) if fits else None


def _around(kept: _Places, sessions: Sequence[Movable], starts: Sequence[datetime], calendar: Calendar) -> _Places:
    """Return places for the sessions that are not `kept`, as far as there is room, together with those.

    What has no room and still lies ahead stays where it is, so that nothing else may be put there.
    """
    week = calendar.week
    items = _items(sessions, kept, calendar.days(), week)
    left_alone: frozenset[int] = frozenset()
    for _ in range(_CHOICES):
        days, fixed = _around_these(kept, left_alone, sessions, starts, calendar)
        ahead = _ahead(kept.keys() | worth_placing(items, days, fixed, _LABELS), sessions, starts, week)
        if ahead <= left_alone:
            break
        left_alone |= ahead
    places: _Places = {}
    for _ in range(_ARRANGEMENTS):
        days, fixed = _around_these(kept, left_alone, sessions, starts, calendar)
        arrangement = arrange(items, days, fixed, labels=_LABELS, work=_WORK)
        places = kept | {part.item: slot for part, slot in arrangement.placed}
        ahead = _ahead(places, sessions, starts, week)
        if ahead <= left_alone:
            return places
        left_alone |= ahead
    return _apart(places, kept, sessions, starts, calendar)


def _around_these(
    kept: _Places,
    left_alone: frozenset[int],
    sessions: Sequence[Movable],
    starts: Sequence[datetime],
    calendar: Calendar,
) -> tuple[tuple[Day, ...], dict[int, int | None]]:
    """Return the days without the time of what is kept or left alone, and what of that has its place, with its day."""
    there = [_busy(sessions[index], starts[index], calendar.week) for index in sorted(left_alone | kept.keys())]
    return calendar.days(there), {index: place.day for index, place in kept.items()} | dict.fromkeys(left_alone)


def _ahead(
    placed: Collection[int], sessions: Sequence[Movable], starts: Sequence[datetime], week: Week
) -> frozenset[int]:
    """Return the sessions that are not placed and not over where they are."""
    return frozenset(
        index
        for index, session in enumerate(sessions)
        if index not in placed and starts[index] + timedelta(minutes=session.minutes) > week.now
    )


def _apart(
    places: _Places, kept: _Places, sessions: Sequence[Movable], starts: Sequence[datetime], calendar: Calendar
) -> _Places:
    """Return `places` without those, of what is not kept, that are where a session without a place is left."""
    days, week = calendar.days(), calendar.week
    found = dict(places)
    while True:
        left = [_busy(sessions[index], starts[index], week) for index in _ahead(found, sessions, starts, week)]
        in_the_way = {
            index
            for index, place in found.items()
            if index not in kept and _overlaps(days[place.day].instant(place.cell), sessions[index].minutes, left)
        }
        if not in_the_way:
            return found
        found = {index: place for index, place in found.items() if index not in in_the_way}


def _overlaps(start: datetime, minutes: int, others: Sequence[Busy]) -> bool:
    end = start + timedelta(minutes=minutes)
    return any(other.starts_at < end and start < other.starts_at + timedelta(minutes=other.minutes) for other in others)


def _items(sessions: Sequence[Movable], kept: Mapping[int, Slot], days: Sequence[Day], week: Week) -> tuple[Item, ...]:
    today = local_day(week.now, week.tz)
    topics = [topic_key(session.topic) for session in sessions]
    learnt = last_learning(topics, [session.kind for session in sessions])
    items = []
    for index, session in enumerate(sessions):
        exam = next_exam(week.exams, session.topic, today)
        same_topic = {
            other: days[place.day].first + place.cell for other, place in kept.items() if topics[other] == topics[index]
        }
        parts = parts_of(
            index,
            [session.minutes],
            topics[index],
            session.kind,
            exam_day=None if exam is None else (exam - week.monday).days,
            first_day=max(0, (today - week.monday).days),
            not_before=max(
                (cell + cells_of(sessions[other].minutes) for other, cell in same_topic.items() if other < index),
                default=0,
            ),
            ends_by=min((cell for other, cell in same_topic.items() if other > index), default=FOREVER),
        )
        items.append(Item(parts, value(session.kind, session.minutes), learnt=learnt[index]))
    return tuple(items)


def _busy(session: Movable, start: datetime, week: Week) -> Busy:
    return Busy(start, session.minutes, local_day(start, week.tz), session.topic)


def _moves(
    movable: Sequence[Movable], sessions: Sequence[Movable], places: _Places, days: Sequence[Day], week: Week
) -> Moves:
    today = local_day(week.now, week.tz)
    topics = [topic_key(session.topic) for session in sessions]
    learnt = last_learning(topics, [session.kind for session in sessions])
    free_minutes = sum(day.free_minutes for day in days)
    moves = []
    impossible = {}
    for index, session in enumerate(sessions):
        exam = next_exam(week.exams, session.topic, today)
        place = places.get(index)
        if place is None:
            cut_off = [day for day in days if exam is not None and day.day >= exam]
            reason = why_nowhere(
                session.topic.strip(),
                session.minutes,
                free_minutes=free_minutes,
                exam=exam,
                exam_cuts=any(day.free_minutes for day in cut_off),
                builds_on=None,
            )
            impossible[session.id] = Impossible(session.id, reason)
            continue
        day = days[place.day]
        start = day.instant(place.cell)
        kept = start == session.starts_at
        learning = learnt[index]
        reason = why_here(
            session.kind,
            session.topic.strip(),
            day.day,
            learnt=days[places[learning].day].day if learning is not None and learning in places else None,
            exam=exam,
        )
        moves.append(
            Move(session.id, start, day.day, kept, Reason(ReasonCode.KEPT, "Stays where it was.") if kept else reason)
        )
    return Moves(
        moves=tuple(sorted(moves, key=lambda move: (move.starts_at, move.id))),
        impossible=tuple(impossible[session.id] for session in movable if session.id in impossible),
    )
