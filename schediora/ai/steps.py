"""From a frame and its words to what the scheduler places."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from schediora.ai.content.text import Text
from schediora.ai.curriculum.frame import Frame, PastSession, Request, Role, Slot
from schediora.planner.scheduler.problem import Kind, Since, Step


class Words(Protocol):
    """A text for each slot of a frame, and for each part of one that is split."""

    def text(self, index: int, part: int = 0, parts: int = 1) -> Text:
        """Return those of part `part` (from 0) of `parts` of the slot at `index`."""
        ...


def steps_of(frame: Frame, words: Words, request: Request) -> tuple[Step, ...]:
    """Return the steps of `frame` in `words`, each with what it comes after and the exams it serves."""
    exams = {topic.syllabus.topic: topic.exams for topic in request.topics}
    done = {session.id: session for session in request.student.past if session.done_on}
    slots = frame.slots
    return tuple(_step(index, slot, slots, words, exams.get(slot.topic, ()), done) for index, slot in enumerate(slots))


def _step(
    index: int,
    slot: Slot,
    slots: Sequence[Slot],
    words: Words,
    exams: tuple[date, ...],
    done: Mapping[UUID, PastSession],
) -> Step:
    text = words.text(index)
    return Step(
        title=text.title,
        detail=text.detail,
        topic=slot.topic,
        kind=slot.kind,
        minutes=slot.minutes,
        after=slot.after,
        builds_on=tuple(before for before in slot.after if _goes_back(slot, slots[before])),
        since=_since(slot, done),
        earliest_day=slot.earliest_day,
        latest_day=slot.latest_day,
        whole=slot.whole,
        exams=exams,
        in_parts=lambda part, parts: _part(words, index, part, parts),
    )


def _part(words: Words, index: int, part: int, parts: int) -> tuple[str, str]:
    text = words.text(index, part - 1, parts)
    return text.title, text.detail


def _goes_back(slot: Slot, earlier: Slot) -> bool:
    """Tell whether `slot` goes back to what `earlier` taught or tested, so that a reason can name it."""
    if slot.role is Role.REWORK:
        return earlier.kind is Kind.MOCK
    if slot.kind is Kind.LEARN or earlier.kind is not Kind.LEARN:
        return False
    keys = {unit.key for unit in earlier.units}
    return not slot.units or any(unit.key in keys for unit in slot.units)


def _since(slot: Slot, done: Mapping[UUID, PastSession]) -> Since | None:
    """Return the last of the done sessions that the slot builds on."""
    earlier = [session for key in slot.builds_on if (session := done.get(key)) and session.done_on]
    last = max(earlier, key=lambda session: (session.done_on or date.min, session.id), default=None)
    return Since(last.title, last.done_on) if last and last.done_on else None
