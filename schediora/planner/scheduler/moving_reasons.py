"""Why a session does not stay where it was, which comes before the reason for its new place: only what is true."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from schediora.planner.scheduler.batch import Batch, Places
from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.problem import Reason
from schediora.planner.scheduler.sentences import Phrase, sentence


def moved(because: Reason, index: int, was_at: datetime, batch: Batch, places: Places, days: Sequence[Day]) -> Reason:
    """Return `because`, why a session is where it is now, after why it does not stay where it `was_at`."""
    cause = _why_not_there(index, was_at, batch, places, days)
    language = batch.week.language
    return Reason(because.code, sentence(Phrase.MOVED, language, cause=cause, reason=because.text))


def _why_not_there(index: int, was_at: datetime, batch: Batch, places: Places, days: Sequence[Day]) -> str:
    session, week = batch.sessions[index], batch.week
    day, language = week.day_of(was_at), week.language
    exams = batch.exams[index]
    if was_at < week.now:
        this_week = day >= week.today - timedelta(days=week.today.weekday())
        return sentence(Phrase.MISSED_ON if this_week else Phrase.MISSED_ON_DATE, language, day=day)
    if session.latest_day is not None and not session.late and day > session.latest_day:
        return sentence(Phrase.DUE_EARLIER, language, day=session.latest_day)
    if exams and (day in exams or day > exams[-1]):
        return sentence(Phrase.EXAM_EARLIER, language, topic=session.topic.strip(), day=exams[-1])
    if day in week.days_off:
        return sentence(Phrase.DAY_IS_OFF, language, day=day)
    if any(
        start < was_at + _length(session.minutes) and was_at < end for start, end in _taken(index, batch, places, days)
    ):
        return sentence(Phrase.TIME_IS_TAKEN, language)
    after = [other for other in batch.before[index] if other in places and _end(other, batch, places, days) > was_at]
    if after:
        last = max(after, key=lambda other: (_end(other, batch, places, days), other))
        return sentence(Phrase.COMES_AFTER, language, title=batch.sessions[last].title)
    if not _is_open(was_at, session.minutes, days):
        return sentence(Phrase.OUTSIDE_HOURS, language)
    return sentence(Phrase.MADE_ROOM, language)


def _taken(index: int, batch: Batch, places: Places, days: Sequence[Day]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times that others have: what does not move, and what has its place now."""
    yield from batch.week.busy_times
    for busy in batch.week.busy:
        if not busy.done:
            yield busy.starts_at, busy.starts_at + _length(busy.minutes)
    for other, place in places.items():
        if other != index:
            yield days[place.day].instant(place.cell), _end(other, batch, places, days)


def _is_open(start: datetime, minutes: int, days: Sequence[Day]) -> bool:
    """Tell whether the time lies in the student's hours, with that much of the day's study left."""
    return any(
        day.instant(span.start) <= start and start + _length(minutes) <= day.instant(span.end)
        for day in days
        if day.left_minutes >= minutes
        for span in day.layout.spans
    )


def _end(index: int, batch: Batch, places: Places, days: Sequence[Day]) -> datetime:
    place = places[index]
    return days[place.day].instant(place.cell) + _length(batch.sessions[index].minutes)


def _length(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)
