"""What a student reads of one step, whoever wrote it."""

from dataclasses import dataclass

TITLE_LENGTH = 180
DETAIL_LENGTH = 1500
TELLING_LENGTH = 40
"""A narrow screen shows so many characters of a title: within them titles must differ."""


@dataclass(frozen=True, slots=True)
class Text:
    """A step's title, at most 180 characters, and its detail, at most 1,500: what to do, with what, how to check."""

    title: str
    detail: str


def telling(title: str) -> str:
    """Return the part of `title` that tells it apart on a narrow screen."""
    return title[:TELLING_LENGTH].strip().casefold()


def clipped(text: str, most: int) -> str:
    """Return `text` in at most `most` characters, with an ellipsis where something was cut off."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
