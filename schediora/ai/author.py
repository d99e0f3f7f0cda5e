"""Writes a plan's outline: the model proposes, the content check judges, the rules deliver what is missing.

Never fails. This module alone decides how often a model is asked and what its failures cost.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from schediora import log
from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import MAX_STEPS, MIN_STEPS, Fault, Outline, faults, fit, in_order
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.openai_provider import MAX_TOKENS, TEMPERATURE, OpenAIProvider
from schediora.ai.model.provider import SENTENCES, FailureCode, Provider, ProviderError
from schediora.ai.rules import Rules
from schediora.planner.scheduler.problem import Kind, Step
from schediora.subjects.text import fingerprint

__all__ = ["Author", "Authored", "FailureCode", "Provider", "ProviderError", "build_author"]

_log = log.get_logger("schediora.model")

TIMEOUT_SECONDS = 20.0
"""The longest that one answer may take."""
TRIES = 2
MODEL_SECONDS = 60.0
"""All that a model gets for one plan, tries, pauses and repair turn together: the app waits 90 s."""
PAUSE_SECONDS = 0.5
MIN_SECONDS = 0.05
KEPT_STEPS = 3
"""Fewer sound steps than this from a model are not worth building a plan around."""

BLAME = {
    FailureCode.UNAUTHORIZED: 2,
    FailureCode.UNREACHABLE: 2,
    FailureCode.TIMEOUT: 2,
    FailureCode.RATE_LIMITED: 1,
    FailureCode.ERROR: 1,
}
"""How much of the four that open the breaker a failure counts for; an answer, good or bad, counts nothing."""
_WORTH_RETRYING = frozenset(
    {FailureCode.UNREACHABLE, FailureCode.TIMEOUT, FailureCode.RATE_LIMITED, FailureCode.ERROR, FailureCode.BAD_ANSWER}
)

_WORTH_PAUSING = frozenset({FailureCode.UNREACHABLE, FailureCode.RATE_LIMITED, FailureCode.ERROR})


@dataclass(frozen=True, slots=True)
class Authored:
    """An outline, its source (`openai:` and the model with a part in it, or `rules`), and how the model failed."""

    outline: Outline
    source: str
    degraded_reason: str | None = None
    degraded_code: FailureCode | None = None


class Author:
    """Delivers an outline for every brief. Thread-safe; one serves all jobs of a process."""

    def __init__(
        self,
        rules: Rules,
        model: Provider | None = None,
        breaker: Breaker | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        tries: int = TRIES,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rules = rules
        self._model = model
        self._breaker = breaker or Breaker(monotonic=monotonic)
        self._timeout_seconds = timeout_seconds
        self._tries = tries
        self._monotonic = monotonic
        self._sleep = sleep

    def write(self, brief: Brief, *, model_seconds: float = MODEL_SECONDS) -> Authored:
        """Return a faultless outline of 6 to 10 steps; raise nothing.

        It comes from the model when there is one, which may take `model_seconds` in all; with 0 it is not asked.
        """
        if self._model is None:
            return Authored(self._from_rules(brief), self._rules.name)
        if model_seconds < MIN_SECONDS:
            return self._without_model(brief, FailureCode.SKIPPED)
        # A server that hangs is not waited for beyond its tries; one that answers has time for a repair turn.
        seconds = min(model_seconds, MODEL_SECONDS, self._timeout_seconds * max(2, self._tries))
        deadline = self._monotonic() + seconds
        try:
            outline = self._asked(self._model, brief, deadline)
        except ProviderError as error:
            return self._without_model(brief, error.code)
        wrong = faults(outline, brief)
        if wrong:
            outline, wrong = self._repaired(self._model, brief, outline, wrong, deadline)
        if not wrong:
            return Authored(outline, self._model.name)
        return self._completed(self._model, brief, outline, wrong)

    def _from_rules(self, brief: Brief) -> Outline:
        return self._rules.propose(brief)

    def _without_model(self, brief: Brief, code: FailureCode) -> Authored:
        reason = f"This plan was written by Schediora's own rules, because {SENTENCES[code]}."
        return Authored(self._from_rules(brief), self._rules.name, reason, code)

    def _asked(self, model: Provider, brief: Brief, deadline: float) -> Outline:
        """Return the model's outline, asking up to `tries` times; raise the ProviderError that ended it."""
        wrong: tuple[Fault, ...] = ()
        failed: ProviderError | None = None
        for left in reversed(range(self._tries)):
            try:
                return self._called(model, brief, deadline, wrong=wrong)
            except ProviderError as error:
                if failed and error.code is FailureCode.UNAVAILABLE:
                    # That this very plan's first try opened the breaker says less than what was wrong with it.
                    raise failed from None
                failed = error
                pause = _pause_after(error)
                if not left or error.code not in _WORTH_RETRYING or pause + MIN_SECONDS > deadline - self._monotonic():
                    raise
                if error.code is FailureCode.BAD_ANSWER:
                    wrong = (Fault(None, "shape", "The answer was not one JSON object of the required shape."),)
                self._sleep(pause)
        raise ProviderError(FailureCode.SKIPPED)

    def _called(
        self,
        model: Provider,
        brief: Brief,
        deadline: float,
        *,
        wrong: Sequence[Fault] = (),
        previous: Outline | None = None,
    ) -> Outline:
        """Ask the model once, if there is time and the breaker allows it, and tell the breaker how that went."""
        seconds = min(self._timeout_seconds, deadline - self._monotonic())
        if seconds < MIN_SECONDS:
            raise ProviderError(FailureCode.TIMEOUT)
        if not self._breaker.allows():
            raise ProviderError(FailureCode.UNAVAILABLE)
        try:
            outline = model.propose(brief, seconds=seconds, faults=wrong, previous=previous)
        except ProviderError as error:
            self._report(error, deadline, hurried=2 * seconds < self._timeout_seconds)
            raise
        except Exception as error:
            # A defect must not cost the student the plan. Its message may hold anything, so only its kind is logged.
            _log.warning("model_failed", source=model.name, code=FailureCode.ERROR, error=type(error).__name__)
            failure = ProviderError(FailureCode.ERROR)
            self._report(failure, deadline)
            raise failure from error
        self._breaker.succeeded()
        return fit(replace(outline, steps=_mocks_last(outline)), brief.week_minutes)

    def _report(self, error: ProviderError, deadline: float, *, hurried: bool = False) -> None:
        """Tell the breaker of a failure; a time-out blames nobody who had less than half of the usual time."""
        blame = BLAME.get(error.code, 0)
        if not blame:
            self._breaker.succeeded()
            return
        if error.code is FailureCode.TIMEOUT and hurried:
            blame = 0
        longer = error.retry_after is not None and error.retry_after > deadline - self._monotonic()
        self._breaker.failed(blame, retry_after=error.retry_after if longer else None)

    def _repaired(
        self, model: Provider, brief: Brief, outline: Outline, wrong: list[Fault], deadline: float
    ) -> tuple[Outline, list[Fault]]:
        """Return the better of `outline` and what the model makes of it once told what is `wrong`, with its faults."""
        try:
            again = self._called(model, brief, deadline, wrong=wrong, previous=outline)
        except ProviderError:
            return outline, wrong
        still = faults(again, brief)
        if not still or _worth(again, still) >= _worth(outline, wrong):
            return again, still
        return outline, wrong

    def _completed(self, model: Provider, brief: Brief, outline: Outline, wrong: list[Fault]) -> Authored:
        """Return the model's sound steps completed by the rules, or the rules' outline where too little is sound."""
        own = self._from_rules(brief)
        kept = _sound(outline, wrong)[:MAX_STEPS]
        if len(kept) < KEPT_STEPS or any(fault.code == "language" and fault.step is None for fault in wrong):
            return self._without_model(brief, FailureCode.CONTENT_REJECTED)
        missing = max(MIN_STEPS, min(len(outline.steps), MAX_STEPS)) - len(kept)
        added = _additions(own, kept, missing)
        # The plan's own title and summary have no step number: one fault in either and both are the rules'.
        words = own if any(fault.step is None for fault in wrong) else outline
        merged = fit(Outline(words.title, words.summary, in_order([*kept, *added])), brief.week_minutes)
        if faults(merged, brief):
            return self._without_model(brief, FailureCode.CONTENT_REJECTED)
        subject = f"{len(added)} of {len(merged.steps)} steps were" if added else "Parts of this plan were"
        reason = f"{subject} written by Schediora's own rules, because {SENTENCES[FailureCode.CONTENT_REJECTED]}."
        return Authored(merged, model.name, reason, FailureCode.CONTENT_REJECTED)


