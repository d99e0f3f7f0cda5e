"""Which of a model's answers may stand: each judged alone, and told apart from the others."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from schediora.ai.content.judge import judge
from schediora.ai.content.own_words import OwnWords
from schediora.ai.content.text import Text, telling
from schediora.ai.content.wording import Given
from schediora.ai.curriculum.frame import Slot
from schediora.ai.model.slots import Passage, SlotFault, SlotRequest
from schediora.subjects.text import fingerprint

MISSING = "There was no answer for it."
SAME_TITLE = "Its title begins like that of another slot."
SAME_DETAIL = "Its detail says the same as that of another slot."


class Check:
    """The content check for one request."""

    def __init__(self, request: SlotRequest) -> None:
        self._request = request
        self._units = {unit.key: unit.title for passage in request.passages for unit in passage.slot.units}
        topics = [passage.slot.topic for passage in request.passages]
        self._given = Given.of_words([*topics, *self._units.values(), request.goal])

    def sorted_out(
        self,
        texts: Mapping[int, Text],
        *,
        beside: Mapping[int, Text] | None = None,
        wanted: Collection[int] | None = None,
    ) -> tuple[dict[int, Text], list[SlotFault]]:
        """Return the sound ones of `texts`, by number, and what is wrong with each of the rest, missing ones included.

        `beside` are texts that stand already; `wanted` are the numbers asked for, all by default.
        """
        numbers = self._request.numbers if wanted is None else wanted
        standing = dict(beside or {})
        kept: dict[int, Text] = {}
        faults: list[SlotFault] = []
        for number in numbers:
            text = texts.get(number)
            sentence = MISSING if text is None else self._wrong(number, text, standing.values())
            if text is None or sentence:
                faults.append(SlotFault(number, sentence or MISSING, text))
            else:
                kept[number] = standing[number] = text
        return kept, faults

    def _wrong(self, number: int, text: Text, others: Iterable[Text]) -> str | None:
        slot = self._request.passages[number].slot
        if found := judge(text, slot, language=self._request.language, given=self._given, beside=self._beside(slot)):
            return " ".join(dict.fromkeys(fault.text for fault in found))
        return _repeats(text, others)

    def _beside(self, slot: Slot) -> tuple[str, ...]:
        """Return what the units of the other slots are called."""
        mine = {unit.key for unit in slot.units}
        return tuple(title for key, title in self._units.items() if key not in mine)


def apart_from(own: OwnWords, passages: Sequence[Passage], kept: Mapping[int, Text]) -> dict[int, Text]:
    """Return those of `kept` whose titles are told apart from those of our own words that stand in for the rest."""
    while True:
        written = {passage.index for number, passage in enumerate(passages) if number in kept}
        stand_in = {telling(text.title) for index, text in enumerate(own.texts) if index not in written}
        told_apart = {number: text for number, text in kept.items() if telling(text.title) not in stand_in}
        if len(told_apart) == len(kept):
            return told_apart
        kept = told_apart  # what gives way is itself replaced by words that may be too near to another


def _repeats(text: Text, others: Iterable[Text]) -> str | None:
    for other in others:
        if telling(text.title) == telling(other.title) or fingerprint(text.title) == fingerprint(other.title):
            return SAME_TITLE
        if fingerprint(text.detail) == fingerprint(other.detail):
            return SAME_DETAIL
    return None
