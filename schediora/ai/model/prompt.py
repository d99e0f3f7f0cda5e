"""What a model is told. The student's words travel as JSON in a message of their own, never in the instructions."""

import json
from collections.abc import Sequence

from schediora.ai.content.brief import DAYS_A_WEEK, Brief
from schediora.ai.content.instructions import SYSTEM

_STEP = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "minutes": {"type": "integer"},
        "kind": {"type": "string", "enum": ["learn", "practice", "recall", "review", "mock"]},
    },
    "required": ["title", "detail", "minutes", "kind"],
    "additionalProperties": False,
}
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "summary": {"type": "string"},
        "steps": {"type": "array", "items": _STEP, "minItems": 6, "maxItems": 10},
    },
    "required": ["title", "summary", "steps"],
    "additionalProperties": False,
}
"""The answer's JSON Schema, within what OpenAI's strict mode and llama.cpp's grammars accept."""

_STUDIED_SHOWN = 30
_EXAM_DAYS = 10 * DAYS_A_WEEK


def messages(brief: Brief) -> list[dict[str, str]]:
    """Return the conversation that asks for an outline."""
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": json.dumps(_data(brief), ensure_ascii=False)},
    ]


def repair(faults: Sequence[str], previous: str | None) -> list[dict[str, str]]:
    """Return the turn that follows an answer with `faults`; `previous` is that answer, where there was one to read."""
    answered = [{"role": "assistant", "content": previous}] if previous is not None else []
    complaint = (
        "That answer cannot be used:\n" + "\n".join(faults) + "\nAnswer again with the whole corrected JSON object."
    )
    return [*answered, {"role": "user", "content": complaint}]


def _data(brief: Brief) -> dict[str, object]:
    exams = [
        {"topic": exam.topic, "days_away": (exam.day - brief.from_day).days}
        for exam in brief.exams
        if 0 <= (exam.day - brief.from_day).days <= _EXAM_DAYS
    ]
    studied = [
        {"topic": item.topic, "title": item.title, "done": item.done, "days_ago": (brief.today - item.day).days}
        for item in brief.recent[-_STUDIED_SHOWN:]
    ]
    return {
        "goal": brief.goal,
        "topic": brief.topic,
        "focus_topics": list(brief.focus_topics),
        "exams": exams,
        "studied_lately": studied,
        "minutes_available": brief.week_minutes,
        "minutes_per_session": brief.session_minutes,
    }
