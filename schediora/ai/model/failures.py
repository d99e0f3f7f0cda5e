"""The closed list of ways in which a model can fail; the words for them are in `ai/content/sentences`."""

from enum import StrEnum

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
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.status = status
        self.said = said
        self.usage = usage
