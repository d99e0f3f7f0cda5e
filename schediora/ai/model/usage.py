"""What asking a model has cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of calls to a model, as the server counts them; estimated from the texts where it did not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens)

    @property
    def tokens(self) -> int:
        """Return what the calls took in all."""
        return self.prompt_tokens + self.completion_tokens


NOTHING_USED = Usage()
