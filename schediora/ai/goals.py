"""What a student is working towards and how near the exam is: together they set a week's mix of study.

The mixes follow Dunlosky et al. 2013 (practice testing and distributed practice are what works best), Rohrer et al.
2014 (interleaving) and Cepeda et al. 2008 (review after 20 to 40 % of the time to the test).
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Literal

from schediora.ai.content.brief import Brief
from schediora.planner.scheduler.problem import Exam


class Goal(StrEnum):
    """The kinds of goal that differ in how one studies for them."""

    SEMESTER_EXAM = "semester_exam"
    ENTRANCE_TEST = "entrance_test"
    CERTIFICATION = "certification"
    SEMESTER_PREPARATION = "semester_preparation"


class Stage(StrEnum):
    """How near the exam is: the mix moves from learning to recall to mock tests."""

    BUILD = "build"
    STRENGTHEN = "strengthen"
    FINAL = "final"


Slot = Literal["learn", "practice", "mixed", "recall", "review", "mock"]

_SIGNS: tuple[tuple[Goal, re.Pattern[str]], ...] = (
    (
        Goal.ENTRANCE_TEST,
        re.compile(
            r"entrance|admission|college test|\b(?:utbk|snbt|sbmptn|sat|act|gre|gmat|mcat|lsat|jee|neet|enem|cpns)\b|"
            r"seleksi|masuk|"
            r"vestibular|acceso|ingreso|concours|aufnahme|вступительн|поступлен|入学|入試|高考|수능|입학|قبول|प्रवेश",
            re.IGNORECASE,
        ),
    ),
    (
        Goal.CERTIFICATION,
        re.compile(
            r"certif|\b(?:toefl|ielts|toeic|delf|jlpt|hsk|topik|cpa|cfa|pmp|aws|ccna)\b|licen[cs]|sertifik|zertifik|сертифик|"
            r"证书|認定|資格|자격|شهادة|प्रमाण",
            re.IGNORECASE,
        ),
    ),
    (
        Goal.SEMESTER_EXAM,
        re.compile(
            r"exam|midterm|finals?\b|\btests?\b|quiz|\b(?:uts|uas|pts|pas)\b|ujian|ulangan|prüfung|klausur|abitur|prova|экзамен|"
            r"контрольн|зач[её]т|考试|考試|試験|テスト|시험|امتحان|اختبار|परीक्षा",
            re.IGNORECASE,
        ),
    ),
)

_MIXES: dict[Stage, tuple[Slot, ...]] = {
    Stage.BUILD: ("learn", "practice", "recall", "learn", "practice", "mock", "mixed", "review", "recall", "practice"),
    Stage.STRENGTHEN: (
        "learn",
        "practice",
        "recall",
        "mixed",
        "recall",
        "mock",
        "review",
        "practice",
        "recall",
        "mock",
    ),
    Stage.FINAL: ("recall", "mixed", "mock", "recall", "review", "practice", "recall", "mock", "review", "practice"),
}
_PREPARATION: tuple[Slot, ...] = (
    *("learn", "practice", "recall", "learn", "practice", "mock", "mixed", "review", "learn", "practice"),
)
"""Slots in order of value: a week takes as many from the front as it has time for; six are a whole week in small."""

FINAL_DAYS = 7
STRENGTHEN_DAYS = 21
ORDINARY_DAYS_TO_TEST = 35
"""The horizon of review when no exam is known: about the distance to a mid-term."""


def goal_of(brief: Brief, exam: Exam | None) -> Goal:
    """Return the kind of goal that the words of the brief's goal name; `exam` decides where they name none."""
    for goal, signs in _SIGNS:
        if signs.search(brief.goal):
            return goal
    return Goal.SEMESTER_EXAM if exam else Goal.SEMESTER_PREPARATION


def next_exam(brief: Brief, concerns: Callable[[str], bool]) -> Exam | None:
    """Return the first exam that is not over among those whose topic `concerns` the plan's."""
    ahead = [exam for exam in brief.exams if exam.day >= brief.from_day and concerns(exam.topic)]
    return min(ahead, key=lambda exam: (exam.day, exam.topic), default=None)


def stage_of(brief: Brief, exam: Exam | None) -> Stage:
    """Return how near `exam` is, seen from the first day of the planned week that is left."""
    days = (exam.day - brief.from_day).days if exam else ORDINARY_DAYS_TO_TEST
    if days <= FINAL_DAYS:
        return Stage.FINAL
    return Stage.STRENGTHEN if days <= STRENGTHEN_DAYS else Stage.BUILD


def mix(goal: Goal, stage: Stage, count: int) -> tuple[Slot, ...]:
    """Return the `count` (6 to 10) most valuable slots of a week, in order of value."""
    if goal is Goal.SEMESTER_PREPARATION and stage is Stage.BUILD:
        return _PREPARATION[:count]
    return _MIXES[stage][:count]
