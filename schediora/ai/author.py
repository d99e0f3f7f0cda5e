"""Writes the words of a frame: the model proposes, the content check judges each text alone, our own words stand in.

Never fails. This module alone decides what a model is asked for and what of its answer is kept.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schediora.ai.content import own_words
from schediora.ai.content.own_words import OwnWords
from schediora.ai.content.text import Text
from schediora.ai.curriculum.frame import Frame
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.check import Check, apart_from
from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.openai_writer import MAX_TOKENS, TEMPERATURE, OpenAIWriter
from schediora.ai.model.passages import passages_of
from schediora.ai.model.patience import MIN_SECONDS, MODEL_SECONDS, TIMEOUT_SECONDS, TRIES, Patience
from schediora.ai.model.slots import Passage, SlotAnswers, SlotFault, SlotRequest, UnitList, Writer
from schediora.ai.model.usage import Usage
from schediora.syllabus.syllabus import Syllabus

RULES = "rules"
LIST_SECONDS = 20.0
"""What asking for the units of an unknown subject may take of the job's time."""
LOOK_SECONDS = 5.0
Place = tuple[int, int, int]
"""A slot's index, the part (from 0) and the parts."""


@dataclass(frozen=True, slots=True)
class Degraded:
    """A configured model did not deliver all: `own` of `passages` texts are our own words, because of `code`."""

    code: FailureCode
    own: int
    passages: int


@dataclass(frozen=True, slots=True)
class Authored:
    """The words of a frame, where they come from (`openai:` and the model with a part in it, or `rules`), and the cost.

    `kept` are the model's. `usage` and `milliseconds` are those of its calls, None when it was not asked.
    """

    own: OwnWords
    kept: Mapping[Place, Text]
    source: str
    degraded: Degraded | None = None
    usage: Usage | None = None
    milliseconds: int | None = None

    @property
    def title(self) -> str:
        """Return the plan's title."""
        return self.own.title

    @property
    def summary(self) -> str:
        """Return the plan's summary."""
        return self.own.summary

    def text(self, index: int, part: int = 0, parts: int = 1, *, minutes: int | None = None) -> Text:
        """Return the words for part `part` (from 0) of `parts` of the slot at `index`; `minutes` is that part's length.

        They are the model's where it wrote for just this part, else our own.
        """
        if (text := self.kept.get((index, part, parts))) is not None:
            return text
        return self.own.texts[index] if parts == 1 else self.own.of_part(index, part, parts, minutes=minutes)


