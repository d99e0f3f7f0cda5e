"""The words of one slot of a plan."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """What a slot is called, and what to do in it, with what, and how to check it: plain text."""

    title: str
    detail: str
