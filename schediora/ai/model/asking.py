"""How a server is asked for JSON: servers differ in what they take, so each refusal leads to a plainer way."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

REFUSALS = frozenset({400, 404, 422, 500, 501})
"""With what servers answer a way of asking that they do not know; 404, 500 and 501 may as well be an outage."""
_NAMED = frozenset({400, 422})
PROBE_SECONDS = 3600.0
"""For so long a server is asked in the way that it took."""
_STREAM = re.compile(r"\bstream(?:ing)?\b", re.IGNORECASE)

_FORMATS = ("json_schema", "json_object", None)
"""Ways to ask for JSON, from the strictest to the one that every server understands."""
_PLAIN = len(_FORMATS) - 1


@dataclass(frozen=True, slots=True)
class Way:
    """What to say beside the conversation: which format, under which name the limit of tokens, and a temperature;
    whether the answer comes in pieces, and with the count of its tokens.
    """

    form: int = 0
    limit: str = "max_tokens"
    with_temperature: bool = True
    streamed: bool = True
    counted: bool = True

    def options(self, *, temperature: float, max_tokens: int, schema: dict[str, object]) -> dict[str, Any]:
        """Return the request's fields; the answer is to be of `schema`, where the server takes one."""
        options: dict[str, Any] = {self.limit: max_tokens}
        if self.with_temperature:
            options["temperature"] = temperature
        if form := _FORMATS[self.form]:
            options["response_format"] = {"type": form}
            if form == "json_schema":
                named = {"name": "answer", "strict": True, "schema": schema}
                options["response_format"]["json_schema"] = named
        return options

    def streaming(self) -> dict[str, Any]:
        """Return the fields that ask for an answer in pieces, so that one cut off at the deadline is of use."""
        if not self.streamed:
            return {}
        return {"stream": True, "stream_options": {"include_usage": True}} if self.counted else {"stream": True}

    def after(self, status: int, said: str) -> "Way | None":
        """Return the way to try once this one was refused with `status` and what the server `said`; None when there is
        none.

        OpenAI's reasoning models take `max_completion_tokens` alone and no temperature, and say so; a server that
        cannot stream, or not count what it streams, names that too. Else the format is to blame: one that a server
        calls wrong is followed by the next weaker, and an error that may be an outage by the plainest at once, so that
        an outage costs one call more and not two. Last comes an answer in one piece.
        """
        if status not in REFUSALS:
            return None
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        if self.with_temperature and "temperature" in said:
            return replace(self, with_temperature=False)
        if self.streamed and self.counted and "stream_options" in said:
            return replace(self, counted=False)
        if self.streamed and _STREAM.search(said):
            return replace(self, streamed=False)
        if self.form == _PLAIN:
            unnamed = self.streamed and status in _NAMED
            return replace(self, streamed=False) if unnamed else None
        return replace(self, form=self.form + 1 if status in _NAMED else _PLAIN)


class Ways:
    """The way that a server has last answered to. Every so often the strictest is tried again: a server learns.

    Thread-safe enough: the worst that two calls at once can do is to try once too often.
    """

    def __init__(
        self, *, again_seconds: float = PROBE_SECONDS, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._again_seconds = again_seconds
        self._monotonic = monotonic
        self._kept: tuple[Way, float] | None = None

    def first(self) -> Way:
        """Return the way to try first."""
        if self._kept is None:
            return Way()
        way, until = self._kept
        # Which words a model takes does not change; which formats its server knows does, with each version.
        return way if self._monotonic() < until else replace(way, form=0, streamed=True, counted=True)

    def worked(self, way: Way) -> None:
        """Remember `way`, unless it is what is known already: then its time runs on."""
        if self._kept is None or self._kept[0] != way or self._monotonic() >= self._kept[1]:
            self._kept = way, self._monotonic() + self._again_seconds