def _pause_after(error: ProviderError) -> float:
    """Return how many seconds to wait before asking again."""
    if error.retry_after is not None:
        return error.retry_after
    return PAUSE_SECONDS if error.code in _WORTH_PAUSING else 0.0


def _mocks_last(outline: Outline) -> tuple[Step, ...]:
    return tuple(sorted(outline.steps, key=lambda step: step.kind is Kind.MOCK))


def _sound(outline: Outline, wrong: Sequence[Fault]) -> list[Step]:
    bad = {fault.step for fault in wrong}
    return [step for index, step in enumerate(outline.steps) if index not in bad]


def _worth(outline: Outline, wrong: Sequence[Fault]) -> tuple[int, int]:
    return len(_sound(outline, wrong)), -len(wrong)


def _additions(own: Outline, kept: Sequence[Step], missing: int) -> list[Step]:
    """Return `missing` steps of `own` that say something new, first those of a kind that `kept` lacks."""
    said = {fingerprint(text) for step in kept for text in (step.title, step.detail)}
    kinds = {step.kind for step in kept}
    new = [step for step in own.steps if not {fingerprint(step.title), fingerprint(step.detail)} & said]
    return sorted(new, key=lambda step: step.kind in kinds)[: max(0, missing)]


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
        return Author(Rules())
    asked = OpenAIProvider(
        model=model, base_url=base_url, api_key=api_key, temperature=temperature, max_tokens=max_tokens
    )
    return Author(Rules(), asked, timeout_seconds=timeout_seconds, tries=tries)
