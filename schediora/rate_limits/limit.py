"""A limit by rate, and the error of whoever reaches it."""

import math
from dataclasses import dataclass

from schediora.errors import TooManyRequests


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
        minutes = math.ceil(retry_after / 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(limit.says.format(wait=wait), retry_after=retry_after)
        self.limit = limit
