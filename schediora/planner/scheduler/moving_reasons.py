"""Why a session does not stay where it was, which comes before the reason for its new place: only what is true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from schediora.planner.scheduler.batch import Batch, Places
from schediora.planner.scheduler.day_clock import CELL
from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.items import cells_of
from schediora.planner.scheduler.problem import Reason
from schediora.planner.scheduler.sentences import Phrase, sentence


@dataclass(frozen=True, slots=True)
class Causes:
    """What it is told from: where the sessions of `batch` started before (`was_at`) and have their `places` now, in
    `days` as they are without them.
    """

    batch: Batch
    was_at: Mapping[UUID, datetime]
    places: Places
    days: Sequence[Day]

    def moved(self, because: Reason, index: int) -> Reason:
        """Return `because`, why a session is where it is now, after why it does not stay where it was."""
        cause = self._why_not_there(index)
        return Reason(because.code, sentence(Phrase.MOVED, self.batch.week.language, cause=cause, reason=because.text))

    def _why_not_there(self, index: int) -> str:
        session, week = self.batch.sessions[index], self.batch.week
        start, language = self._was_at(index), week.language
        end, day = start + _length(session.minutes), week.day_of(start)
        exam = max((exam for exam in self.batch.exams[index] if exam <= day), default=None)
        if start < week.now:
            this_week = day >= week.today - timedelta(days=week.today.weekday())
            return sentence(Phrase.MISSED_ON if this_week else Phrase.MISSED_ON_DATE, language, day=day)
        if session.latest_day is not None and not session.late and day > session.latest_day:
            return sentence(Phrase.DUE_EARLIER, language, day=session.latest_day)
        if exam is not None and (exam == day or day > self.batch.exams[index][-1]):
            phrase = Phrase.EXAM_THAT_DAY if exam == day else Phrase.EXAM_EARLIER
            return sentence(phrase, language, topic=session.topic.strip(), day=exam)
        if day in week.days_off:
            return sentence(Phrase.DAY_IS_OFF, language, day=day)
        if any(other_start < end and start < other_end for other_start, other_end in self._taken(index)):
            return sentence(Phrase.TIME_IS_TAKEN, language)
        return self._why_not_in_order(index, start, end) or self._why_not_on_its_day(index, start, end)

    def _why_not_in_order(self, index: int, start: datetime, end: datetime) -> str | None:
        batch, language = self.batch, self.batch.week.language
        session = batch.sessions[index]
        if session.not_before is not None and session.waits_for and session.not_before > start:
            return sentence(Phrase.COMES_AFTER, language, title=session.waits_for)
        after = [other for other in batch.before[index] if other in self.places and self._end(other) > start]
        if after:
            last = max(after, key=lambda other: (self._end(other), other))
            return sentence(Phrase.COMES_AFTER, language, title=batch.sessions[last].title)
        before = [other for other in self.places if index in batch.before[other] and self._start(other) < end]
        if before:
            first = min(before, key=lambda other: (self._start(other), other))
            return sentence(Phrase.COMES_BEFORE, language, title=batch.sessions[first].title)
        return None

    def _why_not_on_its_day(self, index: int, start: datetime, end: datetime) -> str:
        week, minutes = self.batch.week, self.batch.sessions[index].minutes
        number = (week.day_of(start) - week.monday).days
        if not 0 <= number < len(self.days):
            return sentence(Phrase.REARRANGED, week.language)
        day = self.days[number]
        if (start - day.origin) % CELL:
            return sentence(Phrase.OFF_MARK, week.language)
        if not _is_open(day, start, minutes):
            return sentence(Phrase.OUTSIDE_HOURS, week.language)
        if day.busy_minutes + self._minutes_before(day) > week.daily_minutes:
            return sentence(Phrase.DAY_WAS_FULL, week.language)
        if day.busy_minutes + self._minutes_of_others(index, day) + minutes > week.daily_minutes:
            return sentence(Phrase.MADE_ROOM, week.language)
        return sentence(Phrase.REARRANGED, week.language)

    def _taken(self, index: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield the times that others have: what does not move, what has its place now, and what stays for want of
        one.
        """
        yield from self.batch.week.busy_times
        for busy in self.batch.week.busy:
            if not busy.done:
                yield busy.starts_at, busy.starts_at + _length(busy.minutes)
        for other in self._others(index):
            yield self._start(other), self._end(other)

    def _others(self, index: int) -> Iterator[int]:
        """Yield the other sessions that lie ahead now, moved or not."""
        for other in range(len(self.batch.sessions)):
            if other != index and (other in self.places or self._end(other) > self.batch.week.now):
                yield other

    def _minutes_before(self, day: Day) -> int:
        """Return the minutes of the sessions that were still ahead on `day`."""
        week = self.batch.week
        return sum(
            session.minutes
            for session in self.batch.sessions
            if self.was_at[session.id] >= week.now and week.day_of(self.was_at[session.id]) == day.day
        )

    def _minutes_of_others(self, index: int, day: Day) -> int:
        """Return the minutes of the other sessions that lie on `day` now."""
        here = (other for other in self._others(index) if self.batch.week.day_of(self._start(other)) == day.day)
        return sum(self.batch.sessions[other].minutes for other in here)

    def _was_at(self, index: int) -> datetime:
        return self.was_at[self.batch.sessions[index].id]

    def _start(self, index: int) -> datetime:
        place = self.places.get(index)
        return self.days[place.day].instant(place.cell) if place else self._was_at(index)

    def _end(self, index: int) -> datetime:
        return self._start(index) + _length(self.batch.sessions[index].minutes)


def _is_open(day: Day, start: datetime, minutes: int) -> bool:
    """Tell whether the time lies in the student's hours of `day`, be it free or taken."""
    first = (start - day.origin) // CELL
    ranges = [(span.start, span.end) for span in day.layout.spans] + [(begin, end) for begin, end, _ in day.sessions]
    return all(any(begin <= cell < end for begin, end in ranges) for cell in range(first, first + cells_of(minutes)))


def _length(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)
