"""The objective as its documentation states it, worked out from a finished plan with clocks and calendars alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from schediora.planner.scheduler.placement import Kind, Placement, Step, Week
from tests.planner.scheduler.placement_rules import students_day

MINUTE = timedelta(minutes=1)
WORTH = {Kind.LEARN: 6, Kind.RECALL: 5, Kind.REVIEW: 5, Kind.MOCK: 6, Kind.PRACTICE: 4}


@dataclass(frozen=True)
class Session:
    """`step` and `part` are None for what was there already. It takes whole marks of five minutes."""

    starts_at: datetime
    minutes: int
    topic: str
    kind: Kind | None = None
    step: int | None = None
    part: int = 1
    parts: int = 1

    @property
    def first(self) -> datetime:
        return self.starts_at - (self.starts_at - datetime.min.replace(tzinfo=self.starts_at.tzinfo)) % (5 * MINUTE)

    @property
    def last(self) -> datetime:
        end = self.starts_at + self.minutes * MINUTE
        return end + (datetime.min.replace(tzinfo=end.tzinfo) - end) % (5 * MINUTE)


def sessions_of(placement: Placement) -> list[Session]:
    return [
        Session(p.starts_at, p.minutes, p.topic.strip().casefold(), p.kind, p.step, p.part, p.parts)
        for p in placement.pieces
    ]


def objective(steps: Sequence[Step], week: Week, sessions: Sequence[Session]) -> int:
    value = sum(WORTH[session.kind] * session.minutes for session in sessions if session.kind)
    return 1_000_000 * value - cost(steps, week, sessions)


def cost(steps: Sequence[Step], week: Week, sessions: Sequence[Session]) -> int:
    total = sum(_spread(week, day, sessions) + _side_by_side(week, day, sessions) for day in _days(week))
    return total + sum(
        _spacing(steps, week, session, sessions)
        + _slack(week, session)
        + _evening(week, session)
        + _hour(week, session)
        for session in sessions
    )


def _days(week: Week) -> Iterator[date]:
    return (week.monday + timedelta(days=number) for number in range(7))


def _day(week: Week, instant: datetime) -> date:
    return students_day(instant.astimezone(week.tz), week)


def _hour_of_day(week: Week, instant: datetime) -> int:
    """The hour of the student's day: 25 is one in the night after it."""
    wall = instant.astimezone(week.tz)
    return wall.hour + 24 * (wall.date() - students_day(wall, week)).days


def _spread(week: Week, day: date, sessions: Sequence[Session]) -> int:
    there = sum(busy.minutes for busy in week.busy if busy.day == day)
    new = sum(session.minutes for session in sessions if _day(week, session.starts_at) == day)
    return ((there + new) ** 2 - there**2) // 25


def _side_by_side(week: Week, day: date, sessions: Sequence[Session]) -> int:
    there = [Session(busy.starts_at, busy.minutes, busy.topic.strip().casefold()) for busy in week.busy]
    of_day = [s for s in [*sessions, *there] if day in (_day(week, s.first), _day(week, s.last - MINUTE))]
    total = 0
    for one, other in pairwise(sorted(of_day, key=lambda session: session.starts_at)):
        if one.step is None and other.step is None:
            continue
        gap = (other.first - one.last) // (5 * MINUTE)
        total += 60 * (one.topic == other.topic) + 20 * max(0, 2 - gap)
    return total


def _exam(week: Week, topic: str, after: date | None = None) -> date | None:
    after = after or _day(week, week.now)
    return min((e.day for e in week.exams if e.topic.strip().casefold() == topic and e.day > after), default=None)


def _spacing(steps: Sequence[Step], week: Week, session: Session, sessions: Sequence[Session]) -> int:
    if session.kind not in (Kind.RECALL, Kind.REVIEW) or session.part != 1 or session.step is None:
        return 0
    learning = [
        s
        for s in range(session.step)
        if steps[s].kind is Kind.LEARN and steps[s].topic.strip().casefold() == session.topic
    ]
    if not learning:
        return 0
    learnt = max(_day(week, s.starts_at) for s in sessions if s.step == learning[-1])
    gap = (_day(week, session.starts_at) - learnt).days
    fewest, most = 2, 4
    exam = _exam(week, session.topic)
    if exam is not None:
        left = (exam - max(_day(week, week.now), week.monday)).days
        fewest = max(1, -(-left // 5))
        most = max(fewest, left * 2 // 5)
    if session.kind is Kind.RECALL:
        fewest = 1
    return 150 * max(0, fewest - gap) + 50 * max(0, gap - most)


def _slack(week: Week, session: Session) -> int:
    day = _day(week, session.starts_at)
    exam, first = _exam(week, session.topic, max(day, _day(week, week.now))), _exam(week, session.topic)
    left = None if exam is None else (exam - day).days
    return ({1: 6, 2: 2}.get(left or 0, 0) + 200 * (exam != first)) * -(-session.minutes // 5)


def _hour(week: Week, session: Session) -> int:
    hour = _hour_of_day(week, session.starts_at)
    if week.habit_hours:
        late = -(-week.day_starts_at // 60)
        awake = [*range(6, 24), *range(late)]
        near = {
            h: 2 * week.habit_hours.count(h)
            + sum(abs(h - other) == 1 or (late > 0 and {h, other} == {0, 23}) for other in week.habit_hours)
            for h in awake
        }
        most = max(near.values())
        each = round(3 * (most - near[hour % 24]) / (most or 1)) if hour % 24 in near else 5
    else:
        each = 5 if hour < 6 else 1 if hour < 14 else 0
    return each * -(-session.minutes // 5)


def _evening(week: Week, session: Session) -> int:
    total = 0
    if week.habit_hours:
        return total
    for mark in range(0, session.minutes, 5):
        hour = _hour_of_day(week, session.starts_at + mark * MINUTE)
        total += 5 if hour >= 22 else 2 if hour >= 20 else 0
    return total