class Author:
    """Delivers words for every frame. Thread-safe; one serves all jobs of a process."""

    def __init__(
        self,
        model: Writer | None = None,
        breaker: Breaker | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        tries: int = TRIES,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._model = model
        self._breaker = breaker or Breaker(monotonic=monotonic)
        self._timeout_seconds = timeout_seconds
        self._tries = tries
        self._monotonic = monotonic
        self._sleep = sleep

    @property
    def has_model(self) -> bool:
        """Return whether there is a model to ask."""
        return self._model is not None

    def write(
        self,
        frame: Frame,
        syllabuses: Sequence[Syllabus],
        language: str,
        *,
        goal: str = "",
        longest_session_minutes: int | None = None,
        model_seconds: float = MODEL_SECONDS,
        tokens_left: int | None = None,
    ) -> Authored:
        """Return words in `language` for every slot of `frame`; raise nothing.

        They come from the model when there is one, which may take `model_seconds` in all; it is not asked with 0, nor
        when the day has no `tokens_left` (None: no limit). It writes for each part into which
        `longest_session_minutes` splits a slot.
        """
        own = own_words.write(frame, syllabuses, language)
        passages = passages_of(frame, longest_session_minutes)
        if self._model is None or not passages:
            return Authored(own, {}, RULES)
        if tokens_left is not None and tokens_left <= 0:
            return _without_model(own, passages, FailureCode.DAILY_LIMIT)
        if model_seconds < MIN_SECONDS:
            return _without_model(own, passages, FailureCode.SKIPPED)
        patience = self._patience(self._model, model_seconds)
        request = SlotRequest(passages, language, tuple(range(len(passages))), goal)
        check = Check(request)
        try:
            answers = patience.ask(lambda seconds: self._written(request, seconds))
        except ProviderError as error:
            return _without_model(own, passages, error.code, patience)
        patience.usage += answers.usage
        kept, faults = check.sorted_out(answers.texts)
        spent = tokens_left is not None and patience.usage.tokens >= tokens_left
        if faults and not spent:
            kept |= self._repaired(patience, check, request, kept, faults)
        kept = apart_from(own, passages, kept)
        return _completed(self._model.name, own, passages, kept, patience, answers)

    def list_units(self, topic: str, language: str, *, seconds: float = LIST_SECONDS) -> UnitList | None:
        """Return the units of a subject that we do not know, titles in `language`; None where there are none to be had.

        Raise nothing. A model that is being left alone is not asked.
        """
        model = self._model
        if model is None or seconds < MIN_SECONDS:
            return None
        try:
            return self._patience(model, seconds).ask_once(lambda left: model.list_units(topic, language, seconds=left))
        except ProviderError:
            return None

    def look(self) -> None:
        """Try the model server once, in a thread of its own: the log says whether it answers. Never waits."""
        model = self._model
        if model is not None:
            threading.Thread(target=lambda: model.look(seconds=LOOK_SECONDS), name="model-look", daemon=True).start()

    def _patience(self, model: Writer, seconds: float) -> Patience:
        return Patience(
            model.name,
            self._breaker,
            seconds=seconds,
            timeout_seconds=self._timeout_seconds,
            tries=self._tries,
            monotonic=self._monotonic,
            sleep=self._sleep,
        )

    def _written(self, request: SlotRequest, seconds: float, faults: Sequence[SlotFault] = ()) -> SlotAnswers:
        assert self._model is not None
        return self._model.write_slots(request, seconds=seconds, faults=faults)

    def _repaired(
        self,
        patience: Patience,
        check: Check,
        request: SlotRequest,
        kept: Mapping[int, Text],
        faults: Sequence[SlotFault],
    ) -> dict[int, Text]:
        """Return what the model makes of the faulty slots once told what is wrong, as far as it is sound."""
        again = SlotRequest(request.passages, request.language, tuple(fault.number for fault in faults), request.goal)
        try:
            answers = patience.ask_once(lambda seconds: self._written(again, seconds, faults))
        except ProviderError:
            return {}
        patience.usage += answers.usage
        return check.sorted_out(answers.texts, beside=kept, wanted=again.numbers)[0]


def _without_model(
    own: OwnWords, passages: Sequence[Passage], code: FailureCode, patience: Patience | None = None
) -> Authored:
    degraded = Degraded(code, len(passages), len(passages))
    if patience is None:
        return Authored(own, {}, RULES, degraded)
    return Authored(own, {}, RULES, degraded, patience.usage, patience.milliseconds)


def _completed(
    name: str,
    own: OwnWords,
    passages: Sequence[Passage],
    kept: Mapping[int, Text],
    patience: Patience,
    answers: SlotAnswers,
) -> Authored:
    """Return the plan of what is kept and our own words for the rest, and say why where there is a rest."""
    texts = {(passages[number].index, passages[number].part, passages[number].parts): kept[number] for number in kept}
    missing = len(passages) - len(kept)
    degraded = None
    if missing:
        # Where the answer broke off, what is missing was mostly not said; else it was said and refused.
        code = FailureCode.TIMEOUT if answers.cut and missing <= len(passages) - len(answers.texts) else None
        degraded = Degraded(code or FailureCode.CONTENT_REJECTED, missing, len(passages))
    return Authored(own, texts, name if kept else RULES, degraded, patience.usage, patience.milliseconds)


def build_author(
    *,
    provider: Literal["rules", "openai"],
    base_url: str | None = None,
    api_key: str | None = None,
    model: str = "",
    timeout_seconds: float = TIMEOUT_SECONDS,
    tries: int = TRIES,
    temperature: float = TEMPERATURE,
    max_tokens: int = MAX_TOKENS,
) -> Author:
    """Return the author that the settings ask for; only `openai` ever sends a student's words to another server."""
    if provider == "rules":
        return Author()
    writer = OpenAIWriter(
        model=model, base_url=base_url, api_key=api_key, temperature=temperature, max_tokens=max_tokens
    )
    return Author(writer, timeout_seconds=timeout_seconds, tries=tries)
