"""Asks any server that speaks OpenAI's chat completions (OpenAI, Ollama, llama.cpp, vLLM) for an outline."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from schediora import log
from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import Fault, Outline
from schediora.ai.model.answer import outline_in
from schediora.ai.model.asking import Way
from schediora.ai.model.connection import (
    OPENAI_URL,
    Refused,
    client_of,
    failure_of,
    first_bytes,
    host_of,
    within,
    without_key,
)
from schediora.ai.model.prompt import SCHEMA, messages, repair
from schediora.ai.model.provider import FailureCode, ProviderError
from schediora.ai.model.said import masked, words_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_log = log.get_logger("schediora.model")

ANSWER_BYTES = 1 << 20
TEMPERATURE = 0.7
MAX_TOKENS = 4096
"""Ten steps with all their sentences are about 1,500 tokens, three times that in scripts that tokenizers know less."""


class OpenAIProvider:
    """The provider behind `[ai] provider = "openai"`. Thread-safe; its key goes to the server at `base_url` alone."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        temperature: float = TEMPERATURE,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._model = model
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key
        self._temperature = temperature
        self._max_tokens = max_tokens
        self._way = Way(streamed=False)
        self.name = f"openai:{model}"

    def propose(
        self, brief: Brief, *, seconds: float, faults: Sequence[Fault] = (), previous: Outline | None = None
    ) -> Outline:
        """Return the model's outline, unchecked but for its shape, within `seconds`; raise ProviderError.

        Each failure is one line in the log, with the server's own words but none of the student's.
        """
        conversation = messages(brief)
        if faults:
            conversation += repair([_named(fault) for fault in faults], _dumped(previous) if previous else None)
        status: int | None = None
        try:
            # Made before the clock starts: the first time, importing it takes a while.
            client = client_of(self._base_url, self._api_key, seconds)
            body = within(seconds, self._answer(client, conversation))
            status = 200
            return outline_in(body, brief.topic)
        except ProviderError as error:
            self._log_failure(error, brief, error.status or status)
            raise
        except Exception as error:
            # An address that cannot be one, or a connection cut in mid-answer, which the client lets through unnamed.
            failure = ProviderError(FailureCode.ERROR, said=f"{type(error).__name__}: {error}")
            self._log_failure(failure, brief, status)
            raise failure from error

    def _log_failure(self, error: ProviderError, brief: Brief, status: int | None) -> None:
        words = masked(error.said, private=self._private(brief))
        _log.warning("model_failed", host=host_of(self._base_url), code=error.code, status=status, said=words)

    def _private(self, brief: Brief) -> set[str]:
        return words_of(brief) | ({self._api_key} if self._api_key else set())

    async def _answer(self, client: "AsyncOpenAI", conversation: list[dict[str, str]]) -> bytes:
        """Return the body of the server's answer, asked for in the strictest way that the server takes."""
        import openai

        async with client:
            way: Way | None = self._way
            while way:
                try:
                    body = await self._asked(client, conversation, way)
                except Refused as refused:
                    weaker = way.after(refused.status, refused.said)
                    if weaker is None:
                        raise failure_of(refused) from None
                    way = weaker
                    continue
                except openai.APITimeoutError:
                    raise ProviderError(FailureCode.TIMEOUT) from None
                except openai.APIConnectionError as error:
                    raise ProviderError(FailureCode.UNREACHABLE, said=str(error.__cause__ or error)) from None
                self._way = way
                return body
        raise ProviderError(FailureCode.ERROR)

    async def _asked(self, client: "AsyncOpenAI", conversation: list[dict[str, str]], way: Way) -> bytes:
        options = way.options(temperature=self._temperature, max_tokens=self._max_tokens, schema=SCHEMA)
        options |= without_key(self._api_key)
        create: Any = client.chat.completions.with_streaming_response.create
        # The raw body, since the client's own parsing breaks on servers that answer with less than OpenAI's shape.
        async with create(model=self._model, messages=conversation, **options) as response:
            body = await first_bytes(response.iter_bytes(), ANSWER_BYTES + 1)
        if len(body) > ANSWER_BYTES:
            raise ProviderError(FailureCode.BAD_ANSWER, said=f"an answer of more than {ANSWER_BYTES} bytes")
        return body


def _named(fault: Fault) -> str:
    return fault.text if fault.step is None else f"Step {fault.step + 1}: {fault.text}"


def _dumped(outline: Outline) -> str:
    steps = [{"title": s.title, "detail": s.detail, "minutes": s.minutes, "kind": s.kind} for s in outline.steps]
    return json.dumps({"title": outline.title, "summary": outline.summary, "steps": steps})
