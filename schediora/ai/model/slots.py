"""What a model is asked to write, and what it answers: words by slot, or the units of a subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from schediora.ai.content.text import Text
from schediora.ai.curriculum.frame import Slot
from schediora.ai.model.usage import Usage
from schediora.syllabus.syllabus import ListedUnit


@dataclass(frozen=True, slots=True)
class SlotFault:
    """What is wrong with the last answer for the passage at index `number`, in one sentence.

    `text` is that answer, None where there was none.
    """

    number: int
    sentence: str
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What wants words of its own: part `part` (from 0) of `parts` of the slot at `index`.

    `slot` is that slot with the minutes of this part.
    """

    index: int
    slot: Slot
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """Words wanted in `language` (BCP 47) for those of `passages` whose indexes are `numbers`.

    `goal` is in the student's words.
    """

    passages: tuple[Passage, ...]
    language: str
    numbers: tuple[int, ...]
    goal: str = ""


@dataclass(frozen=True, slots=True)
class SlotAnswers:
    """Words by the index of their passage, unchecked but for their shape; `cut` tells that the answer broke off."""

    texts: Mapping[int, Text]
    usage: Usage
    cut: bool = False


@dataclass(frozen=True, slots=True)
class UnitList:
    """A subject's units in the order to learn them."""

    units: tuple[ListedUnit, ...]
    usage: Usage


class Writer(Protocol):
    """A model that writes words, safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """Return `openai:` and the model's name."""
        ...

    def write_slots(self, request: SlotRequest, *, seconds: float, faults: Sequence[SlotFault] = ()) -> SlotAnswers:
        """Return what there is of an answer after `seconds`; raise ProviderError when it has not even one slot.

        In a repair turn `faults` says what was wrong with the last answer for each slot wanted again.
        """
        ...

    def list_units(self, topic: str, language: str, *, seconds: float) -> UnitList:
        """Return 8 to 40 units of `topic`, checked, titles in `language`; raise ProviderError."""
        ...

    def look(self, *, seconds: float) -> None:
        """Ask the server which models it has, and log the outcome; raise nothing."""
        ...
