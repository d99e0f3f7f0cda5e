"""Reading what a model wrote: the slots' words, or a subject's units, in JSON that may be broken off or talked around.

Whole objects count wherever they stand, so that an answer cut in the middle still gives its first slots.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from schediora.ai.content.text import DETAIL_LENGTH, TITLE_LENGTH, Text
from schediora.ai.model.thoughts import spoken

BRACES_TRIED = 60
OBJECTS_READ = 200
MODELS_READ = 2000
_EXCESS = 20
"""So much of an over-long text is kept that the content check sees its length; the rest is of no use to anybody."""
_DEEPEST = 4
_NUMBERS = ("number", "slot", "index", "id")
_REFUSAL = re.compile(r"\b(?:sorry|cannot|can.t|unable|not able)\b", re.IGNORECASE)
_REFUSAL_LENGTH = 1000
_DIGITS = re.compile(r"\D{0,6}(\d{1,3})\D{0,2}", re.ASCII)


def slots_in(content: str, numbers: Sequence[int]) -> dict[int, Text]:
    """Return the words in what a model wrote, by the index of their slot; the later of two answers for one counts.

    In the answer slots are numbered from 1. Where none is numbered, as many as `numbers` has are in its order.
    """
    found: dict[int, Text] = {}
    unnumbered: list[Text] = []
    for entry, key in _entries(content):
        text = _text(entry)
        if text is None:
            continue
        number = _number(entry, key)
        if number is None:
            unnumbered.append(text)
        elif number - 1 in numbers:
            found[number - 1] = text
    if not found and len(unnumbered) == len(numbers):
        return dict(zip(numbers, unnumbered, strict=True))
    return found


def entries_in(content: str) -> list[dict[str, Any]]:
    """Return the objects with a title in what a model wrote, in order."""
    return [entry for entry, _ in _entries(content) if isinstance(entry.get("title"), str)]


def refuses(content: str) -> bool:
    """Return whether a model has said that it will not answer."""
    text = spoken(content)
    return "{" not in text and bool(_REFUSAL.search(text[:_REFUSAL_LENGTH]))


def models_in(body: bytes) -> frozenset[str]:
    """Return the ids in a server's list of models; none where it cannot be read."""
    try:
        listed = _Models.model_validate_json(body).data
    except ValidationError:
        return frozenset()
    return frozenset(model.id for model in listed[:MODELS_READ])


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]


def on_one_line(value: str, longest: int) -> str:
    """Return `value` on one line, cut a little beyond `longest`."""
    return " ".join(value.split())[: longest + _EXCESS]


def _objects(content: str) -> Iterator[Any]:
    """Yield each whole JSON object, or list of them, outermost first; what is inside one that breaks off too."""
    text = spoken(content)
    decoder = json.JSONDecoder()
    start = text.find("{")
    failures = 0
    while start >= 0 and failures < BRACES_TRIED:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            failures += 1
            end = start + 1
        else:
            yield value
        start = text.find("{", end)


def _entries(content: str) -> Iterator[tuple[dict[str, Any], str | None]]:
    count = 0
    for value in _objects(content):
        for found in _within(value, None, 0):
            yield found
            count += 1
            if count >= OBJECTS_READ:
                return


def _within(value: Any, key: str | None, depth: int) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the entries in a value: objects with a title that hold no further objects."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _within(inner, None, depth + 1)
    elif isinstance(value, dict):
        inner_ones = [(name, inner) for name, inner in value.items() if isinstance(inner, dict | list)]
        entries = [found for name, inner in inner_ones for found in _within(inner, name, depth + 1)]
        if "title" in value and not entries:
            yield value, key
        yield from entries


def _number(entry: dict[str, Any], key: str | None) -> int | None:
    for name in _NUMBERS:
        value = entry.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and (match := _DIGITS.fullmatch(value[:12])):
            return int(match[1])
    match = _DIGITS.fullmatch(key[:12]) if key else None
    return int(match[1]) if match else None


def _text(entry: dict[str, Any]) -> Text | None:
    title, detail = entry.get("title"), entry.get("detail")
    if not isinstance(title, str) or not isinstance(detail, str):
        return None
    return Text(on_one_line(title, TITLE_LENGTH), _lines(detail))


def _lines(value: str) -> str:
    """Return a text with its lines and nothing else that white space can do."""
    kept = (" ".join(line.split()) for line in value[: 4 * DETAIL_LENGTH].splitlines())
    return "\n".join(line for line in kept if line)[: DETAIL_LENGTH + _EXCESS]
