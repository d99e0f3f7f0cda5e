"""Students whose weeks are planned, done or missed, remembered, and planned again: frames without a database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from schediora.ai.curriculum.frame import DayTime, Frame, PastSession, Request, Slot, Student, Topic
from schediora.ai.curriculum.week import frame_of
from schediora.memory.replay import Rating, Review, UnitMemory, replay
from schediora.planner.scheduler.splitting import split
from schediora.subjects.catalog import Subject, subjects
from schediora.subjects.recognition import recognise, topic_key
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

REMEMBERED = timedelta(days=42)
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Done:
    """What a student does with a session: the day on which it is done, None when missed, and how it went."""

    on: date | None
    rating: Rating | None = None
    actual_minutes: int | None = None


Habit = Callable[[PastSession], Done]


def diligent(session: PastSession) -> Done:
    """Do everything on its day."""
    return Done(session.day)


def absent(_session: PastSession) -> Done:
    """Do nothing."""
    return Done(None)


def a_third(session: PastSession) -> Done:
    """Do every third session."""
    return Done(session.day if session.id.int % 3 == 0 else None)


def subject(key: str) -> Subject:
    """Return the built-in subject `key`."""
    return next(each for each in subjects() if each.key == key)


def syllabus_of(topic: str, language: str = "en") -> Syllabus:
    """Return what a new student gets for `topic`: the built-in units, or the general scheme."""
    found = recognise(topic)
    if not found:
        return Syllabus(topic, topic_key(topic), Source.GENERAL, language, "reading", 90)
    first = found.parts[0].subject
    units = tuple(
        SyllabusUnit(
            key=unit.key,
            title=unit.title(language),
            needs=unit.needs,
            minutes=unit.minutes,
            stage=unit.stage,
            section=unit.section,
            material=unit.material(language),
        )
        for unit in found.units
    )
    return Syllabus(topic, topic_key(topic), Source.BUILTIN, language, first.genre, first.mock_minutes, units)


def own_list(*titles: str, topic: str = "Sailing", **fields: object) -> Syllabus:
    """Return a student's own list of units."""
    units = tuple(SyllabusUnit(key=f"own.{number}", title=title) for number, title in enumerate(titles))
    syllabus = Syllabus(topic, topic_key(topic), Source.STUDENT, "en", "reading", 90, units)
    return replace(syllabus, **fields)  # type: ignore[arg-type]


