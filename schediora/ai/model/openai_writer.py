"""Asks any server that speaks OpenAI's chat completions (OpenAI, Ollama, llama.cpp, vLLM) for words.

Answers come in pieces, so that what was said by the deadline is not lost.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from typing import Any

from schediora import log
from schediora.ai.model.asking import Way, Ways
from schediora.ai.model.connection import (
    OPENAI_URL,
    Client,
    Refused,
    client_of,
    failure_named,
    first_bytes,
    host_of,
    within,
    without_key,
)
from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.reading import entries_in, models_in, refuses, slots_in
from schediora.ai.model.said import masked, own_words
from schediora.ai.model.slot_prompt import SLOTS_SCHEMA, UNITS_SCHEMA, Conversation, slot_messages, unit_messages
from schediora.ai.model.slots import SlotAnswers, SlotFault, SlotRequest, UnitList
from schediora.ai.model.stream import BODY_BYTES, Reply, error_text
from schediora.ai.model.unit_list import units_of
from schediora.ai.model.usage import Usage

_log = log.get_logger("schediora.model")

TEMPERATURE = 0.7
MAX_TOKENS = 4096
"""Ten slots with all their sentences are about 1,500 tokens, three times that in scripts that tokenizers know less."""
BYTES_A_TOKEN = 4
"""About so many bytes of UTF-8 are a token, where the server does not say how many it counted."""
_SAID_LENGTH = 1000


class OpenAIWriter:
    """The writer behind `[ai] provider = "openai"`. Thread-safe; its key goes to the server at `base_url` alone."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        temperature: float = TEMPERATURE,
        max_tokens: int = MAX_TOKENS,
        ways: Ways | None = None,
    ) -> None:
        self._model = model
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key
        self._temperature = temperature
        self._max_tokens = max_tokens
        self._ways = ways or Ways()
        self.name = f"openai:{model}"

    def write_slots(self, request: SlotRequest, *, seconds: float, faults: Sequence[SlotFault] = ()) -> SlotAnswers:
        """Return what there is of an answer after `seconds`; raise ProviderError when it has not even one slot.

        Each failure is one line in the log, with the server's own words but none of the student's.
        """
        conversation = slot_messages(request, faults)
        private = {request.goal, *_words_of(request)}
        reply, cut = self._ask(conversation, SLOTS_SCHEMA, seconds, private)
        texts = slots_in(reply.content, request.numbers)
        usage = _usage(reply, conversation)
        if not texts:
            raise self._failed(_unreadable(reply, cut, usage), private)
        return SlotAnswers(texts, usage, cut=cut is not None or len(texts) < len(request.numbers))

    def list_units(self, topic: str, language: str, *, seconds: float) -> UnitList:
        """Return 8 to 40 units of `topic`, checked, titles in `language`; raise ProviderError."""
        conversation = unit_messages(topic, language)
        reply, cut = self._ask(conversation, UNITS_SCHEMA, seconds, {topic})
        usage = _usage(reply, conversation)
        units = units_of(entries_in(reply.content), topic, language)
        if not units:
            raise self._failed(_unreadable(reply, cut, usage), {topic})
        return UnitList(units, usage)

    def look(self, *, seconds: float) -> None:
        """Ask the server which models it has, and log the outcome; raise nothing."""
        host = host_of(self._base_url)
        try:
            client = client_of(self._base_url, self._api_key, seconds)
            names = within(seconds, self._models(client))
        except Exception as error:
            failure = failure_named(error)
            said = masked(failure.said, private=self._secrets(()))
            _log.warning("model_server_unusable", host=host, code=failure.code, status=failure.status, said=said)
            return
        if names and self._model not in names:
            _log.warning("model_not_listed", host=host, model=self._model, models=len(names))
        else:
            _log.info("model_server_found", host=host, model=self._model, models=len(names))

    def _ask(
        self, conversation: Conversation, schema: dict[str, object], seconds: float, private: Iterable[str]
    ) -> tuple[Reply, ProviderError | None]:
        """Return what was answered and what cut it short, if anything did; raise ProviderError, logged, for nothing."""
        replies: list[Reply] = []
        try:
            # Made before the clock starts: the first time, importing it takes a while.
            client = client_of(self._base_url, self._api_key, seconds)
            within(seconds, self._answer(client, conversation, schema, replies.append))
        except Exception as error:
            failure = failure_named(error)
            # What came before the time was up, or the connection broke, may be most of a plan, or all of it.
            if replies:
                replies[-1].close()
            if not replies or not replies[-1].content:
                raise self._failed(failure, private) from None
            return replies[-1], failure
        return replies[-1], None

    async def _answer(
        self,
        client: Client,
        conversation: Conversation,
        schema: dict[str, object],
        began: Callable[[Reply], None],
    ) -> None:
        """Hand the server's answer, asked for in the strictest way that the server takes, to `began` and fill it."""
        async with client:
            way = self._ways.first()
            while True:
                try:
                    await self._asked(client, conversation, schema, way, began)
                except Refused as refused:
                    weaker = way.after(refused.status, refused.said)
                    if weaker is None:
                        raise
                    way = weaker
                else:
                    self._ways.worked(way)
                    return

    async def _asked(
        self,
        client: Client,
        conversation: Conversation,
        schema: dict[str, object],
        way: Way,
        began: Callable[[Reply], None],
    ) -> None:
        options = way.options(temperature=self._temperature, max_tokens=self._max_tokens, schema=schema)
        options |= way.streaming() | without_key(self._api_key)
        create: Any = client.chat.completions.with_streaming_response.create
        # The raw body, since the client's own parsing breaks on servers that answer with less than OpenAI's shape.
        async with create(model=self._model, messages=conversation, **options) as response:
            reply = Reply()
            began(reply)
            async with aclosing(response.iter_bytes()) as chunks:
                async for chunk in chunks:
                    reply.feed(chunk)
                    if reply.done:
                        break
            reply.close()

    async def _models(self, client: Client) -> frozenset[str]:
        async with client, client.models.with_streaming_response.list(**without_key(self._api_key)) as response:
            body = await first_bytes(response.iter_bytes(), BODY_BYTES)
        return models_in(body)

    def _failed(self, failure: ProviderError, private: Iterable[str]) -> ProviderError:
        said = masked(failure.said, private=self._secrets(private))
        host = host_of(self._base_url)
        _log.warning("model_failed", host=host, code=failure.code, status=failure.status, said=said)
        return failure

    def _secrets(self, private: Iterable[str]) -> set[str]:
        return {*private} | ({self._api_key} if self._api_key else set())


