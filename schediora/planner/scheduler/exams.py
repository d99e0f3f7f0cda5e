"""Which exams something to be placed prepares for."""

from datetime import date

from schediora.planner.scheduler.moving import Movable
from schediora.planner.scheduler.problem import Step, Week, topic_key


def exams_ahead(work: Step | Movable, week: Week, today: date) -> tuple[date, ...]:
    """Return the days of the exams that `work` can still prepare for, the nearest first. One that is today is over."""
    days = work.exams
    if days is None:
        key = work.topic_key or topic_key(work.topic)
        days = tuple(exam.day for exam in week.exams if (exam.topic_key or topic_key(exam.topic)) == key)
    return tuple(sorted({day for day in days if day > today}))