@dataclass
class Life:
    """A student of some topics, week after week. `exams` are days by topic as the student spells it."""

    topics: Sequence[Syllabus]
    exams: dict[str, tuple[date, ...]] = field(default_factory=dict)
    minutes: int | None = 120
    session_minutes: int = 90
    focus: tuple[str, ...] = ()
    past: list[PastSession] = field(default_factory=list)
    reviews: dict[str, list[Review]] = field(default_factory=dict)
    unplaced: list[Slot] = field(default_factory=list)

    @property
    def _longest(self) -> int:
        return min(self.session_minutes, self.minutes or self.session_minutes)

    def request(self, monday: date, today: date | None = None) -> Request:
        """Return what a plan made on `today` (the week's Monday) for the week of `monday` depends on."""
        today = today or monday
        daily = self.minutes or 120
        days = tuple(DayTime(monday + number * DAY, daily) for number in range(7) if monday + number * DAY >= today)
        past = tuple(each for each in self.past if today - each.day <= REMEMBERED)
        student = Student(today, monday, days, self.minutes, self._longest, self.focus, past)
        topics = tuple(
            Topic(each, self.memories(each), tuple(day for day in self.exams.get(each.topic, ()) if day > today))
            for each in self.topics
        )
        return Request(student, topics)

    def frame(self, monday: date, today: date | None = None) -> Frame:
        """Return the frame of the week of `monday`, asked for on `today`."""
        return frame_of(self.request(monday, today))

    def week(self, monday: date, habit: Habit = diligent, today: date | None = None) -> Frame:
        """Live through the week of `monday`: plan it, do or miss its sessions, and remember."""
        frame = self.frame(monday, today)
        for _, session in self.placed(frame, self.request(monday, today).student):
            self.live(session, habit(session))
        return frame

    def live(self, session: PastSession, done: Done) -> PastSession:
        """Let `session` be done or missed; return it as it then stands."""
        after = replace(session, done_on=done.on, rating=done.rating, actual_minutes=done.actual_minutes)
        self.past.append(after)
        self.past.sort(key=lambda each: each.day)
        if after.done_on:
            for key in after.units:
                self.reviews.setdefault(key, []).append(_review(after))
        return after

    def memories(self, syllabus: Syllabus) -> dict[str, UnitMemory]:
        """Return what is remembered of the units of `syllabus`."""
        found = {unit.key: replay(self.reviews.get(unit.key, ())) for unit in syllabus.units}
        return {key: memory for key, memory in found.items() if memory}

    def learned(self, syllabus: Syllabus) -> set[str]:
        """Return the keys of the units that are learned."""
        return {key for key, memory in self.memories(syllabus).items() if memory.learned_on}

    def placed(self, frame: Frame, student: Student) -> list[tuple[int, PastSession]]:
        """Return the sessions of `frame`, each with its slot's index, spread over the days as a plain planner would."""
        room = {day.day: day.minutes for day in student.days}
        ends: dict[int, date] = {}
        ids: dict[int, UUID] = {}
        sessions: list[tuple[int, PastSession]] = []
        total = sum(slot.minutes for slot in frame.slots) or 1
        begun = 0
        for index, slot in enumerate(frame.slots):
            aim = student.days[min(len(student.days) - 1, len(student.days) * begun // total)].day
            begun += slot.minutes
            # No later than what it comes after lets it, and where that leaves no day, as early as that.
            first = max([slot.earliest_day or date.min, *(ends[other] for other in slot.after if other in ends)])
            parts = (slot.minutes,) if slot.whole else split(slot.minutes, self._longest)
            days = _days(parts, room, first, min(aim, slot.latest_day or date.max), slot.latest_day or date.max)
            if days is None or any(other not in ends and frame.slots[other].role == "lesson" for other in slot.after):
                self.unplaced.append(slot)
                continue
            for day, minutes in zip(days, parts, strict=True):
                room[day] -= minutes
                builds = tuple(dict.fromkeys([*slot.builds_on, *(ids[other] for other in slot.after if other in ids)]))
                session = PastSession(
                    id=UUID(int=len(self.past) * 100 + len(sessions) + 1),
                    topic=slot.topic,
                    title=f"{slot.role} {' + '.join(unit.title for unit in slot.units)} {slot.turn}",
                    units=tuple(unit.key for unit in slot.units),
                    kind=slot.kind,
                    planned_minutes=minutes,
                    actual_minutes=None,
                    day=day,
                    done_on=None,
                    rating=None,
                    builds_on=builds,
                    pace=frame.pace,
                    role=slot.role,
                )
                ids[index] = session.id
                sessions.append((index, session))
            ends[index] = days[-1]
        return sessions


def _days(parts: Sequence[int], room: dict[date, int], first: date, aim: date, last: date) -> list[date] | None:
    for start in (max(first, aim), first):
        left, days = dict(room), []
        day = start
        for minutes in parts:
            fitting = [each for each in left if day <= each <= last and left[each] >= minutes]
            if not fitting:
                break
            day = fitting[0]
            left[day] -= minutes
            days.append(day)
        else:
            return days
    return None


def _review(session: PastSession) -> Review:
    day = session.done_on or session.day
    return Review(
        day=day,
        completed_at=datetime.combine(day, time(12), tzinfo=UTC),
        id=session.id,
        kind=session.kind.value if session.kind else None,
        rating=session.rating,
        units=len(session.units),
    )
