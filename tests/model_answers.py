"""What a model server says when all is well: a sound plan, in the envelope of a chat completion."""

from collections.abc import Sequence
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
