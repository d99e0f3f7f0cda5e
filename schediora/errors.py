"""What can go wrong, in the product's own words; no HTTP here.

An error's docstring is the sentence its reader sees, unless the raiser has a better one. Clients depend on codes,
never on prose.
"""

import inspect
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

MOST_FAULTS = 50
"""Faults of one request that are listed: nobody reads more, and a small body can have thousands."""


class Code(StrEnum):
    """Every error code that an answer can carry: a closed list that clients rely on."""

    MALFORMED_REQUEST = "malformed_request"
    BODY_TOO_LARGE = "body_too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    VALIDATION_FAILED = "validation_failed"
    UNAUTHENTICATED = "unauthenticated"
    INVALID_CREDENTIALS = "invalid_credentials"
    INVALID_REFRESH_TOKEN = "invalid_refresh_token"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"
    EMAIL_TAKEN = "email_taken"
    NOT_FOUND = "not_found"
    NO_CURRENT_PLAN = "no_current_plan"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    WEEKLY_PLAN_EXISTS = "weekly_plan_exists"
    GENERATION_IN_PROGRESS = "generation_in_progress"
    PLAN_CHANGED = "plan_changed"
    RESYNC_NEEDED = "resync_needed"
    QUOTA_EXCEEDED = "quota_exceeded"
    WRONG_PASSWORD = "wrong_password"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    REQUEST_IN_PROGRESS = "request_in_progress"
    INVALID_LINK = "invalid_link"
    TOO_MANY_REQUESTS = "too_many_requests"
    OVERLOADED = "overloaded"
    NOT_READY = "not_ready"
    REQUEST_TIMEOUT = "request_timeout"
    INTERNAL_ERROR = "internal_error"


class SchedioraError(Exception):
    """Something went wrong on our side. Please try again in a moment."""

    code: Code = Code.INTERNAL_ERROR
    members: ClassVar[Mapping[str, Any]] = {}
    """The further members of its answers, each with its JSON Schema."""

    def __init__(self, detail: str | None = None, *, retry_after: int | None = None, **extra: Any) -> None:
        """Carry `detail` (default: the class's sentence), seconds to wait, and further members of the answer."""
        self.detail = detail or self.sentence()
        self.retry_after = retry_after
        self.extra = extra
        super().__init__(self.detail)

    @classmethod
    def sentence(cls) -> str:
        """Return what the class's docstring says."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())


class NotFound(SchedioraError):
    """This could not be found. It may have been deleted."""

    code = Code.NOT_FOUND


class Conflict(SchedioraError):
    """This is not possible right now, because something else is in the way."""


class Gone(SchedioraError):
    """This is not there any more."""

    code = Code.NOT_FOUND


class Invalid(SchedioraError):
    """Something in the request is not as it should be."""

    code = Code.VALIDATION_FAILED

    def __init__(self, errors: list[dict[str, str]]) -> None:
        """Carry the first 50 faults, each `{"pointer" or "parameter": where, "detail": sentence}`; the first one's
        words lead.
        """
        super().__init__(errors[0]["detail"] if errors else None, errors=errors[:MOST_FAULTS])


class Unauthenticated(SchedioraError):
    """Please sign in to continue."""

    code = Code.UNAUTHENTICATED


class Forbidden(SchedioraError):
    """This is not possible with what was sent along."""


class TooManyRequests(SchedioraError):
    """Too many requests at once. Please wait a moment and try again."""

    code = Code.TOO_MANY_REQUESTS


class Unavailable(SchedioraError):
    """Schediora is very busy right now. Please try again in a few seconds."""

    code = Code.OVERLOADED


class SetupError(SchedioraError):
    """Schediora cannot start with these settings."""
