"""The exams ahead, and how far the student is on the way to each."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache

from schediora.dashboard.schemas import ExamAhead
from schediora.http.caller import Caller
from schediora.models.users import User
from schediora.syllabus.lists import syllabus_of
from schediora.syllabus.schemas import CoverageView
from schediora.syllabus.standing import standing_of
from schediora.syllabus.view import language_for
from schediora.users.queries import StudyPreferences, preferences_of

_STUDENTS = 4096


@lru_cache(maxsize=_STUDENTS)
def exams_ahead(caller: Caller, today: date, _revision: int) -> Sequence[ExamAhead]:
    """Return the exams from the local day `today` on, the soonest first.

    They are kept until the `_revision` of the planner changes: how far a student is takes several reads for each.
    """
    with User.snapshot():
        wishes = preferences_of(caller.user_id)
        return [_exam(caller, wishes, topic, day, today) for topic, day in wishes.exams if day >= today]


def _exam(caller: Caller, wishes: StudyPreferences, topic: str, day: date, today: date) -> ExamAhead:
    language = language_for(caller, topic, wishes)
    syllabus = syllabus_of(caller.user_id, topic, wishes.goal or "", language=language, today=today)
    # An exam of today is over for planning, so there is nothing to expect until it.
    standing = standing_of(caller.user_id, syllabus, exam=day if day > today else None, today=today)
    coverage = CoverageView(**asdict(standing.coverage)) if standing.coverage else None
    return ExamAhead(topic=topic, date=day, days_left=(day - today).days, coverage=coverage)
