"""What make-believe models answered to more than a hundred briefs, each answer for a slot labelled by hand.

A line of `briefs.jsonl` is a brief: language, topic, goal and slots; a unit is the key of one of ours, or the title of
one of the student's own. A line of `answers.jsonl` is what a model said to a brief, raw, and a label for each slot (by
its number) that it is judged by. The files named `aside` are not looked at while the check is worked on.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schediora.ai.curriculum.frame import Role, Slot, Why
from schediora.ai.model.slots import Passage, SlotRequest
from schediora.subjects.catalog import subject_of, unit_of
from schediora.syllabus.syllabus import SyllabusUnit

FOLDER = Path(__file__).parent
GOOD = frozenset({"good", "salvaged"})
"""Labels of texts that a student should get; a salvaged one stands in an answer that breaks off or repeats itself."""
FAULTS = (
    "off_topic",
    "dated",
    "linked",
    "unsafe",
    "wrong_language",
    "repeated",
    "rambling",
    "truncated",
    "thinking",
)
OF_ANOTHER_SLOT = ("wrong_work", "too_long")
"""Sound texts for another kind of work, or for more minutes."""


@dataclass(frozen=True)
class Recording:
    """One answer of a model: the request that it answers, what it said, and the label of each slot by its index."""

    brief: str
    model: str
    request: SlotRequest
    raw: str
    labels: Mapping[int, str]


def recordings(*, aside: bool) -> Iterator[Recording]:
    """Yield the recordings to work with, or those kept aside."""
    suffix = "_aside" if aside else ""
    briefs = {brief["id"]: brief for brief in lines(f"briefs{suffix}.jsonl")}
    for answer in lines(f"answers{suffix}.jsonl"):
        labels = {int(number) - 1: label for number, label in answer["labels"].items()}
        request = _request(briefs[answer["brief"]], tuple(sorted(labels)))
        yield Recording(answer["brief"], answer["model"], request, answer["raw"], labels)


def lines(name: str) -> list[dict[str, Any]]:
    """Return the entries of a file."""
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def _request(brief: Mapping[str, Any], numbers: tuple[int, ...]) -> SlotRequest:
    language, topic = brief["language"], brief["topic"]
    slots = (
        Slot(
            role=Role(slot["role"]),
            why=Why.NEW,
            topic=topic,
            units=tuple(_unit(unit, language) for unit in slot["units"]),
            minutes=slot["minutes"],
        )
        for slot in brief["slots"]
    )
    passages = tuple(Passage(index, slot) for index, slot in enumerate(slots))
    return SlotRequest(passages, language, numbers, brief["goal"])


def _unit(name: str, language: str) -> SyllabusUnit:
    unit, subject = unit_of(name), subject_of(name)
    if unit is None or subject is None:
        return SyllabusUnit(f"own.{name}", name)
    material = unit.material(language) if language in subject.languages else None
    return SyllabusUnit(unit.key, unit.title(language), minutes=unit.minutes, stage=unit.stage, material=material)
