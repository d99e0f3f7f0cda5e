"""Whether all units of a topic can still be learned before its exam."""

from datetime import timedelta

from schediora.ai.curriculum.composition import Composition
from schediora.ai.curriculum.frame import Note, NoteCode, Student
from schediora.localtime import A_WEEK
from schediora.memory.state import LAST_WEEK_DAYS

_MOST_LESSONS_A_WEEK = 7
_IN_LAST_WEEK = 4
_LESSON_SHARE = 0.85
_LEAST_LESSON_MINUTES = 35
_EVE_AND_MOCK = timedelta(days=2)


def not_everything(composition: Composition, topic: str, student: Student) -> Note | None:
    """Return a note when some units cannot be learned before the exam, None when all can or there is no exam."""
    exam, progress = composition.room.exam, composition.progress
    if exam is None:
        return None
    here = {lesson.unit.key for lesson, _ in composition.lessons if lesson.unit}
    learned = {unit.key for unit in progress.learned} | here
    monday = student.monday + A_WEEK
    exam = student.as_if_never_off(monday, exam)
    last_week = max(exam - timedelta(days=LAST_WEEK_DAYS), monday)
    whole = (last_week - monday).days / 7
    rest = max(0, (exam - _EVE_AND_MOCK - last_week).days) / 7
    days = max(1, len(composition.room.days))
    a_week = composition.room.minutes * student.study_days_a_week / days * _LESSON_SHARE / _LEAST_LESSON_MINUTES
    later = int(whole * min(_MOST_LESSONS_A_WEEK, a_week) + rest * min(_IN_LAST_WEEK, a_week))
    count = min(len(progress.units), len(learned) + later)
    if count == len(progress.units):
        return None
    return Note(NoteCode.NOT_EVERYTHING, {"learned": count, "units": len(progress.units), "topic": topic})
