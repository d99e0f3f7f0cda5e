"""Students whose weeks are planned by the real code, without a database or a model: planned, done or missed,
remembered, and planned again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from schediora import localtime
from schediora.ai.author import Author, Authored
from schediora.ai.content.sentences import note_in
from schediora.ai.curriculum.frame import DayTime, Frame, PastSession, Request, Student, Topic
from schediora.ai.curriculum.week import frame_of
from schediora.ai.situation import longest_stretch
from schediora.ai.steps import steps_of
from schediora.ai.which_week import placed_in, week_to_plan, with_light_eves
from schediora.memory.replay import Rating, Review, replay
from schediora.planner.history import REMEMBERED
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.problem import Busy, Piece, Placement, Week, Window
from schediora.subjects.exams import exam_days
from schediora.subjects.genres import genre_of, usual_paper_minutes
from schediora.subjects.recognition import recognise, topic_key
from schediora.syllabus.lists import built_in_units
from schediora.syllabus.syllabus import Source, Syllabus, SyllabusUnit

JAKARTA = localtime.zone("Asia/Jakarta")
EVENINGS = tuple(Window(weekday, 16 * 60, 21 * 60) for weekday in range(1, 8))
WEEK = timedelta(days=localtime.DAYS_A_WEEK)
_IDS = UUID(int=0)


@dataclass(frozen=True)
class Planned:
    """A week's plan, and what it was made from."""

    request: Request
    frame: Frame
    words: Authored
    week: Week
    placed: Placement

    @property
    def notes(self) -> list[str]:
        """Return the sentences about the plan as a whole."""
        return [note_in(self.week.language, note) for note in self.frame.notes]


Habit = Callable[[Planned, Piece], Rating | bool | None]
"""What becomes of a session: False when it is missed, else how it was rated (None: not at all)."""


@dataclass
class Life:
    """A student, week after week. `exams` are (topic, local day); `chapters` are units of their own, by topic."""

    topics: tuple[str, ...]
    exams: tuple[tuple[str, date], ...] = ()
    language: str = "en"
    daily_minutes: int = 120
    said_hours: bool = True
    session_minutes: int = 45
    windows: tuple[Window, ...] = EVENINGS
    focus: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    chapters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    zone: ZoneInfo = JAKARTA
    past: list[PastSession] = field(default_factory=list)
    reviews: dict[str, list[Review]] = field(default_factory=dict)
    sessions: int = 0

    def plan(self, now: datetime, busy: tuple[Busy, ...] = ()) -> Planned:
        """Return the plan that the student gets when they ask at `now`."""
        today = localtime.local_day(now, self.zone)
        this_week = Week(
            monday=localtime.week_start(today),
            now=now,
            tz=self.zone,
            windows=self.windows,
            daily_minutes=self.daily_minutes,
            session_minutes=self.session_minutes,
            busy=busy,
            language=self.language,
        )
        exams = [exam_days(topic, self.exams, today) for topic in self.topics]
        this_week = with_light_eves(this_week, exams)
        next_week = with_light_eves(replace(this_week, monday=this_week.monday + WEEK), exams)
        planned = week_to_plan(this_week, next_week, exams)
        request = self._request(planned, today)
        frame = frame_of(request)
        words = Author().write(frame, [topic.syllabus for topic in request.topics], self.language)
        week, placed = placed_in(steps_of(frame, words, request), planned, this_week, next_week)
        return Planned(request, frame, words, week, placed)

    def live(self, planned: Planned, habit: Habit) -> None:
        """Let each session of the plan be done on its day, or missed, and remember it."""
        ids = {(piece.step, piece.part): self._id() for piece in planned.placed.pieces}
        for piece in planned.placed.pieces:
            slot = planned.frame.slots[piece.step]
            went = habit(planned, piece)
            self._remember(
                PastSession(
                    id=ids[piece.step, piece.part],
                    topic=piece.topic,
                    title=piece.title,
                    units=tuple(unit.key for unit in slot.units),
                    kind=piece.kind,
                    role=slot.role,
                    planned_minutes=piece.minutes,
                    actual_minutes=None,
                    day=piece.day,
                    done_on=None if went is False else piece.day,
                    rating=went if isinstance(went, Rating) else None,
                    builds_on=tuple(key for (step, _), key in ids.items() if step in slot.after) + slot.builds_on,
                )
            )

    def syllabus(self, topic: str) -> Syllabus:
        """Return what there is to learn in `topic`."""
        found = recognise(topic)
        if topic in self.chapters:
            units = tuple(
                SyllabusUnit(f"own.{number:012x}", title) for number, title in enumerate(self.chapters[topic])
            )
            genre = genre_of(topic)
            return Syllabus(
                topic, topic_key(topic), Source.STUDENT, self.language, genre, usual_paper_minutes(genre), units
            )
        if not found:
            genre = genre_of(topic)
            return Syllabus(topic, topic_key(topic), Source.GENERAL, self.language, genre, usual_paper_minutes(genre))
        said = date(2026, 1, 1)
        units = tuple(
            replace(unit, known_on=said) if unit.key in self.known else unit
            for unit in built_in_units(found, self.language)
        )
        first = found.parts[0].subject
        return Syllabus(
            *(topic, topic_key(topic), Source.BUILTIN, self.language, first.genre, first.mock_minutes), units
        )

    def _request(self, week: Week, today: date) -> Request:
        student = Student(
            today=today,
            monday=week.monday,
            days=tuple(DayTime(day.day, day.free_minutes) for day in free_days(week)),
            daily_minutes=self.daily_minutes if self.said_hours else None,
            longest_session_minutes=min(self.session_minutes, longest_stretch(week)),
            focus=self.focus,
            past=tuple(session for session in self.past if today - session.day <= REMEMBERED),
        )
        return Request(student, tuple(self._topic(topic, today) for topic in self.topics))

    def _topic(self, topic: str, today: date) -> Topic:
        syllabus = self.syllabus(topic)
        found = {unit.key: replay(self.reviews.get(unit.key, ())) for unit in syllabus.units}
        return Topic(
            syllabus, {key: memory for key, memory in found.items() if memory}, exam_days(topic, self.exams, today)
        )

    def _remember(self, session: PastSession) -> None:
        self.past.append(session)
        if session.done_on:
            at = datetime.combine(session.done_on, datetime.min.time(), UTC)
            kind = session.kind and str(session.kind)
            for key in session.units:
                review = Review(session.done_on, at, session.id, kind, session.rating, len(session.units))
                self.reviews.setdefault(key, []).append(review)

    def _id(self) -> UUID:
        self.sessions += 1
        return uuid5(_IDS, str(self.sessions))
