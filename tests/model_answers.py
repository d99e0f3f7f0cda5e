"""What a model server says when all is well: a sound plan, in the envelope of a chat completion."""

from collections.abc import Mapping, Sequence
from typing import Any

Content = str | list[Any] | None
"""What a model wrote: most servers send a text, some a list of parts."""


def completion(content: Content, **message: Any) -> dict[str, Any]:
    """Return a chat completion as OpenAI words it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": "stop"}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "stub", "choices": [choice]}


_STEPS = (
    ("learn", "Vocabulary of {topic} sorted into a family tree", "Sort the twenty main terms into a tree on paper."),
    (
        "learn",
        "How the parts of {topic} cause one another",
        "Draw arrows between the parts and label each with a verb.",
    ),
    (
        "practice",
        "Eight guided exercises in {topic}",
        "Solve eight exercises and compare every line with the solution.",
    ),
    (
        "practice",
        "Four exercises in {topic} of unknown type",
        "Shuffle four exercises and name the method before solving.",
    ),
    ("recall", "Brain dump of {topic} on an empty sheet", "Write down all you know and add what is missing in red."),
    ("recall", "Question cards on {topic} in two rounds", "Answer each card aloud and repeat those that you missed."),
    (
        "review",
        "Error hunt through the week's {topic} notes",
        "Redo each mistake from scratch and write down its cause.",
    ),
    (
        "mock",
        "Forty-minute trial paper in {topic}",
        "Sit one old paper without notes and mark it as an examiner would.",
    ),
)


def plan(topic: str, *, minutes: int = 30, steps: Sequence[tuple[str, str, str]] = _STEPS) -> dict[str, Any]:
    """Return a sound plan for `topic`, as a model would write it; `steps` are of kind, title and detail."""
    listed = [
        {"kind": kind, "title": title.format(topic=topic), "detail": detail, "minutes": minutes}
        for kind, title, detail in steps
    ]
    return {
        "title": f"A solid week of {topic}",
        "summary": f"From the terms of {topic} to a trial paper.",
        "steps": listed,
    }


_DETAILS = {
    "lesson": "Read the section on {unit}, copy its worked example without looking, and compare line by line. "
    "Then explain {unit} aloud in your own words and mark what you could not say.",
    "practice": "Solve two tasks on {unit} in writing and check each against its solution. "
    "Note for every error in {unit} which step went wrong.",
    "recall": "Close the book and write down all that you know about {unit}. "
    "Compare with your notes on {unit} and add in red what was missing.",
}


_ORDINALS = ("last", "first", "second", "third", "fourth")


def words(slot: Mapping[str, Any]) -> dict[str, Any]:
    """Return sound words for a slot as the request describes it."""
    unit = " and ".join(slot["units"]) or slot["topic"]
    detail = _DETAILS.get(slot["kind"], "Go through {unit} once more and compare each answer with your notes on it.")
    if slot.get("part"):
        part = _ORDINALS[int(slot["part"].split()[0]) % len(_ORDINALS)]
        detail, unit = f"Work on the {part} part of its points. {detail}", f"{part} part of {unit}"
    title = f"{slot['number']}: {unit}, {slot['kind'].replace('_', ' ')} with a check"
    return {"number": slot["number"], "title": title, "detail": detail.format(unit=unit)}


def answer(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a good model answers to a request: words for slots, the units of a topic, or a plan."""
    if "slots" in data:
        return {"slots": [words(slot) for slot in data["slots"]]}
    if set(data) == {"topic", "language"}:
        return {"units": units(data["topic"])}
    return plan(data["topic"])


_CHAPTERS = [
    "Origins",
    "Tools",
    "Basic forms",
    "Materials",
    "Measuring",
    "Joints",
    "Surfaces",
    "Repair",
    "Large works",
    "Masters",
]


def units(topic: str) -> list[dict[str, Any]]:
    """Return ten units of a made-up subject, each in need of the one before."""
    titles = [f"{chapter} of {topic}" for chapter in _CHAPTERS]
    return [{"title": title, "needs": titles[index - 1 : index], "minutes": 60} for index, title in enumerate(titles)]


def pieces(content: str, *, size: int = 40, usage: bool = True) -> list[dict[str, Any]]:
    """Return a completion of `content` in pieces, as servers stream it."""
    envelope = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "stub"}
    texts = [content[start : start + size] for start in range(0, len(content), size)]
    chunks: list[dict[str, Any]] = [
        {**envelope, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]} for text in texts
    ]
    chunks.append({**envelope, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if usage:
        chunks.append({**envelope, "choices": [], "usage": {"prompt_tokens": 900, "completion_tokens": 450}})
    return chunks
