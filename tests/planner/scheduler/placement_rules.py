"""The hard rules of the placement, checked minute by minute on a finished plan and independently of how it was made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.placement import Busy, Kind, Movable, Move, Moves, Placement, Step, Week, place_again

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Placed:
    starts_at: datetime
    minutes: int
    day: date
    topic: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.minutes * MINUTE


def broken_by_sessions(sessions: Sequence[Placed], week: Week) -> Iterator[str]:
    """The rules that hold for any sessions newly put into a week."""
    for session in sessions:
        yield from _broken_alone(session, week)
    there = [Placed(busy.starts_at, busy.minutes, busy.day, busy.topic) for busy in week.busy]
    everything = [*sessions, *there]
    for number, session in enumerate(sessions):
        for other in everything[number + 1 :]:
            if session.starts_at < other.ends_at and other.starts_at < session.ends_at:
                yield f"{session} overlaps {other}"
    for day in {session.day for session in sessions}:
        if sum(session.minutes for session in everything if session.day == day) > week.daily_minutes:
            yield f"more than {week.daily_minutes} minutes on {day}"


def _broken_alone(session: Placed, week: Week) -> Iterator[str]:
    if session.starts_at.tzinfo is not UTC:
        yield f"{session} is not in UTC"
    if session.starts_at < week.now:
        yield f"{session} starts before now"
    if session.starts_at.timestamp() % 300:
        yield f"{session} starts off the five-minute marks"
    if not 0 <= (session.day - week.monday).days <= 6:
        yield f"{session} lies outside the week"
    if session.day in week.days_off:
        yield f"{session} lies on a day off"
    for minute in range(session.minutes):
        wall = (session.starts_at + minute * MINUTE).astimezone(week.tz)
        of_day = wall.hour * 60 + wall.minute
        day = students_day(wall, week)
        if day != session.day:
            yield f"{session} has a minute on {day}"
        if not any(w.weekday == wall.isoweekday() and w.start <= of_day < w.end for w in week.windows):
            yield f"{session} is outside availability at {wall}"
    today = students_day(week.now.astimezone(week.tz), week)
    exams = [exam.day for exam in week.exams if same_topic(exam.topic, session.topic) and exam.day > today]
    if exams and (session.day in exams or session.day > max(exams)):
        yield f"{session} is not before an exam of {exams}"


def students_day(wall: datetime, week: Week) -> date:
    early = wall.hour * 60 + wall.minute < week.day_starts_at
    return wall.date() - timedelta(days=1) if early else wall.date()


def broken_rules(steps: Sequence[Step], week: Week, placement: Placement) -> list[str]:
    """Every hard rule that a placement breaks, in words."""
    pieces = placement.pieces
    broken = list(broken_by_sessions([Placed(p.starts_at, p.minutes, p.day, p.topic) for p in pieces], week))
    broken += [
        f"{p} has a forbidden length" for p in pieces if p.minutes % 5 or not 15 <= p.minutes <= week.session_minutes
    ]
    broken += [f"{p} is part of what is never split" for p in pieces if steps[p.step].whole and p.parts > 1]
    broken += [
        f"{p} is outside its days"
        for p in pieces
        if not (steps[p.step].earliest_day or p.day) <= p.day <= (steps[p.step].latest_day or p.day)
    ]
    for day, most in week.day_caps.items():
        if sum(piece.minutes for piece in pieces if piece.day == day) > most:
            broken.append(f"more than {most} new minutes on {day}")
    if list(pieces) != sorted(pieces, key=lambda piece: piece.starts_at):
        broken.append("pieces are not in order of time")
    before = before_each([(step.topic, step.after, step.builds_on) for step in steps])
    broken += [
        f"{late} starts before {early} has ended"
        for early, late in permutations(pieces, 2)
        if (early.step in before[late.step] or (early.step == late.step and early.part < late.part))
        and late.starts_at < early.starts_at + early.minutes * MINUTE
    ]
    placed = {piece.step for piece in pieces}
    listed = [unplaced.step for unplaced in placement.unplaced]
    if sorted([*placed, *listed]) != list(range(len(steps))):
        broken.append(f"placed {placed} and listed {listed} of {len(steps)} steps")
    for number in placed:
        parts = [piece for piece in pieces if piece.step == number]
        if [piece.part for piece in parts] != list(range(1, parts[0].parts + 1)):
            broken.append(f"step {number} is placed in part")
        if not placed.issuperset(lessons_before(steps, number)):
            broken.append(f"step {number} is placed without what it builds on")
    if any(not unplaced.reason.code or not unplaced.reason.text.endswith(".") for unplaced in placement.unplaced):
        broken.append("a step is unplaced without a sentence")
    return broken


def broken_by_moves(movable: Sequence[Movable], week: Week, moves: Moves) -> list[str]:
    """Every hard rule that moving sessions breaks, in words."""
    sessions = {session.id: session for session in movable}
    in_order = sorted(movable, key=lambda session: (session.starts_at, session.id))
    number = {session.id: place for place, session in enumerate(in_order)}
    graph = [
        (
            session.topic,
            None if session.after is None else [number[other] for other in session.after if other in number],
            [number[other] for other in session.builds_on if other in number],
        )
        for session in in_order
    ]
    before = before_each(graph)
    said = before_each([(topic, after or (), builds_on) for topic, after, builds_on in graph])
    moved = [(sessions[move.id], move) for move in moves.moves]
    broken = list(broken_by_sessions([Placed(m.starts_at, s.minutes, m.day, s.topic) for s, m in moved], week))
    out_of_order = [
        (early, late)
        for (early, to), (late, late_to) in permutations(moved, 2)
        if number[early.id] in before[number[late.id]]
        and late_to.starts_at < to.starts_at + early.minutes * MINUTE
        and (late.after is not None or _has_room(late, to.starts_at + early.minutes * MINUTE, moved, week))
    ]
    # An order that follows from times alone, be it at one remove, may be turned where it has no room for everything.
    as_said = [(early, late) for early, late in out_of_order if number[early.id] in said[number[late.id]]]
    if out_of_order != as_said and not _has_room_in(in_order, before, week):
        out_of_order = as_said
    broken += [f"{late.id} starts before {early.id} has ended" for early, late in out_of_order]
    answered = [move.id for move in moves.moves] + [impossible.id for impossible in moves.impossible]
    if sorted(answered) != sorted(sessions):
        broken.append("not every session is answered for once")
    for impossible in moves.impossible:
        left = sessions[impossible.id]
        for session, move in moved:
            if (
                not move.kept
                and week.now < left.starts_at + left.minutes * MINUTE
                and _overlap(left, session, move.starts_at)
            ):
                broken.append(f"{session.id} is put where {left.id} is left")
    return broken


def _has_room(session: Movable, after: datetime, moved: Sequence[tuple[Movable, Move]], week: Week) -> bool:
    """Whether a session, which only comes after others of its topic because it was planned so, could lie later."""
    others = [Busy(move.starts_at, each.minutes, move.day, each.topic) for each, move in moved if each.id != session.id]
    days = free_days(replace(week, busy=(*week.busy, *others)))
    exams = [exam.day for exam in week.exams if same_topic(exam.topic, session.topic)]
    return any(
        day.left_minutes >= session.minutes and max(day.instant(span.start), after) + session.minutes * MINUTE <= end
        for day in days
        if not exams or day.day < max(exams)
        for span in day.layout.spans
        for end in [day.instant(span.end)]
    )


def _has_room_in(in_order: Sequence[Movable], before: Sequence[set[int]], week: Week) -> bool:
    """Whether all sessions have a place when each comes after those that were before it, come what may."""
    said = [
        replace(session, after=session.after or tuple(in_order[other].id for other in sorted(earlier)))
        for session, earlier in zip(in_order, before, strict=True)
    ]
    return not place_again(said, week).impossible


def _overlap(left: Movable, session: Movable, starts_at: datetime) -> bool:
    return left.starts_at < starts_at + session.minutes * MINUTE and starts_at < left.starts_at + left.minutes * MINUTE


def before_each(graph: Sequence[tuple[str, Iterable[int] | None, Iterable[int]]]) -> list[set[int]]:
    """All that comes before each step, given its topic, what it comes after (None: all earlier ones of its topic) and
    what it builds on."""
    found: list[set[int]] = []
    for number, (topic, after, builds_on) in enumerate(graph):
        earlier = [other for other in range(number) if same_topic(graph[other][0], topic)]
        direct = set(earlier if after is None else [*after, *builds_on]) & set(range(number))
        found.append(direct.union(*(found[other] for other in direct)))
    return found


def lessons_before(steps: Sequence[Step], number: int) -> set[int]:
    """The lessons that a step comes after at one remove, and the mock that it builds on."""
    step = steps[number]
    after = step.after
    if after is None:
        after = tuple(other for other in range(number) if same_topic(steps[other].topic, step.topic))
    return {other for other in after if steps[other].kind is Kind.LEARN} | {
        other for other in step.builds_on if step.after is not None and steps[other].kind in (Kind.LEARN, Kind.MOCK)
    }


def same_topic(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