def _words_of(request: SlotRequest) -> set[str]:
    """Return everything in `request` that a student may have written."""
    slots = [passage.slot for passage in request.passages]
    return {slot.topic for slot in slots} | {unit.title for slot in slots for unit in slot.units}


def _unreadable(reply: Reply, cut: ProviderError | None, usage: Usage) -> ProviderError:
    """Return why an answer that came has nothing to use in it."""
    said = reply.content[:_SAID_LENGTH] or reply.head.decode("utf-8", "replace")
    code = cut.code if cut else FailureCode.BAD_ANSWER
    if reply.failed is not None and not reply.content:
        code, said = FailureCode.ERROR, own_words(error_text(reply.failed))
    elif reply.refusal or reply.finish == "content_filter" or (cut is None and refuses(reply.content)):
        code, said = FailureCode.REFUSED, reply.refusal or said
    ending = "" if reply.finish in {None, "stop"} else f"finish_reason {reply.finish}: "
    return ProviderError(code, status=200, said=f"{ending}{said}", usage=usage)


def _usage(reply: Reply, conversation: Conversation) -> Usage:
    if reply.tokens:
        return Usage(*reply.tokens)
    asked = sum(len(message["content"].encode()) for message in conversation)
    said = len(reply.content.encode()) + reply.thought_bytes
    return Usage(asked // BYTES_A_TOKEN, said // BYTES_A_TOKEN)
