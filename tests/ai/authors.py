"""An author over a model server, with little patience."""

from schediora.ai.author import Author
from schediora.ai.model.breaker import Breaker
from schediora.ai.model.openai_provider import OpenAIProvider
from schediora.ai.rules import Rules


def author_of(base_url: str, *, timeout: float = 5.0, breaker: Breaker | None = None) -> Author:
    return Author(
        Rules(),
        OpenAIProvider(model="tiny", base_url=base_url),
        breaker,
        timeout_seconds=timeout,
        sleep=lambda _: None,
    )
