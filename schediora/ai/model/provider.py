"""What every writer of outlines promises, and the closed list of ways in which one can fail."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import Fault, Outline
from schediora.ai.model.usage import NOTHING_USED, Usage


class FailureCode(StrEnum):
    """Why a model could not deliver a plan, or all of it."""

    UNREACHABLE = "provider_unreachable"
    TIMEOUT = "provider_timeout"
    UNAUTHORIZED = "provider_unauthorized"
    RATE_LIMITED = "provider_rate_limited"
    ERROR = "provider_error"
    BAD_ANSWER = "provider_bad_answer"
    REFUSED = "provider_refused"
    UNAVAILABLE = "provider_unavailable"
    SKIPPED = "provider_skipped"
    CONTENT_REJECTED = "content_rejected"
    DAILY_LIMIT = "daily_limit"


SENTENCES: dict[FailureCode, str] = {
    FailureCode.UNREACHABLE: "the AI service could not be reached",
    FailureCode.TIMEOUT: "the AI service did not answer in time",
    FailureCode.UNAUTHORIZED: "the AI service did not accept this server's key",
    FailureCode.RATE_LIMITED: "the AI service is busy",
    FailureCode.ERROR: "the AI service had an error",
    FailureCode.BAD_ANSWER: "the AI service's answer could not be read as a plan",
    FailureCode.REFUSED: "the AI service declined to write a plan for this topic",
    FailureCode.UNAVAILABLE: "the AI service failed a moment ago and is being left alone for a while",
    FailureCode.SKIPPED: "earlier tries with the AI service were cut short",
    FailureCode.CONTENT_REJECTED: "the AI service's plan did not pass the content check",
    FailureCode.DAILY_LIMIT: "the AI service has written as much today as this server allows",
}
"""Each code in words that a student understands; never a provider's own text, key or address."""


class ProviderError(Exception):
    """A provider could not deliver; `retry_after` is for how many seconds it asked to be left alone, if it did.

    `status` and `said`, the server's own words, are for the operator's log and never for a student. `usage` is what
    an answer of no use has cost all the same.
    """

    def __init__(
        self,
        code: FailureCode,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        said: str = "",
        usage: Usage = NOTHING_USED,
    ) -> None:
        super().__init__(SENTENCES[code])
        self.code = code
        self.retry_after = retry_after
        self.status = status
        self.said = said
        self.usage = usage


class Provider(Protocol):
    """A writer of outlines, safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """Return `rules`, or `openai:` and the model's name."""
        ...

    def propose(
        self, brief: Brief, *, seconds: float, faults: Sequence[Fault] = (), previous: Outline | None = None
    ) -> Outline:
        """Return an outline for `brief` within `seconds`; raise ProviderError.

        In a repair turn `faults` says what was wrong with the last answer, and `previous` is that answer where it
        could be read.
        """
        ...
