"""What a student reads about a plan as a whole, in its language: notes on what it holds, why a model has no part in it,
and why there is none.
"""

from typing import Literal

from schediora.ai.curriculum.frame import Note
from schediora.languages.sentences import Sentences, Value

_SENTENCES = Sentences(__package__)

WhyNoPlan = Literal[
    "no_time_available",
    "next_week_has_its_plan",
    "exam_is_today",
    "weekly_plan_exists",
    "quota_exceeded",
    "ever_changing",
    "internal_error",
]


def note_in(language: str, note: Note) -> str:
    """Return the sentence of `note` in `language` (BCP 47)."""
    return _SENTENCES.say(note.code, language, **note.values)


def degraded(language: str, code: str, *, own: int | None = None, steps: int | None = None) -> str:
    """Return what Schediora wrote itself, and why by the failure `code`: `own` of the plan's `steps`, parts of it other
    than steps where `own` is 0, the whole plan where that is all of them or nothing is said.
    """
    if own is None or steps is None or own == steps:
        return _SENTENCES.say("degraded_plan", language, reason=code)
    if own == 0:
        return _SENTENCES.say("degraded_parts", language, reason=code)
    return _SENTENCES.say("degraded_steps", language, own=own, steps=steps, reason=code)


def why_no_plan(language: str, why: WhyNoPlan, **values: Value) -> str:
    """Return why a job ended without a plan and what to do; `quota_exceeded` tells the quotas `sessions_a_week`,
    `sessions` and `plans`.
    """
    return _SENTENCES.say(why, language, **values)
