"""What a model is told of the slots that want words. The student's words travel as JSON in a message of their own."""

import json
from collections.abc import Sequence

from schediora.ai.content.instructions import SLOTS_SYSTEM, UNITS_SYSTEM
from schediora.ai.curriculum.frame import Role, Slot, Why
from schediora.ai.model.slots import Passage, SlotFault, SlotRequest

Conversation = list[dict[str, str]]

_WITH_TASKS = frozenset({Role.LESSON, Role.PRACTICE, Role.MIXED, Role.RECALL, Role.REWORK})
UNITS_TOLD = 6
"""Of a slot of more units, such as a mock, the rest are named and not explained."""
TASKS_TOLD = 4
PREVIOUS_LENGTH = 300
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "ja": "Japanese",
    "ko": "Korean",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh": "Chinese",
}

_SLOT = {
    "type": "object",
    "properties": {"number": {"type": "integer"}, "title": {"type": "string"}, "detail": {"type": "string"}},
    "required": ["number", "title", "detail"],
    "additionalProperties": False,
}
SLOTS_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"slots": {"type": "array", "items": _SLOT}},
    "required": ["slots"],
    "additionalProperties": False,
}
_UNIT = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "needs": {"type": "array", "items": {"type": "string"}},
        "minutes": {"type": "integer"},
    },
    "required": ["title", "needs", "minutes"],
    "additionalProperties": False,
}
UNITS_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"units": {"type": "array", "items": _UNIT}},
    "required": ["units"],
    "additionalProperties": False,
}
"""Answers' JSON Schemas, within what OpenAI's strict mode and llama.cpp's grammars accept."""


def slot_messages(request: SlotRequest, faults: Sequence[SlotFault]) -> Conversation:
    """Return the conversation that asks for the words of slots; in a repair turn only for those with `faults`."""
    conversation = [_system(SLOTS_SYSTEM), _user(_slots(request))]
    if faults:
        complaints = "\n".join(_complaint(fault) for fault in faults)
        told = f"Your last answer for these slots cannot be used:\n{complaints}\nWrite these slots anew, all of them."
        conversation.append({"role": "user", "content": told})
    return conversation


def unit_messages(topic: str, language: str) -> Conversation:
    """Return the conversation that asks for the units of a subject."""
    return [_system(UNITS_SYSTEM), _user({"topic": topic, "language": language_name(language)})]


def language_name(tag: str) -> str:
    """Return a language's English name with its tag, as models know it best."""
    name = _LANGUAGES.get(tag.partition("-")[0].casefold())
    return f"{name} ({tag})" if name else tag


def _system(content: str) -> dict[str, str]:
    return {"role": "system", "content": content}


def _user(data: dict[str, object]) -> dict[str, str]:
    return {"role": "user", "content": json.dumps(data, ensure_ascii=False)}


def _complaint(fault: SlotFault) -> str:
    title = json.dumps(fault.text.title[:PREVIOUS_LENGTH], ensure_ascii=False) if fault.text else None
    return f"Slot {fault.number + 1}: {fault.sentence}" + (f" It was called {title}." if title else "")


def _slots(request: SlotRequest) -> dict[str, object]:
    data: dict[str, object] = {"language": language_name(request.language)}
    if request.goal:
        data["goal"] = request.goal
    data["slots"] = [_slot(number, request.passages[number]) for number in request.numbers]
    return data


def _slot(number: int, passage: Passage) -> dict[str, object]:
    slot = passage.slot
    told: dict[str, object] = {
        "number": number + 1,
        "kind": slot.role,
        "topic": slot.topic,
        "units": [unit.title for unit in slot.units],
        "minutes": slot.minutes,
    }
    if passage.parts > 1:
        told["part"] = f"{passage.part + 1} of {passage.parts}"
    materials = [unit.material for unit in slot.units[:UNITS_TOLD] if unit.material]
    if points := [point for material in materials for point in material.points]:
        told["points"] = _share(points, passage)
    tasks = [question.question for material in materials for question in material.questions[:TASKS_TOLD]]
    if tasks and slot.role in _WITH_TASKS:
        told["tasks"] = _share(tasks, passage)[: TASKS_TOLD * 2]
    if len(materials) == 1 and slot.role in {Role.LESSON, Role.PRACTICE}:
        told["typical_mistake"] = materials[0].pitfall
    if wrong := _wrong(slot):
        told["went_wrong_before"] = wrong
    return told


def _share(entries: Sequence[str], passage: Passage) -> Sequence[str]:
    """Return a part's share of `entries`, in order; all of them where there are fewer than parts."""
    count = len(entries)
    if count < passage.parts:
        return entries
    return entries[passage.part * count // passage.parts : (passage.part + 1) * count // passage.parts]


def _wrong(slot: Slot) -> str | None:
    if slot.why is Why.AGAIN:
        return "The student did this and says that it did not go well."
    if slot.missed_on:
        return "The student planned this before and did not come to it."
    return None
