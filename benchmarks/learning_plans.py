"""The three ways of planning a term that `benchmarks.learning` compares, for the same students in the same minutes.

Each week is dealt to its days by one simple rule (`_dealt`), the same for all: when to study is not compared here.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path
from uuid import UUID

from benchmarks.learning_minds import Mind, Session
from schediora.ai.curriculum.frame import DayTime, Frame, PastSession, Request, Student, Topic
from schediora.ai.curriculum.week import frame_of
from schediora.memory.replay import Rating, Review, replay
from schediora.planner.scheduler.problem import Kind
from schediora.subjects.catalog import Subject, subjects
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

RECORDED = Path(__file__).parent / "recorded" / "learning_present.json"
DAYS_A_WEEK = 7
LONGEST_SESSION_MINUTES = 60
USUAL_SESSION_MINUTES = 45
MOST_OFFERED = 16 * 60
REMEMBERED = timedelta(days=42)
ROUND = ("learn", "practice", "recall")
"""What a unit is studied by when the round robin comes to it for the first, second and third time, and so on."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A recorded student: `units` are the keys of what the exam asks, on the day after the term's last week.

    `attended` tells for each week and weekday whether they study what stands there. `present` has the plans that the
    curriculum before this one made for them, each week's in view of what they had done of the weeks before.
    """

    number: int
    subject: Subject
    starts_on: date
    units: tuple[str, ...]
    attended: tuple[tuple[bool, ...], ...]
    present: tuple[tuple[Session, ...], ...]

    @property
    def exam(self) -> date:
        """Return the day of the exam."""
        return self.starts_on + len(self.present) * timedelta(days=DAYS_A_WEEK)

    def minutes(self, week: int) -> float:
        """Return the minutes that every plan of the week may have."""
        return sum(session.minutes for session in self.present[week])


def learners() -> list[Learner]:
    """Return the recorded students."""
    known = {subject.key: subject for subject in subjects()}
    found = []
    for number, entry in enumerate(json.loads(RECORDED.read_text("utf-8"))):
        starts_on = date.fromisoformat(entry["starts_on"])
        subject = entry["subject"]
        found.append(
            Learner(
                number=number,
                subject=known[subject],
                starts_on=starts_on,
                units=tuple(f"{subject}.{unit}" for unit in entry["units"]),
                attended=tuple(tuple(day == "1" for day in week) for week in entry["attendance"]),
                present=tuple(
                    tuple(
                        Session(
                            starts_on + timedelta(days=DAYS_A_WEEK * week + day),
                            kind,
                            tuple(f"{subject}.{unit}" for unit in units),
                            minutes,
                        )
                        for day, kind, minutes, units in plan
                    )
                    for week, plan in enumerate(entry["plans"])
                ),
            )
        )
    return found


def studied(learner: Learner, mind: Mind, week: Sequence[Session]) -> list[tuple[Session, bool | None]]:
    """Let the learner study those of `week` whose day they attend; return each with whether all was remembered."""
    said: list[tuple[Session, bool | None]] = []
    for session in week:
        number, weekday = divmod((session.day - learner.starts_on).days, DAYS_A_WEEK)
        said.append((session, mind.study(session) if learner.attended[number][weekday] else None))
    return said


def present(learner: Learner, mind: Mind) -> None:
    """Study the recorded plans."""
    for week in learner.present:
        studied(learner, mind, week)


def round_robin(learner: Learner, mind: Mind) -> None:
    """Study the units in a circle, one a session, whatever was done: lessons, then practice, then recall."""
    turns = ((kind, unit) for kind in cycle(ROUND) for unit in learner.units)
    for week in range(len(learner.present)):
        minutes = learner.minutes(week)
        number = round(minutes / USUAL_SESSION_MINUTES)
        sessions = [(kind, (unit,), minutes / number) for kind, unit in islice(turns, number)]
        studied(learner, mind, _dealt(learner, week, sessions))


@dataclass(slots=True)
class _History:
    """What the curriculum knows of one learner: their sessions, and the done ones of each unit."""

    past: list[PastSession] = field(default_factory=list)
    reviews: dict[str, list[Review]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=partial(count, 1))

    def add(self, topic: str, session: Session, remembered: bool | None, *, rates: bool) -> None:
        """Keep a session of a plan; `remembered` is None when it was missed."""
        id_ = UUID(int=next(self._ids))
        rating = (Rating.GOOD if remembered else Rating.AGAIN) if rates and remembered is not None else None
        self.past.append(
            PastSession(
                id=id_,
                topic=topic,
                title=f"{topic} {id_}",
                units=session.units,
                kind=Kind(session.kind),
                planned_minutes=round(session.minutes),
                actual_minutes=None,
                day=session.day,
                done_on=session.day if remembered is not None else None,
                rating=rating,
            )
        )
        if remembered is None:
            return
        ticked_at = datetime.combine(session.day, time(12), tzinfo=UTC)
        for unit in session.units:
            review = Review(session.day, ticked_at, id_, session.kind, rating, len(session.units))
            self.reviews.setdefault(unit, []).append(review)


def ours(learner: Learner, mind: Mind, *, rates: bool = False) -> None:
    """Study what the curriculum plans each Monday from what was done; with `rates` the learner says how it went."""
    history = _History()
    syllabus = _syllabus(learner)
    for week in range(len(learner.present)):
        monday = learner.starts_on + week * timedelta(days=DAYS_A_WEEK)
        memories = {unit: memory for unit, done in history.reviews.items() if (memory := replay(done))}
        topic = Topic(syllabus, memories, (learner.exam,))
        past = tuple(session for session in history.past if session.day >= monday - REMEMBERED)
        frame = _frame(topic, past, monday, learner.minutes(week))
        for session, remembered in studied(learner, mind, _dealt(learner, week, _parts(frame, learner.minutes(week)))):
            history.add(syllabus.topic, session, remembered, rates=rates)


def _frame(topic: Topic, past: tuple[PastSession, ...], monday: date, minutes: float) -> Frame:
    """Return the curriculum's week of at least `minutes`: how much it plans is not compared, so hours are offered
    until it plans as much as the others have.
    """
    days = [monday + timedelta(days=day) for day in range(DAYS_A_WEEK)]
    offered = minutes / DAYS_A_WEEK
    while True:
        times = tuple(DayTime(day, int(offered)) for day in days)
        student = Student(monday, monday, times, int(offered), LONGEST_SESSION_MINUTES, past=past)
        frame = frame_of(Request(student, (topic,)))
        if sum(slot.minutes for slot in frame.slots) >= minutes or offered >= MOST_OFFERED:
            return frame
        offered *= 1.1


def _parts(frame: Frame, minutes: float) -> list[tuple[str, tuple[str, ...], float]]:
    """Return the frame's slots in sessions that are not too long, shortened alike to `minutes` in all."""
    shorter = min(1.0, minutes / sum(slot.minutes for slot in frame.slots))
    parts = []
    for slot in frame.slots:
        number = 1 if slot.whole else -(-slot.minutes // LONGEST_SESSION_MINUTES)
        units = tuple(unit.key for unit in slot.units)
        parts += [(slot.kind.value, units, slot.minutes * shorter / number)] * number
    return parts


def _dealt(learner: Learner, week: int, sessions: Sequence[tuple[str, tuple[str, ...], float]]) -> list[Session]:
    """Return the sessions spread over the week's days in their order."""
    monday = learner.starts_on + week * timedelta(days=DAYS_A_WEEK)
    return [
        Session(monday + timedelta(days=index * DAYS_A_WEEK // len(sessions)), kind, units, minutes)
        for index, (kind, units, minutes) in enumerate(sessions)
    ]


def _syllabus(learner: Learner) -> Syllabus:
    asked = frozenset(learner.units)
    subject = learner.subject
    return Syllabus(
        topic=subject.title("en"),
        topic_key=subject.key,
        source=Source.BUILTIN,
        language="en",
        genre=subject.genre,
        mock_minutes=subject.mock_minutes,
        units=tuple(
            SyllabusUnit(
                unit.key, unit.title("en"), unit.needs, unit.minutes, unit.stage, left_out=unit.key not in asked
            )
            for unit in subject.units
        ),
    )
