"""How a server is asked for an outline: servers differ in what they take, so each refusal leads to a plainer way."""

from dataclasses import dataclass, replace
from typing import Any

from schediora.ai.model.prompt import SCHEMA

REFUSALS = frozenset({400, 404, 422, 500, 501})
"""With what servers answer a way of asking that they do not know; 404, 500 and 501 may as well be an outage."""
_NAMED = frozenset({400, 422})

_FORMATS: tuple[dict[str, object] | None, ...] = (
    {"type": "json_schema", "json_schema": {"name": "outline", "strict": True, "schema": SCHEMA}},
    {"type": "json_object"},
    None,
)
"""Ways to ask for JSON, from the strictest to the one that every server understands."""
_PLAIN = len(_FORMATS) - 1


@dataclass(frozen=True, slots=True)
class Way:
    """What to say beside the conversation: which format, under which name the limit of tokens, and a temperature."""

    form: int = 0
    limit: str = "max_tokens"
    with_temperature: bool = True

    def options(self, *, temperature: float, max_tokens: int) -> dict[str, Any]:
        """Return the request's fields."""
        options: dict[str, Any] = {self.limit: max_tokens}
        if self.with_temperature:
            options["temperature"] = temperature
        if form := _FORMATS[self.form]:
            options["response_format"] = form
        return options

    def after(self, status: int, said: str) -> "Way | None":
        """Return the way to try once this one was refused with `status` and what the server `said`; None when there is
        none.

        OpenAI's reasoning models take `max_completion_tokens` alone and no temperature, and say so. Else the format is
        to blame: one that a server calls wrong is followed by the next weaker, and an error that may be an outage
        by the plainest at once, so that an outage costs one call more and not two.
        """
        if status not in REFUSALS:
            return None
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        if self.with_temperature and "temperature" in said:
            return replace(self, with_temperature=False)
        if self.form == _PLAIN:
            return None
        return replace(self, form=self.form + 1 if status in _NAMED else _PLAIN)
