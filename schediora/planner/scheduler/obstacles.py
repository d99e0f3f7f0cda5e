"""What is in the way when nothing of a plan has a place, and what would help."""

from collections.abc import Sequence
from dataclasses import replace

from schediora.localtime import MINUTES_A_DAY, START_MARK_MINUTES
from schediora.planner.scheduler.exams import exams_ahead
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES, Obstacle, Step, Week
from schediora.planner.scheduler.sentences import Phrase, sentence
from schediora.planner.scheduler.step_items import items_of


def obstacle(steps: Sequence[Step], week: Week) -> tuple[Obstacle, str]:
    """Return what is in the way of all `steps` in `week`, and a sentence that also says what would help.

    Where there would be room on days off, the sentence names these.
    """
    found, text = _obstacle(steps, week)
    if week.days_off and _has_room(steps, replace(week, days_off=frozenset())):
        return found, sentence(Phrase.DAYS_OFF, week.language, week=week.which)
    return found, text


def _obstacle(steps: Sequence[Step], week: Week) -> tuple[Obstacle, str]:
    language = week.language
    open_ = [
        room for _, room in _rooms(replace(week, busy=(), busy_times=(), daily_minutes=MINUTES_A_DAY, day_caps={}))
    ]
    if not open_:
        return Obstacle.NO_WINDOWS, sentence(Phrase.NO_WINDOWS, language, week=week.which)
    if max(open_) < SHORTEST_SESSION_MINUTES:
        text = sentence(Phrase.WINDOWS_TOO_SHORT, language, minutes=SHORTEST_SESSION_MINUTES)
        return Obstacle.WINDOWS_TOO_SHORT, text
    free = [day for day, room in _rooms(week) if room >= SHORTEST_SESSION_MINUTES]
    if not free:
        return Obstacle.ALL_BUSY, sentence(Phrase.ALL_BUSY, language, week=week.which)
    items = items_of(steps, week)
    if not any(item.parts[0].allowed_on(day) for item in items for day in free):
        today = week.today
        exams = [(ahead[0], step.topic) for step in steps if (ahead := exams_ahead(step, week, today))]
        if exams:
            day, topic = min(exams)
            return Obstacle.EXAM, sentence(Phrase.EXAM_IN_THE_WAY, language, topic=topic.strip(), day=day)
    shortest = min(item.minutes for item in items)
    text = sentence(Phrase.TOO_LITTLE_TIME, language, minutes=shortest, week=week.which)
    return Obstacle.TOO_LITTLE_TIME, text


def _has_room(steps: Sequence[Step], week: Week) -> bool:
    """Tell whether one of the steps by itself would have a place."""
    rooms = _rooms(week)
    return any(
        part.allowed_on(day) and part.minutes <= room
        for item in items_of(steps, week)
        for part in item.parts[:1]
        for day, room in rooms
    )


def _rooms(week: Week) -> list[tuple[int, int]]:
    """Return the free stretches: the day of the week and the minutes of each that can be used."""
    return [
        (day.index, min((span.end - span.start) * START_MARK_MINUTES, day.left_minutes))
        for day in free_days(week)
        for span in day.layout.spans
    ]
