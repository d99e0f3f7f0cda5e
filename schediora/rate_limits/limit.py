"""A limit by rate, and the error of whoever reaches it."""

import math
from dataclasses import dataclass

from schediora.errors import TooManyRequests

_A_FEW_SECONDS = 20
_MINUTES_IN_WORDS = 120


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within any `seconds` in a row, for each of what is counted under `name`.

    What is `shared` is counted for all processes and machines together, the rest in each process. `says` is the
    sentence of a refusal, with `{wait}` for how long it lasts.
    """

    name: str
    most: int
    seconds: int
    shared: bool = False
    says: str = "There were too many attempts. Please try again in {wait}."


class LimitReached(TooManyRequests):
    """There were too many attempts."""

    def __init__(self, limit: Limit, *, retry_after: int) -> None:
        """Carry the limit that was reached, and the seconds until there is room again."""
        super().__init__(limit.says.format(wait=_said(retry_after)), retry_after=retry_after)
        self.limit = limit
        self.account: str | None = None
        """The address whose sign-ins it counted, where it did."""


def _said(seconds: int) -> str:
    """Return seconds as a student counts them, rounded up."""
    if seconds <= _A_FEW_SECONDS:
        return "a few seconds"
    minutes = math.ceil(seconds / 60)
    if minutes >= _MINUTES_IN_WORDS:
        return f"{math.ceil(minutes / 60)} hours"
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
