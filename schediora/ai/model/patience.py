"""How often a model is asked for one plan, for how long, and what its failures cost whom."""

import time
from collections.abc import Callable
from typing import TypeVar

from schediora import log
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.usage import NOTHING_USED, Usage

_log = log.get_logger("schediora.model")
_T = TypeVar("_T")

TIMEOUT_SECONDS = 20.0
"""The longest that one answer may take."""
TRIES = 2
MODEL_SECONDS = 60.0
"""All that a model gets for one plan, tries, pauses and repair turn together: the app waits 90 s."""
PAUSE_SECONDS = 0.5
MIN_SECONDS = 0.05

BLAME = {
    FailureCode.UNAUTHORIZED: 2,
    FailureCode.UNREACHABLE: 2,
    FailureCode.TIMEOUT: 1,
    FailureCode.RATE_LIMITED: 1,
    FailureCode.ERROR: 1,
}
"""How much of the four that open the breaker a failure counts for; an answer, good, bad or cut short, counts nothing.

Two slow answers in a row leave it closed: one student's plan of ten steps may just be long.
"""
_WORTH_RETRYING = frozenset(
    {FailureCode.UNREACHABLE, FailureCode.TIMEOUT, FailureCode.RATE_LIMITED, FailureCode.ERROR, FailureCode.BAD_ANSWER}
)
_WORTH_PAUSING = frozenset({FailureCode.UNREACHABLE, FailureCode.RATE_LIMITED, FailureCode.ERROR})


class Patience:
    """The calls for one plan: they share a deadline, `usage` adds up what they took, failed ones too."""

    def __init__(
        self,
        name: str,
        breaker: Breaker,
        *,
        seconds: float,
        timeout_seconds: float = TIMEOUT_SECONDS,
        tries: int = TRIES,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.usage: Usage = NOTHING_USED
        self._name = name
        self._breaker = breaker
        self._timeout_seconds = timeout_seconds
        self._tries = tries
        self._monotonic = monotonic
        self._sleep = sleep
        # A server that hangs is not waited for beyond its tries; one that answers has time for a repair turn.
        self._began = monotonic()
        self._deadline = self._began + min(seconds, MODEL_SECONDS, timeout_seconds * max(2, tries))

    @property
    def milliseconds(self) -> int:
        """Return how long the calls have taken so far, pauses included."""
        return round(1000 * (self._monotonic() - self._began))

    def ask(self, call: Callable[[float], _T]) -> _T:
        """Return what `call` makes of its seconds, in up to so many tries; raise the ProviderError that ended it."""
        failed: ProviderError | None = None
        for left in reversed(range(self._tries)):
            try:
                return self.ask_once(call)
            except ProviderError as error:
                if failed and error.code is FailureCode.UNAVAILABLE:
                    # That this very plan's first try opened the breaker says less than what was wrong with it.
                    raise failed from None
                failed = error
                pause = _pause_after(error)
                out_of_time = pause + MIN_SECONDS > self._deadline - self._monotonic()
                if not left or error.code not in _WORTH_RETRYING or out_of_time:
                    raise
                self._sleep(pause)
        raise ProviderError(FailureCode.SKIPPED)

    def ask_once(self, call: Callable[[float], _T]) -> _T:
        """Call once, if there is time and the breaker allows it, and tell the breaker how that went."""
        seconds = min(self._timeout_seconds, self._deadline - self._monotonic())
        if seconds < MIN_SECONDS:
            raise ProviderError(FailureCode.TIMEOUT)
        if not self._breaker.allows():
            raise ProviderError(FailureCode.UNAVAILABLE)
        try:
            answer = call(seconds)
        except ProviderError as error:
            self.usage += error.usage
            self._report(error, hurried=2 * seconds < self._timeout_seconds)
            raise
        except Exception as error:
            # A defect must not cost the student the plan. Its message may hold anything, so only its kind is logged.
            _log.warning("model_failed", source=self._name, code=FailureCode.ERROR, error=type(error).__name__)
            failure = ProviderError(FailureCode.ERROR)
            self._report(failure)
            raise failure from error
        self._breaker.succeeded()
        return answer

    def _report(self, error: ProviderError, *, hurried: bool = False) -> None:
        """Tell the breaker of a failure; a time-out blames nobody who had less than half of the usual time."""
        blame = BLAME.get(error.code, 0)
        if not blame:
            self._breaker.succeeded()
            return
        if error.code is FailureCode.TIMEOUT and hurried:
            blame = 0
        longer = error.retry_after is not None and error.retry_after > self._deadline - self._monotonic()
        self._breaker.failed(blame, retry_after=error.retry_after if longer else None)


def _pause_after(error: ProviderError) -> float:
    """Return how many seconds to wait before asking again."""
    if error.retry_after is not None:
        return error.retry_after
    return PAUSE_SECONDS if error.code in _WORTH_PAUSING else 0.0
