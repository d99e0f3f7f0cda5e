"""A topic's syllabus as it is shown."""

from dataclasses import asdict
from datetime import date, datetime

from schediora.http.caller import Caller
from schediora.models.users import User
from schediora.planner.studied import last_language
from schediora.subjects.catalog import unit_of
from schediora.subjects.exams import next_exam
from schediora.subjects.language import plan_language
from schediora.subjects.recognition import recognise
from schediora.syllabus.coverage import due_on, unit_state
from schediora.syllabus.lists import syllabus_of
from schediora.syllabus.schemas import CoverageView, ExamView, SyllabusView, UnitView
from schediora.syllabus.standing import Standing, standing_of
from schediora.syllabus.syllabus import Source, SyllabusUnit
from schediora.users.queries import StudyPreferences, preferences_of


def show(caller: Caller, topic: str, *, now: datetime) -> SyllabusView:
    """Show what there is to learn in `topic` and how the caller stands in it. Never asks a model."""
    today = caller.today(now)
    with User.snapshot():
        wishes = preferences_of(caller.user_id)
        language = language_for(caller, topic, wishes)
        syllabus = syllabus_of(caller.user_id, topic, wishes.goal or "", language=language, today=today)
        exam = next_exam(topic, wishes.exams, today)
        exam_day = exam[1] if exam else None
        standing = standing_of(caller.user_id, syllabus, exam=exam_day, today=today)
    return SyllabusView(
        topic=topic,
        source=syllabus.source,
        language=language,
        exam=ExamView(topic=exam[0], date=exam[1]) if exam else None,
        units=[_unit(unit, standing, exam_day, today) for unit in syllabus.units],
        coverage=CoverageView(**asdict(standing.coverage)) if standing.coverage else None,
    )


def unit_title(caller: Caller, topic: str, key: str, *, now: datetime) -> str | None:
    """Return what the unit of `key` in the caller's syllabus of `topic` is called, None when it has no such unit.

    Of a whole subject of ours it may be one of another stage: a plan's goal can name a stage that the preferences
    do not.
    """
    wishes = preferences_of(caller.user_id)
    language = language_for(caller, topic, wishes)
    syllabus = syllabus_of(caller.user_id, topic, wishes.goal or "", language=language, today=caller.today(now))
    title = next((unit.title for unit in syllabus.units if unit.key == key), None)
    return title or (_of_another_stage(topic, key, language) if syllabus.source is Source.BUILTIN else None)


def _of_another_stage(topic: str, key: str, language: str) -> str | None:
    found, unit = recognise(topic), unit_of(key)
    subjects = [part.subject for part in found.parts if not part.named] if found else []
    return unit.title(language) if unit and any(unit in subject.units for subject in subjects) else None


def language_for(caller: Caller, topic: str, wishes: StudyPreferences) -> str:
    """Return the language that the caller's plan for `topic` would have, with the goal of their preferences."""
    last = last_language(caller.user_id)
    return plan_language(topic, wishes.goal or "", chosen=wishes.language, zone=caller.zone.key, last=last)


def _unit(unit: SyllabusUnit, standing: Standing, exam: date | None, today: date) -> UnitView:
    memory = standing.memories.get(unit.key)
    return UnitView(
        key=unit.key,
        title=unit.title,
        needs=list(unit.needs),
        state=unit_state(unit, memory, today),
        learned_on=memory.learned_on if memory else None,
        due_on=due_on(unit, memory, exam),
        sessions_done=standing.studied.sessions.get(unit.key, 0),
    )
